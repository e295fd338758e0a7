-- name: keep
-- Keep a signal, unless the session has $8 of them already; answers its id where it was kept.
INSERT INTO signals (id, session_id, question_index, kind, detail, client_time, server_time)
SELECT $1, $2, $3, $4, $5::jsonb, $6, $7
WHERE (SELECT count(*) FROM signals WHERE session_id = $2) < $8
RETURNING id;

-- name: flag
-- Add a word to a locked session's flags, once, and note activity.
UPDATE interview_sessions
SET
    flags = CASE WHEN $2::text IS NULL OR flags @> ARRAY[$2] THEN flags ELSE flags || $2 END,
    previous_resume_token_hash = NULL,
    last_activity_at = clock_timestamp()
WHERE id = $1;
