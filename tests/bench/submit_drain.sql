-- name: queue
-- Let every session's candidate have answered its first $1 questions, with none of the answers graded yet.
WITH moved AS (
    UPDATE interview_sessions SET current_question_index = $1::integer
    RETURNING id, interview_id, interview_version, grading_version
),

answered AS (
    INSERT INTO answers (
        id, session_id, question_id, question_index, answer_text, how, sha256, submitted_at, time_taken
    )
    SELECT
        gen_random_uuid(), moved.id, q.id, q.position, coalesce(q.options ->> q.position % 3, 'It slows writes.'),
        'submitted', repeat('0', 64),
        clock_timestamp(), 1
    FROM moved
    INNER JOIN questions q ON q.interview_id = moved.interview_id AND q.version = moved.interview_version
    WHERE q.position < $1::integer
    RETURNING id, session_id
)

INSERT INTO jobs (id, kind, session_id, answer_id, grading_version)
SELECT gen_random_uuid(), 'answer', moved.id, answered.id, moved.grading_version
FROM answered INNER JOIN moved ON moved.id = answered.session_id;

-- name: unpublished
-- How many jobs the relay has not put on their stream yet.
SELECT count(*) FROM jobs WHERE published_at IS NULL;

-- name: duration
-- Seconds from the beginning of the first transaction that graded to the last result.
SELECT extract(EPOCH FROM max(a.evaluated_at) - min(r.created_at))::float8
FROM results r INNER JOIN answers a ON a.id = r.answer_id;
