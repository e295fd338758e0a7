-- name: save
-- Keep a draft unless a newer one is stored; answers the stored revision.
WITH saved AS (
    INSERT INTO drafts (session_id, question_index, revision, answer, saved_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (session_id, question_index) DO UPDATE
    SET revision = excluded.revision, answer = excluded.answer, saved_at = excluded.saved_at
    WHERE drafts.revision < excluded.revision
    RETURNING revision
),

kept AS (
    INSERT INTO draft_history (session_id, question_index, revision, answer, saved_at)
    SELECT $1, $2, $3, $4, $5
    FROM saved
    WHERE NOT EXISTS (
        SELECT FROM draft_history h
        WHERE h.session_id = $1 AND h.question_index = $2 AND h.saved_at > $5 - $6::interval
    )
    ON CONFLICT DO NOTHING
)

SELECT coalesce(
    (SELECT revision FROM saved),
    (SELECT revision FROM drafts WHERE session_id = $1 AND question_index = $2)
) AS revision;

-- name: of_current_questions
-- The newest drafts of the questions that some (locked) sessions are at.
SELECT d.session_id, d.answer
FROM drafts d
INNER JOIN interview_sessions s ON s.id = d.session_id AND s.current_question_index = d.question_index
WHERE d.session_id = ANY($1::uuid[]);
