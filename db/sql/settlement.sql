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

-- name: ask_beside
-- Have the text written by gradings of the sessions $1 that do not count, once each: those that have found a score for
-- every answer which no person has scored.
INSERT INTO jobs (id, kind, session_id, grading_version)
SELECT gen_random_uuid(), 'summary', s.id, g.grading_version
FROM gradings g INNER JOIN interview_sessions s ON s.id = g.session_id
WHERE
    g.session_id = ANY($1::uuid[])
    AND g.grading_version <> s.grading_version
    AND s.status = 'completed'
    AND NOT EXISTS (
        SELECT FROM answers a LEFT JOIN results r ON r.answer_id = a.id AND r.grading_version = g.grading_version
        WHERE
            a.session_id = s.id
            AND (r.answer_id IS NULL OR (r.state <> 'scored' AND a.graded_by IS DISTINCT FROM 'person'))
    )
ON CONFLICT (session_id, grading_version) WHERE kind = 'summary' DO NOTHING;

-- name: read_to_summarise
-- What a completed session's text by grading $2 is written from; nothing where that has its text, or counts and is not settled.
SELECT
    s.interview_title,
    (
        SELECT round(100 * coalesce(sum(CASE WHEN a.graded_by = 'person' OR r.answer_id IS NULL THEN a.score ELSE r.score END), 0)
            / s.max_score, 2)
        FROM answers a LEFT JOIN results r ON r.answer_id = a.id AND r.grading_version = $2
        WHERE a.session_id = s.id
    ) AS percentage
FROM interview_sessions s
WHERE
    s.id = $1
    AND s.status = 'completed'
    AND (s.evaluated_at IS NOT NULL OR s.grading_version <> $2)
    AND NOT EXISTS (SELECT FROM summaries w WHERE w.session_id = s.id AND w.grading_version = $2);

-- name: read_results
-- Scores and feedback of a session's answers by grading $2, in order, a person's score before all; nothing that was typed by
-- the candidate.
SELECT
    a.question_index, q.type, q.question_text, q.points,
    CASE WHEN a.graded_by = 'person' OR r.answer_id IS NULL THEN a.score ELSE r.score END AS score,
    coalesce(r.feedback, a.feedback) AS feedback
FROM answers a
INNER JOIN questions q ON q.id = a.question_id
LEFT JOIN results r ON r.answer_id = a.id AND r.grading_version = $2
WHERE a.session_id = $1 AND (a.graded_by = 'person' OR r.state = 'scored')
ORDER BY a.question_index;

-- name: store_summary
-- The text about a session by grading $2, once; and, where that grading counts, the public event that carries the
-- recommendation. The caller holds the session's lock and has ended the job.
WITH kept AS (
    INSERT INTO summaries (
        session_id, grading_version, summary, strengths, improvements, recommendation, attempt, provenance
    )
    VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8::jsonb)
    ON CONFLICT (session_id, grading_version) DO NOTHING
    RETURNING session_id, grading_version, summary, strengths, improvements, recommendation
),

changed AS (
    UPDATE interview_sessions s
    SET
        ai_summary = k.summary,
        strengths = k.strengths,
        improvements = k.improvements,
        -- what a person has signed stands
        recommendation = CASE WHEN s.recommendation_signed_by IS NULL THEN k.recommendation ELSE s.recommendation END,
        totals_version = s.totals_version + 1
    FROM kept k
    WHERE
        s.id = k.session_id
        AND s.grading_version = k.grading_version
        AND s.status = 'completed'
        AND s.evaluated_at IS NOT NULL
        AND s.ai_summary IS NULL
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
