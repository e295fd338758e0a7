-- name: find
-- The answer of a session's question, without its result.
SELECT id, question_id, question_index, answer_text, how, late, sha256, submitted_at
FROM answers WHERE session_id = $1 AND question_index = $2;

-- name: of_sessions
-- All answers of some sessions, without their results.
SELECT session_id, id, question_id, question_index, answer_text, how, late, sha256, submitted_at
FROM answers WHERE session_id = ANY($1::uuid[]) ORDER BY session_id, question_index;

-- name: closed_since
-- Questions from $2 on that the server closed by itself, with the draft that it closed them with.
SELECT question_index, answer_text
FROM answers
WHERE session_id = $1 AND question_index >= $2 AND how = 'expired'
ORDER BY question_index;
