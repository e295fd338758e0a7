-- Seconds from the moment $1 to the clock that each close was decided by, in order.
SELECT extract(EPOCH FROM submitted_at - $1::timestamptz)::float8 AS seconds
FROM answers WHERE how = 'expired' ORDER BY submitted_at;
