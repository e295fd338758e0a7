-- name: session_of
-- The session of an answer; nothing where it is not recruiter $2's.
SELECT s.id
FROM answers a INNER JOIN interview_sessions s ON s.id = a.session_id
WHERE a.id = $1 AND s.recruiter_id = $2;

-- name: lock_answer
-- What an answer of a locked session counts now, and what it may count at most.
SELECT a.question_index, a.score, a.evaluation_state, q.points
FROM answers a INNER JOIN questions q ON q.id = a.question_id
WHERE a.id = $1
FOR NO KEY UPDATE OF a;

-- name: keep
-- A person's score $3 for answer $2 of a locked session, as override $1, by $4 for the reason $5 at $6: it counts from now
-- on, and the recruiter's room and the public stream hear of it.
WITH kept AS (
    INSERT INTO score_overrides (id, answer_id, score, scored_by, reason, scored_at)
    VALUES ($1, $2, $3, $4, $5, $6)
),

changed AS (
    UPDATE answers a
    SET
        evaluation_state = 'scored',
        score = $3,
        graded_by = 'person',
        evaluated_at = $6,
        result_version = a.result_version + 1
    FROM questions q, interview_sessions s
    WHERE a.id = $2 AND q.id = a.question_id AND s.id = a.session_id
    RETURNING a.*, q.type, q.points, s.recruiter_id, s.interview_id
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
    $6
FROM changed c;
