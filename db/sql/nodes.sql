-- name: renew
-- Renew a node's lease ($3 long), or take it, and record a sign of life, unless the last one is too old ($4): then an outage has
-- to be credited first. Answers the database's clock, and whether the sign of life was recorded.
WITH leased AS (
    INSERT INTO nodes (id, address, started_at, lease_until)
    VALUES ($1, $2, clock_timestamp(), clock_timestamp() + $3::interval)
    ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
),

lived AS (
    UPDATE liveness SET last_alive = clock_timestamp()
    WHERE last_alive > clock_timestamp() - $4::interval
    RETURNING last_alive
)

SELECT clock_timestamp() AS now, EXISTS(SELECT FROM lived) AS alive;

-- name: retire
-- Give a node's lease up at a clean stop.
UPDATE nodes SET lease_until = clock_timestamp() WHERE id = $1;

-- name: forget_dead
-- Remove leases that ended a day ago: nothing points at them any more.
DELETE FROM nodes WHERE lease_until < clock_timestamp() - interval '1 day';

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
