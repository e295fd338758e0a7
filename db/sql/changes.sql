-- name: record
-- Store what was decided about locked sessions, all of it in one statement: $1 sessions, $2 answers, $3 feed events,
-- $4 stream events, $5 audit entries. A session whose fence moved on is left alone, and so is all that belongs to it;
-- answers the ids of those that were changed. Every stored answer gets its job here, so that none can be forgotten; $6 says
-- that the caller will put the jobs on their stream, else the relay does.
WITH changed AS (
    UPDATE interview_sessions s
    SET
        status = c.status,
        completed_at = CASE WHEN c.status = 'in_progress' THEN NULL ELSE coalesce(s.completed_at, c.at) END,
        current_question_index = c.index,
        question_started_at = c.opens_at,
        question_deadline = c.deadline,
        question_frozen = make_interval(secs => c.frozen),
        paused_at = c.paused_at,
        paused_remaining = make_interval(secs => c.paused_remaining),
        revision = c.revision,
        previous_resume_token_hash = CASE WHEN c.lock_used THEN NULL ELSE s.previous_resume_token_hash END,
        last_activity_at = CASE WHEN c.active THEN c.at ELSE s.last_activity_at END,
        flags = CASE
            WHEN c.flag IS NULL OR s.flags @> ARRAY[c.flag] THEN s.flags
            ELSE s.flags || c.flag
        END
    FROM jsonb_to_recordset($1::jsonb) AS c (
        id uuid, fence bigint, status text, index integer, opens_at timestamptz, deadline timestamptz,
        frozen float8, paused_at timestamptz, paused_remaining float8, revision bigint, at timestamptz,
        lock_used boolean, active boolean, flag text
    )
    WHERE s.id = c.id
        AND s.fence = c.fence
        -- said again as an array: the planner takes every jsonb for a hundred rows, and would walk through all sessions
        AND s.id = ANY(ARRAY(SELECT (e.item ->> 'id')::uuid FROM jsonb_array_elements($1::jsonb) AS e (item)))
    RETURNING s.id, s.recruiter_id, s.grading_version
),

answered AS (
    INSERT INTO answers (
        id, session_id, question_id, question_index, answer_text, how, late, sha256, submitted_at, time_taken
    )
    SELECT
        a.id, a.session_id, a.question_id, a.question_index, a.answer_text, a.how, a.late, a.sha256, a.submitted_at,
        a.time_taken
    FROM jsonb_to_recordset($2::jsonb) AS a (
        id uuid, session_id uuid, question_id uuid, question_index integer, answer_text text, how text, late boolean,
        sha256 text, submitted_at timestamptz, time_taken numeric
    )
    INNER JOIN changed ON changed.id = a.session_id
    RETURNING 1
),

jobs_made AS (
    INSERT INTO jobs (id, kind, session_id, answer_id, grading_version, published_at)
    SELECT
        a.job_id, 'answer', a.session_id, a.id, changed.grading_version, CASE WHEN $6 THEN statement_timestamp() END
    FROM jsonb_to_recordset($2::jsonb) AS a (id uuid, session_id uuid, job_id uuid)
    INNER JOIN changed ON changed.id = a.session_id
),

fed AS (
    INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
    SELECT changed.recruiter_id, changed.id, e.item ->> 'kind', e.item -> 'payload'
    FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS e (item, place)
    INNER JOIN changed ON changed.id = (e.item ->> 'session_id')::uuid
    ORDER BY e.place
),

streamed AS (
    INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
    SELECT
        gen_random_uuid(), changed.id, e.item ->> 'type', e.item -> 'data',
        (e.item ->> 'occurred_at')::timestamptz
    FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS e (item, place)
    INNER JOIN changed ON changed.id = (e.item ->> 'session_id')::uuid
    ORDER BY e.place
),

audited AS (
    INSERT INTO audit (session_id, revision, action, actor_id, reason, detail, at)
    SELECT
        changed.id, (a.item ->> 'revision')::bigint, a.item ->> 'action', (a.item ->> 'actor_id')::uuid,
        a.item ->> 'reason', a.item -> 'detail', (a.item ->> 'at')::timestamptz
    FROM jsonb_array_elements($5::jsonb) WITH ORDINALITY AS a (item, place)
    INNER JOIN changed ON changed.id = (a.item ->> 'session_id')::uuid
    ORDER BY a.place
)

SELECT id FROM changed;

-- name: announce
-- Write one feed event of a session whose row the caller has locked.
INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
SELECT recruiter_id, id, $2, $3::jsonb FROM interview_sessions WHERE id = $1;

-- name: announce_start
-- Write the public event of a session's start.
INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
VALUES (gen_random_uuid(), $1, $2, $3::jsonb, $4);

-- name: audit
-- Write one audit entry.
INSERT INTO audit (session_id, revision, action, actor_id, reason, detail, at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7);

-- name: audited_since
-- What was done to a session after revision $2, in order, with the name of whoever did it.
SELECT a.id, a.revision, a.action, a.reason, a.detail, u.name AS actor_name
FROM audit a LEFT JOIN users u ON u.id = a.actor_id
WHERE a.session_id = $1 AND a.revision > $2
ORDER BY a.id;
