-- What the Node peer stores: the same facts as ours about a session, its answers and their results.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE interviews (
    id uuid PRIMARY KEY,
    recruiter_id uuid NOT NULL REFERENCES users (id),
    title text NOT NULL
);

CREATE TABLE questions (
    id uuid PRIMARY KEY,
    interview_id uuid NOT NULL REFERENCES interviews (id),
    position integer NOT NULL,
    question_text text NOT NULL,
    options jsonb NOT NULL,
    correct_answer text NOT NULL,
    points integer NOT NULL,
    time_limit integer NOT NULL,
    UNIQUE (interview_id, position)
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    interview_id uuid NOT NULL REFERENCES interviews (id),
    recruiter_id uuid NOT NULL REFERENCES users (id),
    candidate_name text NOT NULL,
    status text NOT NULL DEFAULT 'in_progress',
    question_count integer NOT NULL,
    current_question_index integer NOT NULL DEFAULT 0,
    question_started_at timestamptz NOT NULL,
    question_deadline timestamptz NOT NULL,
    lock_token text,
    revision bigint NOT NULL DEFAULT 1,
    completed_at timestamptz,
    evaluated_at timestamptz,
    final_score integer
);

CREATE UNIQUE INDEX one_session_in_progress_per_user ON sessions (user_id) WHERE status = 'in_progress';

CREATE TABLE answers (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id),
    question_id uuid NOT NULL REFERENCES questions (id),
    question_index integer NOT NULL,
    answer_text text,
    how text NOT NULL,
    late boolean NOT NULL,
    sha256 text NOT NULL,
    submitted_at timestamptz NOT NULL,
    time_taken_seconds real NOT NULL,
    evaluation_state text NOT NULL DEFAULT 'queued',
    score integer,
    evaluated_at timestamptz,
    UNIQUE (session_id, question_index)
);

-- What the sweeper asks for: a job that Redis lost is made again from here.
CREATE INDEX answers_queued ON answers (submitted_at) WHERE evaluation_state = 'queued';

CREATE TABLE results (
    answer_id uuid PRIMARY KEY REFERENCES answers (id),
    score integer NOT NULL,
    feedback jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recruiter_id uuid NOT NULL REFERENCES users (id),
    session_id uuid NOT NULL REFERENCES sessions (id),
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
