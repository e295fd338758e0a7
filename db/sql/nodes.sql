-- name: renew
-- Renew a node's lease ($3 long), or take it, and record a sign of life, unless the last one is too old ($4): then an outage has
-- to be credited first. Answers the database's clock, whether the sign of life was recorded, and all that a node asks once a second, for
-- each statement of its own costs it more than an empty look costs here: whether dead nodes hold anything, the seconds until the next
-- deadline of all, and what the node itself holds, in four numbers. Fences and revisions only ever grow, so where the sessions are the
-- same and the sums as well, nothing has changed.
WITH held AS MATERIALIZED (
    SELECT
        count(*) AS sessions,
        coalesce(sum(fence), 0)::bigint AS fences,
        coalesce(sum(revision), 0)::bigint AS revisions,
        coalesce(sum(('x' || left(id::text, 8))::bit(32)::bigint), 0)::bigint AS ids
    FROM interview_sessions
    WHERE holder_node = $1
),

leased AS (
    INSERT INTO nodes (id, address, started_at, lease_until)
    VALUES ($1, $2, clock_timestamp(), clock_timestamp() + $3::interval)
    ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
),

lived AS (
    UPDATE liveness SET last_alive = clock_timestamp()
    WHERE last_alive > clock_timestamp() - $4::interval
    RETURNING last_alive
)

SELECT
    held.*,
    EXISTS(
        SELECT FROM nodes AS n
        WHERE
            n.id <> $1 AND n.lease_until <= clock_timestamp()
            AND EXISTS (SELECT FROM interview_sessions AS s WHERE s.holder_node = n.id)
    ) AS dead_hold,
    (
        SELECT extract(EPOCH FROM min(question_deadline) - clock_timestamp())::float8
        FROM interview_sessions
        WHERE status = 'in_progress' AND question_deadline IS NOT NULL
    ) AS due_in,
    clock_timestamp() AS now,
    EXISTS(SELECT FROM lived) AS alive
FROM held;

-- name: retire
-- Give a node's lease up at a clean stop.
UPDATE nodes SET lease_until = clock_timestamp() WHERE id = $1;

-- name: forget_dead
-- Remove leases that ended a day ago and that nothing points at.
DELETE FROM nodes AS n
WHERE
    n.lease_until < clock_timestamp() - interval '1 day'
    AND NOT EXISTS (SELECT FROM interview_sessions AS s WHERE s.holder_node = n.id);

-- name: lock_liveness
-- Lock the sign of life to credit an outage, once among all nodes.
SELECT last_alive FROM liveness FOR UPDATE;

-- name: now
-- The clock, in a statement of its own, after the locks.
SELECT clock_timestamp();

-- name: alive_again
-- The outage is credited; life goes on from $1.
UPDATE liveness SET last_alive = $1;

-- name: keep_outage
-- Remember an outage.
INSERT INTO outages (id, began_at, ended_at, sessions_credited) VALUES ($1, $2, $3, $4);
