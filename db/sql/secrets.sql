-- name: signing
-- The shared signing secret; $1 becomes it where there is none yet.
WITH made AS (
    INSERT INTO signing_secret (secret) VALUES ($1) ON CONFLICT DO NOTHING
    RETURNING secret
)

SELECT secret FROM made
UNION ALL
SELECT secret FROM signing_secret;
