-- name: lock_sessions
-- Lock sessions against everybody else before their results or totals are decided, in the order that everybody keeps.
SELECT FROM interview_sessions WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE;

-- name: record
-- Store what graders found, all of it in one statement. Where the caller has not locked the sessions ($2), only those count that
-- are in progress and free, and they are locked here so that their candidates may go on answering: who grades an answer of theirs
-- changes nothing that a candidate's write rests on, and who decides about results or totals has to wait for us. Jobs that came along
-- are claimed and ended in one, if they are still to do; without one the caller has settled it. A final verdict is kept
-- once per answer and grading version; it becomes the answer's result where that version counts, the session was not abandoned
-- and no person has scored the answer. Whatever changes an answer's result is told to the recruiter's room and to the public stream.
WITH found AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS v (
        job_id uuid, session_id uuid, answer_id uuid, grading_version integer, attempt integer, state text,
        score numeric(8, 2), feedback jsonb, graded_by text, provenance jsonb, flags text[]
    )
),

locked AS MATERIALIZED (
    SELECT id, status, recruiter_id, interview_id, grading_version
    FROM interview_sessions
    -- as an array: the planner takes every jsonb for a hundred rows, and would walk through all sessions
    WHERE id = ANY(ARRAY(SELECT session_id FROM found)) AND (NOT $2 OR status = 'in_progress')
    ORDER BY id
    FOR KEY SHARE SKIP LOCKED
),

free AS MATERIALIZED (
    SELECT j.id
    FROM jobs j INNER JOIN locked ON locked.id = j.session_id
    WHERE
        j.id = ANY(ARRAY(SELECT job_id FROM found))
        AND j.due_at <= clock_timestamp()
        AND (j.state = 'queued' OR (j.state = 'running' AND j.lease_until < clock_timestamp()))
    ORDER BY j.id
    -- waits: the relay holds a job's row until the entry that brought us here is marked
    FOR NO KEY UPDATE OF j
),

finished AS (
    UPDATE jobs SET state = 'done', attempt = attempt + 1, lease_until = NULL, last_error = NULL
    FROM free
    WHERE jobs.id = free.id
    RETURNING jobs.id
),

verdicts AS (
    SELECT f.*, s.recruiter_id, s.interview_id, s.grading_version = f.grading_version AS counts
    FROM found f INNER JOIN locked s ON s.id = f.session_id
    WHERE s.status <> 'abandoned' AND (f.job_id IS NULL OR f.job_id IN (SELECT id FROM finished))
),

kept AS (
    INSERT INTO results (answer_id, grading_version, attempt, state, score, feedback, graded_by, provenance)
    SELECT answer_id, grading_version, attempt, state, score, feedback, graded_by, provenance
    FROM verdicts
    WHERE state IN ('scored', 'needs_review')
    ON CONFLICT (answer_id, grading_version) DO NOTHING
    RETURNING answer_id, grading_version
),

changed AS (
    UPDATE answers a
    SET
        evaluation_state = v.state,
        score = v.score,
        feedback = v.feedback,
        graded_by = CASE WHEN v.score IS NOT NULL THEN v.graded_by END,
        evaluated_at = CASE WHEN v.state = 'scored' THEN clock_timestamp() END,
        result_version = a.result_version + 1
    FROM verdicts v
    WHERE
        a.id = v.answer_id
        AND v.counts
        AND a.graded_by IS DISTINCT FROM 'person'
        AND (
            EXISTS (SELECT FROM kept k WHERE k.answer_id = v.answer_id AND k.grading_version = v.grading_version)
            OR (
                v.state IN ('partial', 'failed')
                AND a.evaluation_state <> 'scored'
                AND (a.evaluation_state, a.score) IS DISTINCT FROM (v.state, v.score)
            )
        )
    RETURNING
        a.id, a.session_id, a.question_id, a.question_index, a.evaluation_state, a.score, a.graded_by,
        a.result_version, v.recruiter_id, v.interview_id
),

flagged AS (
    UPDATE interview_sessions s SET flags = s.flags || f.words
    FROM (
        SELECT v.session_id, array_agg(DISTINCT word ORDER BY word) AS words
        FROM verdicts v
        CROSS JOIN LATERAL unnest(v.flags) AS word
        INNER JOIN interview_sessions held ON held.id = v.session_id
        WHERE v.counts AND NOT held.flags @> ARRAY[word]
        GROUP BY v.session_id
    ) f
    WHERE s.id = f.session_id
    RETURNING s.id
),

told AS (
    INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
    SELECT
        c.recruiter_id, c.session_id, 'answer_evaluated',
        jsonb_build_object(
            'question_index', c.question_index,
            'score', c.score,
            'points', q.points,
            'state', c.evaluation_state,
            'graded_by', c.graded_by
        )
    FROM changed c INNER JOIN questions q ON q.id = c.question_id
    ORDER BY c.session_id, c.question_index
),

published AS (
    INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
    SELECT
        gen_random_uuid(), c.session_id, 'interlock.answer.evaluated',
        jsonb_build_object(
            'session_id', c.session_id,
            'interview_id', c.interview_id,
            'answer_id', c.id,
            'question_id', c.question_id,
            'question_index', c.question_index,
            'question_type', q.type,
            'score', c.score,
            'points', q.points,
            'state', c.evaluation_state,
            'graded_by', c.graded_by,
            'version', c.result_version
        ),
        clock_timestamp()
    FROM changed c INNER JOIN questions q ON q.id = c.question_id
    ORDER BY c.session_id, c.question_index
)

SELECT
    (SELECT coalesce(array_agg(f.id), '{}') FROM finished f) AS jobs,
    (SELECT coalesce(array_agg(c.id), '{}') FROM changed c) AS answers,
    (SELECT coalesce(array_agg(f.id), '{}') FROM flagged f) AS flagged_sessions;

-- name: announce_failure
-- Tell the recruiter's room that grading an answer failed: $2 attempts so far, $3 why the last did, $4 the version that
-- was graded. Not where that version does not count or a person has scored the answer, for then nobody waits.
INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
SELECT
    s.recruiter_id, s.id, 'evaluation_failed',
    jsonb_build_object('question_index', a.question_index, 'attempts', $2::integer, 'reason', $3::text)
FROM answers a INNER JOIN interview_sessions s ON s.id = a.session_id
WHERE
    a.id = $1
    AND s.status <> 'abandoned'
    AND s.grading_version = $4
    AND NOT EXISTS (SELECT FROM score_overrides o WHERE o.answer_id = a.id);
