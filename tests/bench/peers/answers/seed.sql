-- Make a recruiter, an interview of $1 multiple-choice questions, and $2 candidates at its first one.
WITH recruiter AS (
    INSERT INTO users (id, name) VALUES (gen_random_uuid(), 'Rita') RETURNING id
),

interview AS (
    INSERT INTO interviews (id, recruiter_id, title)
    SELECT gen_random_uuid(), recruiter.id, 'Measured' FROM recruiter
    RETURNING id, recruiter_id
),

asked AS (
    INSERT INTO questions (
        id, interview_id, position, question_text, options, correct_answer, points, time_limit
    )
    SELECT
        gen_random_uuid(), interview.id, place.index, 'Which status says that nothing was found?',
        '["200", "301", "404"]', '404', 10, 7200
    FROM interview CROSS JOIN generate_series(0, $1::integer - 1) AS place (index)
),

people AS (
    INSERT INTO users (id, name)
    SELECT fresh.id, 'Ada Lovelace'
    FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2::integer)) AS fresh
    RETURNING id
)

INSERT INTO sessions (
    id, user_id, interview_id, recruiter_id, candidate_name, question_count, question_started_at, question_deadline
)
SELECT
    gen_random_uuid(), people.id, interview.id, interview.recruiter_id, 'Ada Lovelace', $1::integer, now(),
    now() + interval '2 hours'
FROM people CROSS JOIN interview
RETURNING id, user_id, interview_id, recruiter_id;
