-- name: begin
-- Ask for all answers of a locked session to be graded again, beside what counts; answers the new grading's version.
WITH following AS (
    SELECT greatest(s.grading_version, coalesce((SELECT max(j.grading_version) FROM jobs j WHERE j.session_id = s.id), 0)) + 1
        AS version
    FROM interview_sessions s WHERE s.id = $1
),

asked AS (
    INSERT INTO jobs (id, kind, session_id, answer_id, grading_version)
    SELECT gen_random_uuid(), 'answer', a.session_id, a.id, following.version
    FROM answers a, following
    WHERE a.session_id = $1
)

SELECT version FROM following;

-- name: compare
-- For each answer of a locked session: what counts now, and what grading $2 found, if it has.
SELECT
    a.question_index,
    a.evaluation_state = 'scored' AS is_scored,
    EXISTS(SELECT FROM score_overrides o WHERE o.answer_id = a.id) AS is_persons,
    r.state AS found
FROM answers a
LEFT JOIN results r ON r.answer_id = a.id AND r.grading_version = $2
WHERE a.session_id = $1
ORDER BY a.question_index;

-- name: in_force
-- The grading of a locked session that counts, the text that was written from it, and whether there is a grading $2.
SELECT
    s.grading_version, s.ai_summary, s.recommendation,
    EXISTS(
        SELECT FROM jobs j WHERE j.session_id = s.id AND j.kind = 'answer' AND j.grading_version = $2
    ) AS is_known
FROM interview_sessions s WHERE s.id = $1;

-- name: promote
-- Let grading $2 of a locked session count: its results become those of all answers that no person has scored, and what
-- changes is told to the recruiter's room and to the public stream.
WITH promoted AS (
    UPDATE interview_sessions SET grading_version = $2 WHERE id = $1
    RETURNING id, recruiter_id, interview_id
),

changed AS (
    UPDATE answers a
    SET
        evaluation_state = r.state,
        score = r.score,
        feedback = r.feedback,
        graded_by = CASE WHEN r.score IS NOT NULL THEN r.graded_by END,
        evaluated_at = CASE WHEN r.state = 'scored' THEN clock_timestamp() END,
        result_version = a.result_version + 1
    FROM results r, promoted p, questions q
    WHERE
        a.session_id = p.id
        AND r.answer_id = a.id
        AND r.grading_version = $2
        AND q.id = a.question_id
        AND NOT EXISTS (SELECT FROM score_overrides o WHERE o.answer_id = a.id)
    RETURNING a.*, q.type, q.points, p.recruiter_id, p.interview_id
),

told AS (
    INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
    SELECT
        c.recruiter_id, c.session_id, 'answer_evaluated',
        jsonb_build_object(
            'question_index', c.question_index,
            'score', c.score,
            'points', c.points,
            'state', c.evaluation_state,
            'graded_by', c.graded_by
        )
    FROM changed c
    ORDER BY c.question_index
)

INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
SELECT
    gen_random_uuid(), c.session_id, 'interlock.answer.evaluated',
    jsonb_build_object(
        'session_id', c.session_id,
        'interview_id', c.interview_id,
        'answer_id', c.id,
        'question_id', c.question_id,
        'question_index', c.question_index,
        'question_type', c.type,
        'score', c.score,
        'points', c.points,
        'state', c.evaluation_state,
        'graded_by', c.graded_by,
        'version', c.result_version
    ),
    clock_timestamp()
FROM changed c
ORDER BY c.question_index;

-- name: ask_for_text
-- The text about a settled, completed session is to be written from the grading that counts now. What a person has signed
-- stands; a job that an earlier promotion of the same grading left behind is done again.
WITH emptied AS (
    UPDATE interview_sessions
    SET
        ai_summary = NULL,
        strengths = NULL,
        improvements = NULL,
        recommendation = CASE WHEN recommendation_signed_by IS NOT NULL THEN recommendation END
    WHERE id = $1 AND status = 'completed' AND evaluated_at IS NOT NULL
    RETURNING id, grading_version
)

INSERT INTO jobs (id, kind, session_id, grading_version)
SELECT gen_random_uuid(), 'summary', e.id, e.grading_version FROM emptied e
ON CONFLICT (session_id, grading_version) WHERE kind = 'summary' DO UPDATE
SET state = 'queued', lease_until = NULL, published_at = NULL, failures = 0, due_at = clock_timestamp();
