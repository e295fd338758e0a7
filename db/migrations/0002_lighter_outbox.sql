-- Every answer writes four rows of these two tables and each row is updated at least once, so what they carry with them is
-- paid for at every answer. Their sessions and recruiters are those of the row that the same statement has locked, and
-- nobody ever deletes either: the foreign keys only cost a look-up each. Age is only asked for by the hourly pruning, and
-- rows come in its order: a BRIN index answers that and need not be kept up row by row.

ALTER TABLE feed_events DROP CONSTRAINT feed_events_recruiter_id_fkey;
ALTER TABLE feed_events DROP CONSTRAINT feed_events_session_id_fkey;
ALTER TABLE stream_events DROP CONSTRAINT stream_events_session_id_fkey;

DROP INDEX feed_events_by_age;
CREATE INDEX feed_events_by_age ON feed_events USING brin (created_at);
DROP INDEX stream_events_by_age;
CREATE INDEX stream_events_by_age ON stream_events USING brin (occurred_at);

CREATE FUNCTION attempts_left(candidate uuid, interview uuid) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN greatest(
    coalesce((
        SELECT v.max_attempts FROM invitations v
        WHERE v.user_id = candidate AND v.interview_id = interview AND v.revoked_at IS NULL
            AND v.expires_at > clock_timestamp()
    ), 0) - (
        SELECT count(*) FROM interview_sessions s WHERE s.user_id = candidate AND s.interview_id = interview
    ), 0
)::integer;

COMMENT ON FUNCTION attempts_left IS 'How many attempts a candidate has left at an interview; 0 where the invitation is gone.';
