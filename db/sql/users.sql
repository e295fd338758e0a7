-- name: insert
-- Make a user; no row where the email is taken.
INSERT INTO users (id, email, name, role) VALUES ($1, $2, $3, $4)
ON CONFLICT (email) DO NOTHING
RETURNING id, email, name, role;

-- name: by_email
-- One user by the natural key.
SELECT id, email, name, role FROM users WHERE email = $1;

-- name: by_emails
-- Of these emails, those that are somebody's, in the order given.
SELECT id, email, name, role FROM users WHERE email = ANY($1::text[]) ORDER BY array_position($1::text[], email);

-- name: by_identity
-- Who an outside provider's subject is to us.
SELECT u.id, u.email, u.name, u.role
FROM identities i INNER JOIN users u ON u.id = i.user_id
WHERE i.issuer = $1 AND i.subject = $2;

-- name: bind_identity
-- Bind a provider's subject ($2) to the user of a verified email ($3), under the user's lock. A user whom the provider
-- has named by another subject already is not given to this one: addresses are handed on, subjects are not.
WITH bound AS (
    INSERT INTO identities (issuer, subject, user_id)
    SELECT $1, $2, u.id FROM users u
    WHERE u.email = $3 AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.issuer = $1 AND i.user_id = u.id)
    ON CONFLICT (issuer, subject) DO NOTHING
    RETURNING user_id
)

SELECT u.id, u.email, u.name, u.role FROM bound INNER JOIN users u ON u.id = bound.user_id;

-- name: lock
-- One writer of what belongs to a user, until the transaction ends.
SELECT id, email, name, role FROM users WHERE email = $1 FOR NO KEY UPDATE;
