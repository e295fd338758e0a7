-- Make the sessions of the interview $1 what a recruiter has after years: most of them ended and settled, in many places
-- of every order and with ties in all of them; two answers each; one session in fifty in the interview $2.
WITH numbered AS (
    SELECT s.id, row_number() OVER (ORDER BY s.id)::integer AS n FROM interview_sessions s WHERE s.interview_id = $1
),

aged AS (
    UPDATE interview_sessions s SET
        interview_id = CASE WHEN n.n % 50 = 0 THEN $2 ELSE s.interview_id END,
        candidate_name = (ARRAY['Ada', 'Grace', 'Linus', 'Barbara', 'Edsger', 'Frances', 'Donald'])[1 + n.n % 7]
        || ' ' || (ARRAY['Lovelace', 'Hopper', 'Torvalds', 'Liskov', 'Dijkstra', 'Allen'])[1 + n.n % 6]
        || CASE WHEN n.n % 3 = 0 THEN '' ELSE ' ' || n.n END,
        started_at = s.started_at - interval '10 minutes' * (n.n / 3),
        last_activity_at = s.last_activity_at - interval '10 minutes' * (n.n / 3),
        status = ended.status,
        current_question_index = CASE WHEN ended.status = 'in_progress' THEN 0 ELSE s.question_count END,
        completed_at = CASE WHEN ended.status <> 'in_progress' THEN s.started_at END,
        question_started_at = CASE WHEN ended.status = 'in_progress' THEN s.question_started_at END,
        question_deadline = CASE WHEN ended.status = 'in_progress' THEN s.question_deadline END,
        evaluated_at = CASE WHEN ended.settled THEN s.started_at END,
        final_score = CASE WHEN ended.settled THEN s.max_score * (n.n % 21) / 20.0 END,
        percentage = CASE WHEN ended.settled THEN 5 * (n.n % 21) END,
        flags = CASE WHEN n.n % 10 = 0 THEN ARRAY['paste'] ELSE '{}' END
    FROM numbered n
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN n.n <= 1000 THEN 'in_progress' WHEN n.n % 40 = 0 THEN 'terminated' ELSE 'completed' END AS status,
            n.n > 1000 AND n.n % 8 <> 0 AS settled
    ) AS ended
    WHERE s.id = n.id
    RETURNING s.id, s.interview_version, s.status
)

INSERT INTO answers (
    id, session_id, question_id, question_index, answer_text, how, sha256, submitted_at, time_taken, evaluation_state,
    evaluated_at, score, graded_by
)
SELECT gen_random_uuid(), a.id, q.id, q.position, '404', 'submitted', '', now(), 12, 'scored', now(), q.points, 'rule'
FROM aged a
INNER JOIN questions q ON q.interview_id = $1 AND q.version = a.interview_version
WHERE a.status <> 'in_progress';
