-- name: lock_owner
-- Hold a recruiter's row until the transaction ends, so that webhooks are counted and added one after the other.
SELECT id FROM users WHERE id = $1 AND role = 'recruiter' FOR NO KEY UPDATE;

-- name: count
-- How many webhooks recruiter $1 has.
SELECT count(*)::integer FROM webhooks WHERE owner_id = $1;

-- name: insert
-- Add a webhook that hears of everything on public stream $5 from now on.
INSERT INTO webhooks (id, owner_id, url, secret, position)
SELECT $1, $2, $3, $4, p.position FROM stream_positions p WHERE p.stream = $5
RETURNING id;

-- name: of_owner
-- The webhooks of recruiter $1, oldest first, or one alone ($2), each with how many dead letters it has.
SELECT
    w.id, w.url, w.created_at, w.position, w.failures, w.failing_since, w.last_error, w.delivered_at, w.due_at,
    w.previous_until, w.missed_until, w.missed_at,
    (SELECT count(*) FROM webhook_dead_letters d WHERE d.webhook_id = w.id) AS dead_letters
FROM webhooks w
WHERE w.owner_id = $1 AND ($2::uuid IS NULL OR w.id = $2)
ORDER BY w.created_at, w.id;

-- name: remove
-- Remove webhook $2 of recruiter $1, and its dead letters with it.
DELETE FROM webhooks WHERE owner_id = $1 AND id = $2 RETURNING id;

-- name: rotate
-- Sign with $3 from now on, and for $4 longer with the secret of before beside it.
UPDATE webhooks
SET secret = $3, previous_secret = secret, previous_until = clock_timestamp() + $4::interval
WHERE owner_id = $1 AND id = $2
RETURNING previous_until;

-- name: dead_letters
-- Dead letters of webhook $2 of recruiter $1 above position $3, at most $4, in the order of their events.
SELECT d.event_id, d.position, d.session_id, d.type, d.attempts, d.reason, d.died_at, d.retry_at
FROM webhook_dead_letters d INNER JOIN webhooks w ON w.id = d.webhook_id
WHERE w.owner_id = $1 AND w.id = $2 AND d.position > $3
ORDER BY d.position
LIMIT $4;

-- name: ask_again
-- Ask for one more attempt at the dead letters of webhook $2 of recruiter $1, or at that of event $3 alone.
WITH asked AS (
    UPDATE webhook_dead_letters d SET retry_at = coalesce(d.retry_at, clock_timestamp())
    FROM webhooks w
    WHERE w.owner_id = $1 AND w.id = $2 AND d.webhook_id = w.id AND ($3::uuid IS NULL OR d.event_id = $3)
    RETURNING d.event_id
)

SELECT count(*)::integer FROM asked;

-- name: pass_over
-- Move webhooks that wait for nothing on over events that are not their owners', up to the first that is, at most $2
-- positions. Positions have no gaps: what is missing between was pruned before it could be delivered, and that is noted.
WITH behind AS MATERIALIZED (
    SELECT w.id, w.owner_id, w.position, least(p.position, w.position + $2::bigint) AS top
    FROM webhooks w INNER JOIN stream_positions p ON p.stream = $1 AND p.position > w.position
    WHERE
        w.due_at <= statement_timestamp()
        AND (w.lease_until IS NULL OR w.lease_until < statement_timestamp())
    ORDER BY w.due_at
    FOR NO KEY UPDATE OF w SKIP LOCKED
),

reached AS MATERIALIZED (
    SELECT b.id, b.position, coalesce((
        SELECT e.position FROM stream_events e INNER JOIN interview_sessions s ON s.id = e.session_id
        WHERE e.position > b.position AND e.position <= b.top AND s.recruiter_id = b.owner_id
        ORDER BY e.position
        LIMIT 1
    ) - 1, b.top) AS target
    FROM behind b
),

counted AS (
    SELECT r.id, r.target, (
        SELECT count(*) FROM stream_events e WHERE e.position > r.position AND e.position <= r.target
    ) < r.target - r.position AS misses
    FROM reached r
    WHERE r.target > r.position
)

UPDATE webhooks w
SET
    position = c.target,
    failures = CASE WHEN c.misses THEN 0 ELSE w.failures END,
    missed_until = CASE WHEN c.misses THEN c.target ELSE w.missed_until END,
    missed_at = CASE WHEN c.misses THEN clock_timestamp() ELSE w.missed_at END
FROM counted c
WHERE w.id = c.id
RETURNING w.id, w.position, c.misses;

-- name: claim
-- Take up to $2 webhooks for which there is something to deliver, for $3 seconds; those that another holds are left to it.
WITH due AS MATERIALIZED (
    SELECT w.id
    FROM webhooks w INNER JOIN stream_positions p ON p.stream = $1
    WHERE
        w.due_at <= statement_timestamp()
        AND (w.lease_until IS NULL OR w.lease_until < statement_timestamp())
        AND (
            w.position < p.position
            OR EXISTS (SELECT FROM webhook_dead_letters d WHERE d.webhook_id = w.id AND d.retry_at IS NOT NULL)
        )
    ORDER BY w.due_at
    LIMIT $2
    FOR NO KEY UPDATE OF w SKIP LOCKED
)

UPDATE webhooks w
SET attempt = w.attempt + 1, lease_until = clock_timestamp() + make_interval(secs => $3)
FROM due
WHERE w.id = due.id
RETURNING w.id, w.owner_id, w.attempt, w.position, w.failures;

-- name: way
-- Where the claimed webhook $1 (attempt $2) leads and what signs for it now; no row where another has taken it over.
SELECT w.url, w.secret, CASE WHEN w.previous_until > clock_timestamp() THEN w.previous_secret END AS previous_secret
FROM webhooks w
WHERE w.id = $1 AND w.attempt = $2;

-- name: next_events
-- The next events of recruiter $1 above position $2, at most $4 of the next $3 positions, and none beyond what is missing.
SELECT e.event_id, e.session_id, e.type, e.data, e.occurred_at, e.position
FROM (
    SELECT n.*, row_number() OVER (ORDER BY n.position) AS place
    FROM stream_events n
    WHERE n.position > $2::bigint AND n.position <= $2::bigint + $3::bigint
) e
INNER JOIN interview_sessions s ON s.id = e.session_id
WHERE s.recruiter_id = $1 AND e.position = $2::bigint + e.place
ORDER BY e.position
LIMIT $4;

-- name: advance
-- Everything up to position $3 is delivered; the lease lasts $4 seconds from now. No row where another has taken over.
UPDATE webhooks
SET
    position = $3, failures = 0, failing_since = NULL, last_error = NULL, delivered_at = clock_timestamp(),
    lease_until = clock_timestamp() + make_interval(secs => $4)
WHERE id = $1 AND attempt = $2
RETURNING id;

-- name: put_off
-- The next event could not be delivered ($4): try again in $3 seconds, whoever is free then.
UPDATE webhooks
SET
    failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp()), last_error = $4,
    due_at = clock_timestamp() + make_interval(secs => $3), lease_until = NULL
WHERE id = $1 AND attempt = $2
RETURNING id;

-- name: bury
-- Give up on an event: a dead letter, and on to the next one. Letters older than $10 are forgotten on this occasion.
WITH passed AS (
    UPDATE webhooks
    SET
        position = $4, failures = 0, failing_since = coalesce(failing_since, clock_timestamp()), last_error = $9,
        lease_until = NULL
    WHERE id = $1 AND attempt = $2
    RETURNING id
),

forgotten AS (
    DELETE FROM webhook_dead_letters d USING passed
    WHERE d.webhook_id = passed.id AND d.died_at < clock_timestamp() - $10::interval
)

INSERT INTO webhook_dead_letters (webhook_id, event_id, position, session_id, type, body, attempts, reason)
SELECT passed.id, $3, $4, $5, $6, $7, $8, $9 FROM passed
ON CONFLICT DO NOTHING
RETURNING event_id;

-- name: asked_letters
-- Dead letters of the claimed webhook $1 that somebody asked to try again, at most $2, in the order of their events.
SELECT event_id, body FROM webhook_dead_letters
WHERE webhook_id = $1 AND retry_at IS NOT NULL
ORDER BY position
LIMIT $2;

-- name: letter_delivered
-- A dead letter was delivered after all; the lease lasts $4 seconds from now. No row where another has taken over.
WITH held AS (
    UPDATE webhooks
    SET
        failing_since = NULL, last_error = NULL, delivered_at = clock_timestamp(),
        lease_until = clock_timestamp() + make_interval(secs => $4)
    WHERE id = $1 AND attempt = $2
    RETURNING id
),

gone AS (
    DELETE FROM webhook_dead_letters d USING held WHERE d.webhook_id = held.id AND d.event_id = $3
)

SELECT id FROM held;

-- name: letter_refused
-- A dead letter failed once more ($4): it stays one, and so do all others that were asked for where the receiver is not well ($5).
WITH counted AS (
    UPDATE webhook_dead_letters
    SET attempts = attempts + 1, reason = $4, retry_at = NULL
    WHERE webhook_id = $1 AND event_id = $3 AND EXISTS (SELECT FROM webhooks WHERE id = $1 AND attempt = $2)
    RETURNING webhook_id
)

UPDATE webhook_dead_letters d SET retry_at = NULL
FROM counted
WHERE $5::boolean AND d.webhook_id = counted.webhook_id AND d.event_id <> $3 AND d.retry_at IS NOT NULL;

-- name: release
-- Leave webhook $1 to whoever is next.
UPDATE webhooks SET lease_until = NULL WHERE id = $1 AND attempt = $2;
