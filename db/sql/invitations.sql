-- name: insert
-- Invite a candidate; no row where this one is invited already. Without an expiry ($6) it lasts for $7.
INSERT INTO invitations (id, interview_id, user_id, max_attempts, extra_time_percent, expires_at)
VALUES ($1, $2, $3, $4, $5, coalesce($6, clock_timestamp() + $7::interval))
ON CONFLICT (interview_id, user_id) DO NOTHING
RETURNING id, expires_at;

-- name: lock_of_user
-- A candidate's invitation to an interview, held until the transaction ends.
SELECT id, revoked_at FROM invitations WHERE interview_id = $1 AND user_id = $2 FOR NO KEY UPDATE;

-- name: renew
-- Invite again somebody whose invitation was revoked: the same invitation, with new terms.
UPDATE invitations
SET
    max_attempts = $2, extra_time_percent = $3, expires_at = coalesce($4, clock_timestamp() + $5::interval),
    revoked_at = NULL
WHERE id = $1
RETURNING id, expires_at;

-- name: of_recruiter
-- A recruiter's ($1) invitations, oldest first; of one interview ($2) or one alone ($3) where these are given.
SELECT
    v.id, u.email, u.name, v.max_attempts, v.extra_time_percent, v.expires_at, v.revoked_at,
    (
        SELECT count(*)::integer FROM interview_sessions s WHERE s.user_id = v.user_id AND s.interview_id = v.interview_id
    ) AS attempts_used
FROM invitations v
INNER JOIN interviews i ON i.id = v.interview_id
INNER JOIN users u ON u.id = v.user_id
WHERE i.created_by = $1 AND ($2::uuid IS NULL OR v.interview_id = $2) AND ($3::uuid IS NULL OR v.id = $3)
ORDER BY v.created_at, v.id;

-- name: change
-- New terms for a recruiter's invitation; what is null stays.
UPDATE invitations v
SET
    max_attempts = coalesce($3, v.max_attempts),
    extra_time_percent = coalesce($4, v.extra_time_percent),
    expires_at = coalesce($5, v.expires_at)
FROM interviews i
WHERE v.id = $2 AND i.id = v.interview_id AND i.created_by = $1 AND ($6::uuid IS NULL OR i.id = $6)
RETURNING v.id;

-- name: revoke
-- End a recruiter's invitation; a second time changes nothing.
UPDATE invitations v SET revoked_at = coalesce(v.revoked_at, clock_timestamp())
FROM interviews i
WHERE v.id = $2 AND i.id = v.interview_id AND i.created_by = $1 AND ($3::uuid IS NULL OR i.id = $3)
RETURNING v.id;

-- name: lock
-- A recruiter's invitation, held until the transaction ends: one link at a time. Whether it is over, by the database's clock.
SELECT v.id, v.expires_at, v.revoked_at IS NOT NULL OR v.expires_at <= clock_timestamp() AS is_over
FROM invitations v INNER JOIN interviews i ON i.id = v.interview_id
WHERE v.id = $2 AND i.created_by = $1 AND ($3::uuid IS NULL OR i.id = $3)
FOR NO KEY UPDATE OF v;
