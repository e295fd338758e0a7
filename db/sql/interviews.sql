-- name: insert
-- Make an interview, version 1; no row where $2 is no recruiter or the id is taken.
INSERT INTO interviews (id, created_by, title, description, pacing)
SELECT $1, u.id, $3, $4, $5 FROM users u WHERE u.id = $2 AND u.role = 'recruiter'
ON CONFLICT (id) DO NOTHING
RETURNING version;

-- name: insert_questions
-- The questions of one version, from an array of objects with the columns' names.
INSERT INTO questions (
    id, interview_id, version, position, type, question_text, time_limit, points, difficulty,
    options, correct_answer, expected_keywords, sample_answer, language, starter_code, sample_solution, evaluation_criteria
)
SELECT
    q.id, $1, $2, q.position, q.type, q.question_text, q.time_limit, q.points, q.difficulty,
    q.options, q.correct_answer, q.expected_keywords, q.sample_answer, q.language, q.starter_code,
    q.sample_solution, q.evaluation_criteria
FROM jsonb_to_recordset($3::jsonb) AS q (
    id uuid, position integer, type text, question_text text, time_limit integer, points integer, difficulty text,
    options jsonb, correct_answer text, expected_keywords jsonb, sample_answer text, language text,
    starter_code text, sample_solution text, evaluation_criteria jsonb
);

-- name: of_recruiter
-- A recruiter's interviews, newest first.
SELECT
    i.id, i.title, i.description, i.pacing, i.version, i.created_at,
    (SELECT count(*)::integer FROM questions q WHERE q.interview_id = i.id AND q.version = i.version) AS question_count
FROM interviews i
WHERE i.created_by = $1
ORDER BY i.created_at DESC, i.id;

-- name: read
-- One interview of a recruiter; no row where it is not theirs.
SELECT id, title, description, pacing, version FROM interviews WHERE id = $1 AND created_by = $2;

-- name: lock
-- The same, with the row held until the transaction ends: one replacement at a time.
SELECT id, title, description, pacing, version FROM interviews WHERE id = $1 AND created_by = $2 FOR NO KEY UPDATE;

-- name: questions
-- The questions of one version whole, keys and rubrics included: for the owner's eyes only.
SELECT
    type, question_text, time_limit, points, difficulty, options, correct_answer, expected_keywords, sample_answer,
    language, starter_code, sample_solution, evaluation_criteria
FROM questions
WHERE interview_id = $1 AND version = $2
ORDER BY position;

-- name: replace
-- A new text and version for a locked interview; the old version's questions stay for the sessions that show them.
UPDATE interviews
SET title = $2, description = $3, pacing = $4, version = version + 1, updated_at = clock_timestamp()
WHERE id = $1
RETURNING version;
