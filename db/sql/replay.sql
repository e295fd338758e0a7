-- name: bounds
-- What is left of public stream $1: its lowest numbered event and that one's time, the top position ever given, and the
-- first half of its entries' ids.
SELECT p.installed_ms, p.position AS top, oldest.position AS lowest, oldest.occurred_at AS oldest_at
FROM stream_positions p
LEFT JOIN LATERAL (
    SELECT e.position, e.occurred_at FROM stream_events e WHERE e.position IS NOT NULL ORDER BY e.position LIMIT 1
) oldest ON true
WHERE p.stream = $1;

-- name: position_of
-- Where the event with this id is; no row where there is none, null where it is not numbered yet.
SELECT position FROM stream_events WHERE event_id = $1;

-- name: first_since
-- The lowest position of an event that happened at $1 or later.
SELECT min(position) FROM stream_events WHERE position IS NOT NULL AND occurred_at >= $1;

-- name: last_until
-- The highest position of an event that happened at $1 or earlier.
SELECT max(position) FROM stream_events WHERE position IS NOT NULL AND occurred_at <= $1;

-- name: count_between
-- How many events there are above position $1 up to $2.
SELECT count(*) FROM stream_events WHERE position > $1 AND position <= $2;

-- name: page
-- The events above position $1 up to $2, in order, at most $3.
SELECT event_id, session_id, type, data, occurred_at, position
FROM stream_events
WHERE position > $1 AND position <= $2
ORDER BY position
LIMIT $3;
