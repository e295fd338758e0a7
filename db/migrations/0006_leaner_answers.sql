-- Less to write for every answer.

-- What has been published is one number and no mark on every row: public events are published in the order of their positions.
ALTER TABLE stream_positions ADD COLUMN published bigint NOT NULL DEFAULT 0;
UPDATE stream_positions SET published = coalesce(
    (SELECT min(e.position) - 1 FROM stream_events e WHERE e.published_at IS NULL AND e.position IS NOT NULL), position
);
ALTER TABLE stream_positions ADD CONSTRAINT stream_positions_are_numbered_before_published CHECK (published <= position);
COMMENT ON COLUMN stream_positions.published IS 'The public stream has everything up to here; only the relay writes it.';
ALTER TABLE stream_events DROP COLUMN published_at;

-- Each foreign key costs a look-up and a lock on the other row for every answer; all candidates at one question wrote to that
-- question's row. The same statement locks or writes what these point to, and from here on nothing that they point to is ever removed.
ALTER TABLE answers DROP CONSTRAINT answers_session_id_fkey;
ALTER TABLE answers DROP CONSTRAINT answers_question_id_fkey;
ALTER TABLE jobs DROP CONSTRAINT jobs_session_id_fkey;
ALTER TABLE jobs DROP CONSTRAINT jobs_answer_id_fkey;
ALTER TABLE results DROP CONSTRAINT results_answer_id_fkey;

CREATE TRIGGER sessions_are_kept BEFORE DELETE ON interview_sessions
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answers_are_kept BEFORE DELETE ON answers
FOR EACH ROW EXECUTE FUNCTION refuse_change();
