-- name: insert_once
-- A link that signs user $2 in once, within $3.
INSERT INTO sign_in_links (token_hash, user_id, expires_at) VALUES ($1, $2, clock_timestamp() + $3::interval);

-- name: insert_invited
-- A link for the candidate of invitation $2; it lasts as long as the invitation does.
INSERT INTO sign_in_links (token_hash, user_id, invitation_id, expires_at)
SELECT $1, user_id, id, 'infinity' FROM invitations WHERE id = $2;

-- name: delete_invited
-- A new link replaces the old ones.
DELETE FROM sign_in_links WHERE invitation_id = $1;

-- name: use
-- Take a link by its token's hash: those without an invitation once and in time, the others while the invitation lasts.
UPDATE sign_in_links l SET used_at = coalesce(l.used_at, clock_timestamp())
FROM users u
WHERE l.token_hash = $1
    AND u.id = l.user_id
    AND l.expires_at > clock_timestamp()
    AND (l.used_at IS NULL OR l.invitation_id IS NOT NULL)
    AND (l.invitation_id IS NULL OR EXISTS (
        SELECT 1 FROM invitations v
        WHERE v.id = l.invitation_id AND v.revoked_at IS NULL AND v.expires_at > clock_timestamp()
    ))
RETURNING
    u.id, u.email, u.name, u.role,
    (SELECT v.interview_id FROM invitations v WHERE v.id = l.invitation_id) AS interview_id,
    clock_timestamp() AS now;
