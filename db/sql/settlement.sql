-- name: settle
-- Give totals to the ended sessions among $1 whose every answer is scored, once; $2 asks for a text about completed ones.
-- The caller holds the sessions' locks, in a statement before this one.
WITH ready AS (
    SELECT s.id, coalesce(sum(a.score), 0) AS score
    FROM interview_sessions s
    LEFT JOIN answers a ON a.session_id = s.id
    WHERE s.id = ANY($1::uuid[]) AND s.evaluated_at IS NULL AND s.status IN ('completed', 'terminated')
    GROUP BY s.id
    HAVING
        count(a.id) FILTER (WHERE a.evaluation_state <> 'scored') = 0
        AND (s.status = 'terminated' OR count(a.id) = s.question_count)
),

settled AS (
    UPDATE interview_sessions s
    SET
        final_score = r.score,
        percentage = round(100 * r.score / s.max_score, 2),
        evaluated_at = clock_timestamp(),
        totals_version = s.totals_version + 1
    FROM ready r
    WHERE s.id = r.id AND s.evaluated_at IS NULL
    RETURNING
        s.id, s.recruiter_id, s.interview_id, s.status, s.final_score, s.max_score, s.percentage, s.recommendation,
        s.totals_version, s.grading_version
),

told AS (
    INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
    SELECT
        t.recruiter_id, t.id, 'interview_completed',
        jsonb_build_object(
            'score', t.final_score,
            'max_score', t.max_score,
            'percentage', t.percentage,
            'recommendation', t.recommendation
        )
    FROM settled t
),

published AS (
    INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
    SELECT
        gen_random_uuid(), t.id, 'interlock.session.evaluated',
        jsonb_build_object(
            'session_id', t.id,
            'interview_id', t.interview_id,
            'status', t.status,
            'score', t.final_score,
            'max_score', t.max_score,
            'percentage', t.percentage,
            'recommendation', t.recommendation,
            'version', t.totals_version
        ),
        clock_timestamp()
    FROM settled t
),

to_summarise AS (
    INSERT INTO jobs (id, kind, session_id, grading_version)
    SELECT gen_random_uuid(), 'summary', t.id, t.grading_version
    FROM settled t
    WHERE $2::boolean AND t.status = 'completed'
    ON CONFLICT (session_id, grading_version) WHERE kind = 'summary' DO NOTHING
)

SELECT id AS session_id, final_score, max_score, percentage, totals_version FROM settled;

-- name: recompute
-- Totals of a settled session after one of its scores changed, and the public event about them; nothing where it is not
-- settled. The caller holds the session's lock.
WITH changed AS (
    UPDATE interview_sessions s
    SET
        final_score = t.score,
        percentage = round(100 * t.score / s.max_score, 2),
        totals_version = s.totals_version + 1
    FROM (SELECT coalesce(sum(a.score), 0) AS score FROM answers a WHERE a.session_id = $1) t
    WHERE s.id = $1 AND s.evaluated_at IS NOT NULL
    RETURNING
        s.id, s.interview_id, s.status, s.final_score, s.max_score, s.percentage, s.recommendation, s.totals_version
),

published AS (
    INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
    SELECT
        gen_random_uuid(), t.id, 'interlock.session.evaluated',
        jsonb_build_object(
            'session_id', t.id,
            'interview_id', t.interview_id,
            'status', t.status,
            'score', t.final_score,
            'max_score', t.max_score,
            'percentage', t.percentage,
            'recommendation', t.recommendation,
            'version', t.totals_version
        ),
        clock_timestamp()
    FROM changed t
)

SELECT id AS session_id, final_score, max_score, percentage, totals_version FROM changed;

-- name: read_to_summarise
-- What a settled, completed session's text is written from; nothing where it is not settled or has its text.
SELECT s.interview_title, s.percentage
FROM interview_sessions s
WHERE
    s.id = $1
    AND s.status = 'completed'
    AND s.evaluated_at IS NOT NULL
    AND s.ai_summary IS NULL
    AND s.grading_version = $2;

-- name: read_results
-- Scores and feedback of a session's answers, in order; nothing that was typed by the candidate.
SELECT a.question_index, q.type, q.question_text, q.points, a.score, a.feedback
FROM answers a INNER JOIN questions q ON q.id = a.question_id
WHERE a.session_id = $1 AND a.evaluation_state = 'scored'
ORDER BY a.question_index;

-- name: store_summary
-- The text about a session, once; and the public event that carries the recommendation. The caller holds the session's
-- lock and has ended the job.
WITH changed AS (
    UPDATE interview_sessions s
    SET
        ai_summary = $3,
        strengths = $4::jsonb,
        improvements = $5::jsonb,
        -- what a person has signed stands
        recommendation = CASE WHEN s.recommendation_signed_by IS NULL THEN $6 ELSE s.recommendation END,
        totals_version = s.totals_version + 1
    WHERE
        s.id = $1 AND s.grading_version = $2 AND s.status = 'completed' AND s.evaluated_at IS NOT NULL AND s.ai_summary IS NULL
    RETURNING
        s.id, s.interview_id, s.status, s.final_score, s.max_score, s.percentage, s.recommendation, s.totals_version
),

published AS (
    INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
    SELECT
        gen_random_uuid(), t.id, 'interlock.session.evaluated',
        jsonb_build_object(
            'session_id', t.id,
            'interview_id', t.interview_id,
            'status', t.status,
            'score', t.final_score,
            'max_score', t.max_score,
            'percentage', t.percentage,
            'recommendation', t.recommendation,
            'version', t.totals_version
        ),
        clock_timestamp()
    FROM changed t
)

SELECT id FROM changed;
