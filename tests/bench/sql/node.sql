-- Note a node ($1) that was killed a moment ago: its lease runs for $2 more.
INSERT INTO nodes (id, address, started_at, lease_until)
VALUES ($1, 'http://127.0.0.1:1', clock_timestamp(), clock_timestamp() + $2::interval);
