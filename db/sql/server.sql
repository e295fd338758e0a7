-- What the database server says about itself.

-- name: about
-- Read the server's version and its clock.
SELECT
    current_setting('server_version') AS version,
    clock_timestamp() AS now;
