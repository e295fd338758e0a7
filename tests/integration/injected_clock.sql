-- A clock for tests to set, in place of the database's. PostgreSQL looks for unqualified functions along the search
-- path, so the product's statements read this one as they are.
CREATE SCHEMA injected;

CREATE TABLE injected.clock (now timestamptz NOT NULL);
INSERT INTO injected.clock VALUES (pg_catalog.clock_timestamp());

CREATE FUNCTION injected.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT now FROM injected.clock';

CREATE FUNCTION injected.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
AS 'SELECT now FROM injected.clock';

DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = injected, pg_catalog, public', current_database());
END $$;
