-- What each version of an interview said beside its questions, which are kept already: so that a version can be read and restored.
CREATE TABLE interview_versions (
    interview_id uuid NOT NULL REFERENCES interviews (id),
    version integer NOT NULL CHECK (version >= 1),
    title text NOT NULL CHECK (title <> ''),
    description text,
    pacing text NOT NULL CHECK (pacing IN ('self_paced', 'scheduled')),
    written_at timestamptz,
    PRIMARY KEY (interview_id, version)
);
COMMENT ON TABLE interview_versions IS 'One row a version, never changed; interviews has the newest.';
COMMENT ON COLUMN interview_versions.written_at IS 'Null for versions from before this was kept: their title is a later one.';

INSERT INTO interview_versions (interview_id, version, title, description, pacing, written_at)
SELECT i.id, v.version, i.title, i.description, i.pacing, CASE WHEN v.version = i.version THEN i.updated_at END
FROM interviews i CROSS JOIN LATERAL generate_series(1, i.version) AS v (version);

CREATE TRIGGER interview_versions_are_frozen BEFORE DELETE OR UPDATE ON interview_versions
FOR EACH ROW EXECUTE FUNCTION refuse_change();
