-- What the migrations themselves need.

-- name: lock
-- Wait until nobody else migrates this database; held until the connection ends.
SELECT pg_advisory_lock(7210933120001);

-- name: create_table
-- Make the list of what was applied.
CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- name: has_table
-- Say whether this database was ever migrated.
SELECT to_regclass('schema_migrations') IS NOT NULL;

-- name: applied
-- List what was applied, oldest first.
SELECT
    version,
    name,
    sha256
FROM schema_migrations
ORDER BY version;

-- name: record
-- Note a migration as applied, in its own transaction.
INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3);
