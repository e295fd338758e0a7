-- name: shown
-- The questions of one interview version as candidates may see them: no key, no rubric is ever loaded here.
SELECT id, position AS index, type, question_text, time_limit, points, options, language, starter_code
FROM questions
WHERE interview_id = $1 AND version = $2
ORDER BY position;
