-- A witness inside the database, who cannot be fooled by anything that happens between processes: every change of a
-- session's clock or holder, and every write under its lock, is noted in the same transaction that makes it.

CREATE TABLE witnessed_clocks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id uuid NOT NULL,
    seen_at timestamptz NOT NULL,
    status text NOT NULL,
    index integer NOT NULL,
    deadline timestamptz,
    paused_at timestamptz,
    revision bigint NOT NULL
);
CREATE INDEX witnessed_clocks_by_session ON witnessed_clocks (session_id, id);

CREATE TABLE witnessed_fences (
    session_id uuid NOT NULL,
    fence bigint NOT NULL,
    lock_token_hash bytea NOT NULL,
    PRIMARY KEY (session_id, fence)
);

CREATE TABLE witnessed_writes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id uuid NOT NULL,
    fence bigint NOT NULL,
    what text NOT NULL,
    answer text
);

CREATE FUNCTION witness_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (
        NEW.status, NEW.current_question_index, NEW.question_deadline, NEW.paused_at, NEW.revision
    ) IS DISTINCT FROM (
        OLD.status, OLD.current_question_index, OLD.question_deadline, OLD.paused_at, OLD.revision
    ) THEN
        INSERT INTO witnessed_clocks (session_id, seen_at, status, index, deadline, paused_at, revision)
        VALUES (
            NEW.id, clock_timestamp(), NEW.status, NEW.current_question_index, NEW.question_deadline, NEW.paused_at,
            NEW.revision
        );
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.fence IS DISTINCT FROM OLD.fence THEN
        INSERT INTO witnessed_fences (session_id, fence, lock_token_hash)
        VALUES (NEW.id, NEW.fence, NEW.lock_token_hash);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER witness AFTER INSERT OR UPDATE ON interview_sessions
FOR EACH ROW EXECUTE FUNCTION witness_session();

CREATE FUNCTION witness_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO witnessed_writes (session_id, fence, what, answer)
    SELECT NEW.session_id, s.fence, 'draft', NEW.answer FROM interview_sessions s WHERE s.id = NEW.session_id;
    RETURN NEW;
END $$;
CREATE TRIGGER witness AFTER INSERT OR UPDATE ON drafts FOR EACH ROW EXECUTE FUNCTION witness_draft();

CREATE FUNCTION witness_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO witnessed_writes (session_id, fence, what, answer)
    SELECT NEW.session_id, s.fence, NEW.how, NEW.answer_text FROM interview_sessions s WHERE s.id = NEW.session_id;
    RETURN NEW;
END $$;
CREATE TRIGGER witness AFTER INSERT ON answers FOR EACH ROW EXECUTE FUNCTION witness_answer();
