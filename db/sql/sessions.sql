-- name: lock_own
-- Lock a candidate's session, then read the clock: the outer select runs after the lock wait, so `now` is not frozen before it.
-- No lock here is stronger than it must be: what is written about a session elsewhere looks its key up and need not wait.
WITH locked AS MATERIALIZED (
    SELECT * FROM interview_sessions WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE
)
SELECT locked.*, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM locked;

-- name: lock_free
-- The same for many candidates' ($2) sessions ($1) at once, but for those that somebody else is writing at the moment.
WITH locked AS MATERIALIZED (
    SELECT s.*
    FROM interview_sessions s
    INNER JOIN unnest($1::uuid[], $2::uuid[]) AS own (session_id, user_id) ON own.session_id = s.id AND own.user_id = s.user_id
    ORDER BY s.id
    FOR NO KEY UPDATE OF s SKIP LOCKED
)
SELECT locked.*, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM locked;

-- name: lock_recruiters
-- The same for the recruiter whose interview it is, against graders as well: what a person decides is never overwritten.
WITH locked AS MATERIALIZED (
    SELECT * FROM interview_sessions WHERE id = $1 AND recruiter_id = $2 FOR UPDATE
)
SELECT locked.*, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM locked;

-- name: lock_due
-- Claim what is due to be closed ($2: grace), this node's own sessions at once and others' $3 later; skips what is being written.
-- statement_timestamp() lets the index on the deadline serve; the clock that decides is read after the locks.
WITH due AS MATERIALIZED (
    SELECT * FROM interview_sessions
    WHERE status = 'in_progress'
        AND question_deadline <= statement_timestamp() - $2::interval
        AND (
            holder_node IS NULL OR holder_node = $1
            OR question_deadline <= statement_timestamp() - $2::interval - $3::interval
        )
        AND id <> ALL($5::uuid[])
    ORDER BY question_deadline
    LIMIT $4
    FOR NO KEY UPDATE SKIP LOCKED
)
SELECT due.*, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM due ORDER BY due.id;

-- name: lock_overlong_pauses
-- Claim sessions whose pause is over its longest ($1).
WITH overlong AS MATERIALIZED (
    SELECT * FROM interview_sessions
    WHERE paused_at <= statement_timestamp() - $1::interval
    ORDER BY id
    LIMIT $2
    FOR NO KEY UPDATE SKIP LOCKED
)
SELECT overlong.*, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM overlong;

-- name: lock_running
-- Lock all sessions whose clock runs, in the order of locks, to credit an outage.
SELECT *, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM interview_sessions
WHERE status = 'in_progress' AND question_deadline IS NOT NULL
ORDER BY id
FOR NO KEY UPDATE;

-- name: next_deadline
-- Seconds until the next deadline of all; null where nothing runs.
SELECT extract(EPOCH FROM min(question_deadline) - clock_timestamp())::float8 AS seconds
FROM interview_sessions
WHERE status = 'in_progress' AND question_deadline IS NOT NULL;

-- name: read
-- Read a session without locking it.
SELECT *, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM interview_sessions WHERE id = $1;

-- name: read_active
-- Read a candidate's session in progress.
SELECT *, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM interview_sessions WHERE user_id = $1 AND status = 'in_progress';

-- name: history
-- A candidate's ended sessions, newest first; $2 restricts to one interview.
SELECT *, clock_timestamp() AS now, (SELECT last_alive FROM liveness) AS last_alive
FROM interview_sessions
WHERE user_id = $1 AND status <> 'in_progress' AND ($2::uuid IS NULL OR interview_id = $2)
ORDER BY started_at DESC
LIMIT 200;

-- name: available
-- Interviews that a candidate may see: invited, neither expired nor revoked; $2 restricts to one interview.
SELECT
    i.id AS interview_id,
    i.title,
    i.description,
    v.extra_time_percent,
    (
        SELECT array_agg(q.time_limit ORDER BY q.position)
        FROM questions q WHERE q.interview_id = i.id AND q.version = i.version
    ) AS time_limits,
    v.max_attempts - (
        SELECT count(*) FROM interview_sessions s WHERE s.user_id = v.user_id AND s.interview_id = i.id
    )::integer AS attempts_left
FROM invitations v
INNER JOIN interviews i ON i.id = v.interview_id
WHERE v.user_id = $1
    AND ($2::uuid IS NULL OR i.id = $2)
    AND v.revoked_at IS NULL
    AND v.expires_at > clock_timestamp()
ORDER BY v.created_at;

-- name: attempts_left
-- How many attempts a candidate has left at an interview.
SELECT attempts_left($1, $2);

-- name: to_go_on
-- What a client needs beside the session to go on: the attempts left, and the newest draft of the question it is at.
SELECT
    attempts_left(s.user_id, s.interview_id) AS attempts_left,
    d.revision AS draft_revision,
    d.answer AS draft_answer
FROM interview_sessions s
LEFT JOIN drafts d ON d.session_id = s.id AND d.question_index = s.current_question_index
WHERE s.id = $1;

-- name: serialise_starts
-- One start at a time per candidate: whoever comes second sees what the first one made.
SELECT pg_advisory_xact_lock(hashtextextended('start:' || $1::text, 0));

-- name: start
-- Begin an attempt of an invited candidate at the interview's present version.
WITH invited AS (
    SELECT
        i.*, v.extra_time_percent, u.name AS candidate_name,
        q.question_count, q.max_score, q.first_limit
    FROM invitations v
    INNER JOIN interviews i ON i.id = v.interview_id
    INNER JOIN users u ON u.id = v.user_id
    CROSS JOIN LATERAL (
        SELECT
            count(*)::integer AS question_count,
            sum(points)::integer AS max_score,
            min(time_limit) FILTER (WHERE position = 0) AS first_limit
        FROM questions WHERE interview_id = i.id AND version = i.version
    ) AS q
    WHERE v.user_id = $2 AND i.id = $3 AND v.revoked_at IS NULL AND v.expires_at > clock_timestamp()
),

clock AS MATERIALIZED (
    SELECT clock_timestamp() AS now
),

started AS (
    INSERT INTO interview_sessions (
        id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt, pacing,
        extra_time_percent, question_count, max_score, started_at, question_started_at, question_deadline,
        last_activity_at
    )
    SELECT
        $1, $2, invited.id, invited.version, invited.created_by, invited.candidate_name, invited.title,
        (
            SELECT coalesce(max(s.attempt), 0) + 1 FROM interview_sessions s
            WHERE s.user_id = $2 AND s.interview_id = invited.id
        ),
        invited.pacing, invited.extra_time_percent, invited.question_count, invited.max_score, clock.now, clock.now,
        clock.now + make_interval(
            secs => ceil(invited.first_limit * (100 + invited.extra_time_percent) / 100.0)
        ),
        clock.now
    FROM invited, clock
    RETURNING *
)

SELECT started.*, clock.now, (SELECT last_alive FROM liveness) AS last_alive
FROM started, clock;

-- name: hold
-- Give the session to a new connection: the fence grows, the older one's tokens are worth nothing from here on.
-- The audit ($7: the action, $8: who) and the recruiter hear of it in the same statement, which also answers what the client
-- needs to go on.
WITH held AS (
    UPDATE interview_sessions
    SET
        fence = fence + 1,
        holder_node = $2,
        holder_sid = $3,
        locked_until = 'infinity',
        lock_token_hash = $4,
        resume_token_hash = $5,
        previous_resume_token_hash = $6,
        last_activity_at = clock_timestamp()
    WHERE id = $1
    RETURNING
        id, fence, user_id, interview_id, recruiter_id, attempt, revision, current_question_index, last_activity_at
),

audited AS (
    INSERT INTO audit (session_id, revision, action, actor_id, at)
    SELECT id, revision, $7, $8, last_activity_at FROM held
),

fed AS (
    INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
    SELECT recruiter_id, id, 'session_connected', jsonb_build_object('attempt', attempt) FROM held
)

SELECT
    held.fence,
    attempts_left(held.user_id, held.interview_id) AS attempts_left,
    d.revision AS draft_revision,
    d.answer AS draft_answer
FROM held
LEFT JOIN drafts d ON d.session_id = held.id AND d.question_index = held.current_question_index;

-- name: release
-- Let go of the session after a disconnect, only if that connection still held it; the fence stays. The recruiter hears of it.
WITH released AS (
    UPDATE interview_sessions
    SET holder_node = NULL, holder_sid = NULL, locked_until = clock_timestamp()
    WHERE id = $1 AND fence = $2 AND holder_node IS NOT NULL
    RETURNING id, recruiter_id, attempt
)

INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
SELECT recruiter_id, id, 'session_disconnected', jsonb_build_object('attempt', attempt) FROM released
RETURNING session_id;

-- name: release_dead
-- Let go of what nodes with an ended lease (or without one) held; locked_until says since when it is free.
WITH abandoned AS MATERIALIZED (
    SELECT s.id, coalesce(n.lease_until, clock_timestamp()) AS free_since
    FROM interview_sessions s
    LEFT JOIN nodes n ON n.id = s.holder_node
    WHERE s.holder_node IS NOT NULL AND (n.id IS NULL OR n.lease_until <= clock_timestamp())
    ORDER BY s.id
    FOR NO KEY UPDATE OF s SKIP LOCKED
),

released AS (
    UPDATE interview_sessions s
    SET holder_node = NULL, holder_sid = NULL, locked_until = abandoned.free_since
    FROM abandoned
    WHERE s.id = abandoned.id
    RETURNING s.id, s.recruiter_id, s.attempt
)

INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
SELECT recruiter_id, id, 'session_disconnected', jsonb_build_object('attempt', attempt) FROM released
RETURNING session_id;

-- name: touch
-- Note activity; where the current lock token was used ($3), the previous resume token has served.
UPDATE interview_sessions
SET
    previous_resume_token_hash = CASE WHEN $3 THEN NULL ELSE previous_resume_token_hash END,
    last_activity_at = clock_timestamp()
WHERE id = $1 AND fence = $2;

-- name: read_held
-- How the sessions that a node holds stand, where the sums are not what it has: whose fence or revision moved on, or that others took
-- for let go. They are compared where they are held: sending 2,000 fences and revisions along costs the node more than reading them.
SELECT id, fence, revision, (holder_node IS NULL AND status = 'in_progress') AS let_go
FROM interview_sessions
WHERE id = ANY($1::uuid[]);

-- name: hold_again
-- Hold a session again, if nobody has joined since: the connection lives, only its node's lease had ended.
WITH held AS (
    UPDATE interview_sessions SET holder_node = $3, holder_sid = $4, locked_until = 'infinity'
    WHERE id = $1 AND fence = $2 AND holder_node IS NULL AND status = 'in_progress'
    RETURNING id, recruiter_id, attempt
)

INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
SELECT recruiter_id, id, 'session_connected', jsonb_build_object('attempt', attempt) FROM held
RETURNING session_id;
