-- What answers are graded with, gradings beside the one that counts, and the text about each.

CREATE TABLE grading_recipes (
    sha256 text PRIMARY KEY,
    recipe jsonb NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE grading_recipes IS
'Models, parameters and whole prompts that the AI was asked with; results and texts name theirs by its hash.';
CREATE TRIGGER grading_recipes_are_kept BEFORE UPDATE OR DELETE ON grading_recipes
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE regrades (
    id uuid PRIMARY KEY,
    interview_id uuid NOT NULL REFERENCES interviews (id),
    recipe_sha256 text REFERENCES grading_recipes (sha256),
    begun_by uuid REFERENCES users (id),
    begun_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE regrades IS 'One request to grade again, of one session or of many of an interview.';
COMMENT ON COLUMN regrades.recipe_sha256 IS
'What its graders go by, whatever their own settings; null for those begun before this was kept.';
COMMENT ON COLUMN regrades.begun_by IS 'Null where the operator did, from the command line.';

CREATE TABLE gradings (
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    grading_version integer NOT NULL,
    regrade_id uuid NOT NULL REFERENCES regrades (id),
    base_version integer NOT NULL,
    PRIMARY KEY (session_id, grading_version),
    UNIQUE (regrade_id, session_id)
);
COMMENT ON TABLE gradings IS 'A session''s gradings after its first, each with the request that it came of.';
COMMENT ON COLUMN gradings.base_version IS 'The grading that counted when this one was begun.';

CREATE TABLE summaries (
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    grading_version integer NOT NULL,
    summary text NOT NULL,
    strengths jsonb NOT NULL,
    improvements jsonb NOT NULL,
    recommendation text,
    attempt integer NOT NULL,
    provenance jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (session_id, grading_version),
    CONSTRAINT summaries_recommendation_is_known CHECK (
        recommendation IN ('strong_hire', 'hire', 'maybe', 'no_hire')
    )
);
COMMENT ON TABLE summaries IS 'The text about a session, written once per grading; interview_sessions holds the one that counts.';
COMMENT ON COLUMN summaries.recommendation IS
'The AI''s advice, whatever a person signed; null for texts from before this was kept under which a person had signed.';
COMMENT ON COLUMN summaries.provenance IS 'Model, parameters, prompt hash, tokens, latency and raw output.';

-- What was begun and written before.
CREATE TEMPORARY TABLE begun_before ON COMMIT DROP AS
SELECT j.session_id, j.grading_version, s.interview_id, gen_random_uuid() AS regrade_id, min(j.created_at) AS begun_at
FROM jobs j INNER JOIN interview_sessions s ON s.id = j.session_id
WHERE j.kind = 'answer' AND j.grading_version > 1
GROUP BY j.session_id, j.grading_version, s.interview_id;

INSERT INTO regrades (id, interview_id, begun_at) SELECT b.regrade_id, b.interview_id, b.begun_at FROM begun_before b;
INSERT INTO gradings (session_id, grading_version, regrade_id, base_version)
SELECT b.session_id, b.grading_version, b.regrade_id, b.grading_version - 1 FROM begun_before b;

INSERT INTO summaries (
    session_id, grading_version, summary, strengths, improvements, recommendation, attempt, provenance, created_at
)
SELECT
    s.id, s.grading_version, s.ai_summary, coalesce(s.strengths, '[]'), coalesce(s.improvements, '[]'),
    CASE WHEN s.recommendation_signed_by IS NULL THEN s.recommendation END, 1, '{}', s.evaluated_at
FROM interview_sessions s
WHERE s.ai_summary IS NOT NULL;

-- What was found, written and decided is added to and never overwritten.
CREATE TRIGGER results_are_kept BEFORE UPDATE OR DELETE ON results
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER score_overrides_are_kept BEFORE UPDATE OR DELETE ON score_overrides
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER summaries_are_kept BEFORE UPDATE OR DELETE ON summaries
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER regrades_are_kept BEFORE UPDATE OR DELETE ON regrades
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gradings_are_kept BEFORE UPDATE OR DELETE ON gradings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- One row an answer of a regrade: what counts (once the regrade does: what counted before), and what it found.
CREATE VIEW regraded_answers AS
SELECT
    g.regrade_id, g.session_id, g.grading_version, a.question_index, q.type, q.points, r.state AS found,
    coalesce(a.graded_by = 'person', false) AS is_persons,
    CASE
        WHEN a.graded_by = 'person' THEN a.score
        WHEN s.grading_version = g.grading_version THEN CASE WHEN base.state = 'scored' THEN base.score END
        WHEN a.evaluation_state = 'scored' THEN a.score
    END AS old_score,
    CASE WHEN a.graded_by = 'person' THEN a.score WHEN r.state = 'scored' THEN r.score END AS new_score
FROM gradings g
INNER JOIN interview_sessions s ON s.id = g.session_id
INNER JOIN answers a ON a.session_id = g.session_id
INNER JOIN questions q ON q.id = a.question_id
LEFT JOIN results r ON r.answer_id = a.id AND r.grading_version = g.grading_version
LEFT JOIN results base ON base.answer_id = a.id AND base.grading_version = g.base_version;
