-- name: insert
-- Make an interview, version 1; no row where $2 is no recruiter or the id is taken.
WITH made AS (
    INSERT INTO interviews (id, created_by, title, description, pacing)
    SELECT $1, u.id, $3, $4, $5 FROM users u WHERE u.id = $2 AND u.role = 'recruiter'
    ON CONFLICT (id) DO NOTHING
    RETURNING id, version, title, description, pacing, created_at
)

INSERT INTO interview_versions (interview_id, version, title, description, pacing, written_at)
SELECT id, version, title, description, pacing, created_at FROM made
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
-- One interview of a recruiter, as it is or as it was in version $3; no row where it is not theirs, or there was none such.
SELECT i.id, v.title, v.description, v.pacing, v.version
FROM interviews i
INNER JOIN interview_versions v ON v.interview_id = i.id AND v.version = coalesce($3::integer, i.version)
WHERE i.id = $1 AND i.created_by = $2;

-- name: versions
-- All versions of a recruiter's interview, newest first.
SELECT
    v.version, v.title, v.written_at,
    (SELECT count(*)::integer FROM questions q WHERE q.interview_id = v.interview_id AND q.version = v.version)
        AS question_count
FROM interviews i INNER JOIN interview_versions v ON v.interview_id = i.id
WHERE i.id = $1 AND i.created_by = $2
ORDER BY v.version DESC;

-- name: bank
-- Questions of a recruiter's interviews as they are now, each text once and the newest of it, by their text: those with $2 in it, of
-- type $3 and difficulty $4, after the text $5, at most $6.
SELECT DISTINCT ON (q.question_text, q.type)
    q.id, q.interview_id, i.title AS interview_title,
    q.type, q.question_text, q.time_limit, q.points, q.difficulty, q.options, q.correct_answer, q.expected_keywords,
    q.sample_answer, q.language, q.starter_code, q.sample_solution, q.evaluation_criteria
FROM interviews i INNER JOIN questions q ON q.interview_id = i.id AND q.version = i.version
WHERE i.created_by = $1
    AND ($2::text IS NULL OR strpos(lower(q.question_text), lower($2)) > 0)
    AND ($3::text IS NULL OR q.type = $3)
    AND ($4::text IS NULL OR q.difficulty = $4)
    AND ($5::uuid IS NULL OR (q.question_text, q.type) > (SELECT l.question_text, l.type FROM questions l WHERE l.id = $5))
ORDER BY q.question_text, q.type, i.updated_at DESC, q.id
LIMIT $6;

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
WITH replaced AS (
    UPDATE interviews
    SET title = $2, description = $3, pacing = $4, version = version + 1, updated_at = clock_timestamp()
    WHERE id = $1
    RETURNING id, version, title, description, pacing, updated_at
)

INSERT INTO interview_versions (interview_id, version, title, description, pacing, written_at)
SELECT id, version, title, description, pacing, updated_at FROM replaced
RETURNING version;
