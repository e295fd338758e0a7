-- name: look
-- What there is to do beside the feed.
SELECT
    EXISTS(SELECT FROM stream_events WHERE position IS NULL) AS stream,
    EXISTS(SELECT FROM stream_positions WHERE published < position) AS unpublished,
    EXISTS(
        SELECT FROM jobs WHERE published_at IS NULL AND state = 'queued' AND due_at <= statement_timestamp()
    ) AS jobs;

-- name: number_feed
-- Number up to $1 committed feed events, gapless per recruiter, in commit order per session. Found again by where they are: nobody
-- else changes an event without a number, and looking up its id costs a twentieth of all that an answer costs.
WITH batch AS MATERIALIZED (
    SELECT ctid, recruiter_id, row_number() OVER (PARTITION BY recruiter_id ORDER BY id) AS place
    FROM (SELECT ctid, id, recruiter_id FROM feed_events WHERE feed_offset IS NULL ORDER BY id LIMIT $1) AS oldest
),

counted AS (
    SELECT recruiter_id, count(*) AS events FROM batch GROUP BY recruiter_id
),

moved AS (
    INSERT INTO feeds (recruiter_id, last_offset)
    SELECT recruiter_id, events FROM counted
    ON CONFLICT (recruiter_id) DO UPDATE SET last_offset = feeds.last_offset + excluded.last_offset
    RETURNING recruiter_id, epoch, last_offset
),

numbered AS (
    UPDATE feed_events e
    SET feed_offset = moved.last_offset - counted.events + batch.place
    FROM batch
    INNER JOIN counted ON counted.recruiter_id = batch.recruiter_id
    INNER JOIN moved ON moved.recruiter_id = batch.recruiter_id
    WHERE e.ctid = batch.ctid
    RETURNING e.recruiter_id, e.session_id, e.kind, e.payload, e.feed_offset, moved.epoch
)

SELECT numbered.*, s.interview_id, s.candidate_name
FROM numbered INNER JOIN interview_sessions s ON s.id = numbered.session_id
ORDER BY numbered.recruiter_id, numbered.feed_offset;

-- name: number_stream
-- Number up to $2 committed events of public stream $1.
WITH batch AS MATERIALIZED (
    SELECT ctid, row_number() OVER (ORDER BY id) AS place
    FROM (SELECT ctid, id FROM stream_events WHERE position IS NULL ORDER BY id LIMIT $2) AS oldest
),

moved AS (
    UPDATE stream_positions
    SET position = position + (SELECT count(*) FROM batch)
    WHERE stream = $1 AND EXISTS (SELECT FROM batch)
    RETURNING position - (SELECT count(*) FROM batch) AS base
),

numbered AS (
    UPDATE stream_events e
    SET position = moved.base + batch.place
    FROM batch, moved
    WHERE e.ctid = batch.ctid
    RETURNING 1
)

SELECT count(*) FROM numbered;

-- name: read_stream
-- Public events after position $1, at most $2.
SELECT event_id, session_id, type, data, occurred_at, position
FROM stream_events
WHERE position > $1
ORDER BY position
LIMIT $2;

-- name: mark_stream
-- Public stream $1 has everything up to position $2.
UPDATE stream_positions SET published = $2 WHERE stream = $1;

-- name: stream_position
-- Where public stream $1 stands.
SELECT installed_ms, position, published FROM stream_positions WHERE stream = $1;

-- name: reinstall_stream
-- Another database wrote to public stream $1 with later ids: go on above them.
UPDATE stream_positions SET installed_ms = $2 WHERE stream = $1;

-- name: take_jobs
-- Mark jobs that are due as published, oldest first, and say what is to be published.
WITH due AS MATERIALIZED (
    SELECT id, due_at FROM jobs
    WHERE published_at IS NULL AND state = 'queued' AND due_at <= statement_timestamp()
    ORDER BY due_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
),

taken AS (
    UPDATE jobs j SET published_at = clock_timestamp()
    FROM due
    WHERE j.id = due.id
    RETURNING j.id, j.kind, j.answer_id, j.session_id, j.grading_version, due.due_at
)

SELECT
    t.id AS job_id, t.kind, t.answer_id, t.session_id, q.type AS question_type, t.grading_version
FROM taken t
LEFT JOIN answers a ON a.id = t.answer_id
LEFT JOIN questions q ON q.id = a.question_id
ORDER BY t.due_at;

-- name: sweep_jobs
-- Ask for jobs again that were published $1 ago and are neither done nor being worked on: their entry or their grader is lost, or
-- they wait behind many others. Of one interview no more than $2 are on their way at a time, so that a crowd that waits for the AI
-- is not published over and over, and nobody else's entries stand behind it; answers that are graded again are a crowd of their own,
-- behind which no first result waits.
WITH lost AS MATERIALIZED (
    SELECT
        j.id, s.interview_id, j.grading_version > 1 AS again,
        row_number() OVER (PARTITION BY s.interview_id, j.grading_version > 1 ORDER BY j.published_at) AS place
    FROM jobs j INNER JOIN interview_sessions s ON s.id = j.session_id
    WHERE j.published_at < clock_timestamp() - $1::interval
        AND (j.state = 'queued' OR (j.state = 'running' AND j.lease_until < clock_timestamp()))
),

on_their_way AS (
    SELECT s.interview_id, j.grading_version > 1 AS again, count(*) AS jobs
    FROM jobs j INNER JOIN interview_sessions s ON s.id = j.session_id
    WHERE j.published_at >= clock_timestamp() - $1::interval AND j.state = 'queued'
    GROUP BY s.interview_id, j.grading_version > 1
),

asked AS (
    UPDATE jobs j SET state = 'queued', lease_until = NULL, published_at = NULL
    FROM lost LEFT JOIN on_their_way w ON w.interview_id = lost.interview_id AND w.again = lost.again
    WHERE
        j.id = lost.id
        AND lost.place <= $2 - coalesce(w.jobs, 0)
        AND (j.state = 'queued' OR (j.state = 'running' AND j.lease_until < clock_timestamp()))
    RETURNING 1
)

SELECT count(*) FROM asked;

-- name: prune_feed
-- Forget feed events older than $1 and remember up to where.
WITH gone AS (
    DELETE FROM feed_events
    WHERE created_at < clock_timestamp() - $1::interval AND feed_offset IS NOT NULL
    RETURNING recruiter_id, feed_offset
),

highest AS (
    SELECT recruiter_id, max(feed_offset) AS feed_offset FROM gone GROUP BY recruiter_id
)

UPDATE feeds f SET pruned_offset = greatest(f.pruned_offset, highest.feed_offset)
FROM highest WHERE f.recruiter_id = highest.recruiter_id;

-- name: prune_stream
-- Forget published stream events older than $1; answers the lowest position that is left, or the next one.
WITH gone AS (
    DELETE FROM stream_events
    WHERE occurred_at < clock_timestamp() - $2::interval
        AND position <= (SELECT published FROM stream_positions WHERE stream = $1)
    RETURNING position
)

SELECT coalesce(
    (SELECT max(position) FROM gone) + 1,
    (SELECT min(position) FROM stream_events),
    (SELECT position + 1 FROM stream_positions WHERE stream = $1)
)::bigint;

-- name: position
-- A recruiter's epoch and top offset; makes the feed where there is none yet.
WITH made AS (
    INSERT INTO feeds (recruiter_id) VALUES ($1) ON CONFLICT DO NOTHING
    RETURNING epoch, last_offset, pruned_offset
)

SELECT epoch, last_offset, pruned_offset FROM made
UNION ALL
SELECT epoch, last_offset, pruned_offset FROM feeds WHERE recruiter_id = $1;

-- name: positions
-- The same of many that exist.
SELECT recruiter_id, epoch, last_offset FROM feeds WHERE recruiter_id = ANY($1::uuid[]);

-- name: replay
-- A recruiter's events above offset $2, at most $3.
SELECT e.recruiter_id, e.session_id, e.kind, e.payload, e.feed_offset, f.epoch, s.interview_id, s.candidate_name
FROM feed_events e
INNER JOIN feeds f ON f.recruiter_id = e.recruiter_id
INNER JOIN interview_sessions s ON s.id = e.session_id
WHERE e.recruiter_id = $1 AND e.feed_offset > $2
ORDER BY e.feed_offset
LIMIT $3;

-- name: tail
-- Events of many recruiters above the offsets that a node has already emitted, at most $3. Each feed is asked by itself: joined, it
-- is read from its beginning, every second.
SELECT e.recruiter_id, e.session_id, e.kind, e.payload, e.feed_offset, f.epoch, s.interview_id, s.candidate_name
FROM unnest($1::uuid[], $2::bigint[]) AS seen (recruiter_id, feed_offset)
INNER JOIN feeds f ON f.recruiter_id = seen.recruiter_id AND f.last_offset > seen.feed_offset
CROSS JOIN LATERAL (
    SELECT * FROM feed_events
    WHERE recruiter_id = seen.recruiter_id AND feed_offset > seen.feed_offset
    ORDER BY feed_offset
    LIMIT $3
) AS e
INNER JOIN interview_sessions s ON s.id = e.session_id
ORDER BY e.recruiter_id, e.feed_offset
LIMIT $3;
