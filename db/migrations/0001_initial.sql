-- The first schema of Interlock. Plain SQL, PostgreSQL 15 or newer; ids are made by the program.

-- People ---------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_is_lower_case CHECK (email = lower(email) AND email <> ''),
    CONSTRAINT users_name_is_given CHECK (name <> ''),
    CONSTRAINT users_role_is_known CHECK (role IN ('candidate', 'recruiter'))
);
COMMENT ON TABLE users IS 'Everybody who can sign in. Names never change through an invitation.';
COMMENT ON COLUMN users.email IS 'Lower case; the one natural key of a person.';

CREATE TABLE identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
COMMENT ON TABLE identities IS
'Users of an outside identity provider, matched by (iss, sub); bound the first time through a verified email.';

CREATE TABLE signing_secret (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    secret text NOT NULL
);
COMMENT ON TABLE signing_secret IS
'Signs session tokens where only an outside provider''s keys are configured; made by the first node, shared by all.';

-- Interviews -----------------------------------------------------------------------------------------------

CREATE TABLE interviews (
    id uuid PRIMARY KEY,
    created_by uuid NOT NULL REFERENCES users (id),
    title text NOT NULL,
    description text,
    pacing text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT interviews_pacing_is_known CHECK (pacing IN ('self_paced', 'scheduled')),
    CONSTRAINT interviews_version_counts_from_one CHECK (version >= 1),
    CONSTRAINT interviews_title_is_given CHECK (title <> '')
);
CREATE INDEX interviews_by_owner ON interviews (created_by, created_at);
COMMENT ON COLUMN interviews.created_by IS 'The recruiter who owns it; the only one who sees it and its sessions.';
COMMENT ON COLUMN interviews.version IS 'Grows with every replacement; names the set of question rows in force.';

CREATE TABLE questions (
    id uuid PRIMARY KEY,
    interview_id uuid NOT NULL REFERENCES interviews (id),
    version integer NOT NULL,
    position integer NOT NULL,
    type text NOT NULL,
    question_text text NOT NULL,
    time_limit integer NOT NULL,
    points integer NOT NULL,
    difficulty text,
    options jsonb,
    correct_answer text,
    expected_keywords jsonb,
    sample_answer text,
    language text,
    starter_code text,
    sample_solution text,
    evaluation_criteria jsonb,
    UNIQUE (interview_id, version, position),
    CONSTRAINT questions_type_is_known CHECK (type IN ('mcq', 'short_answer', 'code')),
    CONSTRAINT questions_position_counts_from_zero CHECK (position BETWEEN 0 AND 99),
    CONSTRAINT questions_time_limit_in_bounds CHECK (time_limit BETWEEN 5 AND 7200),
    CONSTRAINT questions_points_in_bounds CHECK (points BETWEEN 1 AND 1000),
    CONSTRAINT questions_difficulty_is_known CHECK (difficulty IN ('easy', 'medium', 'hard')),
    CONSTRAINT questions_mcq_has_its_key CHECK (
        (type = 'mcq') = (options IS NOT NULL AND correct_answer IS NOT NULL)
        AND (type <> 'mcq' OR options ? correct_answer)
    ),
    CONSTRAINT questions_code_has_its_rubric CHECK (
        (type = 'code') = (language IS NOT NULL AND sample_solution IS NOT NULL AND evaluation_criteria IS NOT NULL)
    ),
    CONSTRAINT questions_keywords_are_for_short_answers CHECK (
        type = 'short_answer' OR (expected_keywords IS NULL AND sample_answer IS NULL)
    )
);
COMMENT ON TABLE questions IS
'One row a question and interview version, never changed or reused: a session grades against what it was shown.';
COMMENT ON COLUMN questions.version IS 'The interview version that this row belongs to.';
COMMENT ON COLUMN questions.position IS 'Index in the interview, from 0.';
COMMENT ON COLUMN questions.time_limit IS 'Seconds, before any extra time.';
COMMENT ON COLUMN questions.options IS 'mcq: array of strings. correct_answer is one of them.';
COMMENT ON COLUMN questions.expected_keywords IS 'short_answer: array of strings, or null where only the AI judges.';
COMMENT ON COLUMN questions.evaluation_criteria IS 'code: array of strings that the AI scores one by one.';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER questions_are_frozen BEFORE UPDATE OR DELETE ON questions
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    interview_id uuid NOT NULL REFERENCES interviews (id),
    user_id uuid NOT NULL REFERENCES users (id),
    max_attempts integer NOT NULL DEFAULT 1,
    extra_time_percent integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    UNIQUE (interview_id, user_id),
    CONSTRAINT invitations_attempts_in_bounds CHECK (max_attempts BETWEEN 1 AND 100),
    CONSTRAINT invitations_extra_time_in_bounds CHECK (extra_time_percent BETWEEN 0 AND 400)
);
CREATE INDEX invitations_by_user ON invitations (user_id);
COMMENT ON COLUMN invitations.expires_at IS 'No session starts after this; one that has started goes on.';

CREATE TABLE sign_in_links (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    invitation_id uuid REFERENCES invitations (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX sign_in_links_by_invitation ON sign_in_links (invitation_id);
COMMENT ON TABLE sign_in_links IS
'Links that sign one person in. With an invitation: for that interview only, until it expires. Without: once.';
COMMENT ON COLUMN sign_in_links.token_hash IS 'SHA-256 of the token; the token itself is in the link only.';

-- Sessions -------------------------------------------------------------------------------------------------

CREATE TABLE interview_sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    interview_id uuid NOT NULL REFERENCES interviews (id),
    interview_version integer NOT NULL,
    recruiter_id uuid NOT NULL REFERENCES users (id),
    candidate_name text NOT NULL,
    interview_title text NOT NULL,
    attempt integer NOT NULL,
    pacing text NOT NULL,
    extra_time_percent integer NOT NULL,
    question_count integer NOT NULL,
    max_score integer NOT NULL,

    status text NOT NULL DEFAULT 'in_progress',
    started_at timestamptz NOT NULL,
    completed_at timestamptz,
    current_question_index integer NOT NULL DEFAULT 0,
    question_started_at timestamptz,
    question_deadline timestamptz,
    question_frozen interval NOT NULL DEFAULT '0',
    paused_at timestamptz,
    paused_remaining interval,
    revision bigint NOT NULL DEFAULT 1,
    last_activity_at timestamptz NOT NULL,
    flags text[] NOT NULL DEFAULT '{}',

    fence bigint NOT NULL DEFAULT 0,
    holder_node uuid,
    holder_sid text,
    locked_until timestamptz,
    lock_token_hash bytea,
    resume_token_hash bytea,
    previous_resume_token_hash bytea,

    grading_version integer NOT NULL DEFAULT 1,
    evaluated_at timestamptz,
    final_score numeric(8, 2),
    percentage numeric(5, 2),
    totals_version integer NOT NULL DEFAULT 0,
    ai_summary text,
    strengths jsonb,
    improvements jsonb,
    recommendation text,
    recommendation_signed_by uuid REFERENCES users (id),
    recommendation_signed_at timestamptz,
    released_at timestamptz,

    UNIQUE (user_id, interview_id, attempt),
    CONSTRAINT sessions_status_is_known CHECK (status IN ('in_progress', 'completed', 'abandoned', 'terminated')),
    CONSTRAINT sessions_pacing_is_known CHECK (pacing IN ('self_paced', 'scheduled')),
    CONSTRAINT sessions_end_has_its_time CHECK ((status = 'in_progress') = (completed_at IS NULL)),
    CONSTRAINT sessions_index_in_bounds CHECK (
        current_question_index BETWEEN 0 AND question_count
        AND (status <> 'in_progress' OR current_question_index < question_count)
        AND (status <> 'completed' OR current_question_index = question_count)
    ),
    CONSTRAINT sessions_clock_runs_while_in_progress CHECK (
        CASE
            WHEN status <> 'in_progress'
                THEN question_started_at IS NULL AND question_deadline IS NULL AND paused_at IS NULL
            WHEN paused_at IS NULL
                THEN question_started_at IS NOT NULL AND question_deadline > question_started_at
            ELSE question_started_at IS NOT NULL AND question_deadline IS NULL
        END
    ),
    CONSTRAINT sessions_pause_keeps_its_remainder CHECK ((paused_at IS NULL) = (paused_remaining IS NULL)),
    CONSTRAINT sessions_holder_is_whole CHECK ((holder_node IS NULL) = (holder_sid IS NULL)),
    CONSTRAINT sessions_totals_are_whole CHECK (
        (evaluated_at IS NULL) = (final_score IS NULL)
        AND (evaluated_at IS NULL) = (percentage IS NULL)
        AND (evaluated_at IS NULL OR status IN ('completed', 'terminated'))
    ),
    CONSTRAINT sessions_score_in_bounds CHECK (final_score BETWEEN 0 AND max_score),
    CONSTRAINT sessions_summary_is_of_a_completed_one CHECK (ai_summary IS NULL OR status = 'completed'),
    CONSTRAINT sessions_recommendation_is_known CHECK (
        recommendation IN ('strong_hire', 'hire', 'maybe', 'no_hire')
    )
);
CREATE UNIQUE INDEX one_session_in_progress_per_user ON interview_sessions (user_id) WHERE status = 'in_progress';
CREATE INDEX sessions_by_deadline ON interview_sessions (question_deadline)
WHERE status = 'in_progress' AND question_deadline IS NOT NULL;
CREATE INDEX sessions_paused ON interview_sessions (paused_at) WHERE paused_at IS NOT NULL;
CREATE INDEX sessions_held ON interview_sessions (holder_node) WHERE holder_node IS NOT NULL;
CREATE INDEX sessions_board_by_activity ON interview_sessions (recruiter_id, last_activity_at DESC, id);
CREATE INDEX sessions_board_by_start ON interview_sessions (recruiter_id, started_at, id);
CREATE INDEX sessions_board_by_percentage ON interview_sessions (recruiter_id, coalesce(percentage, -1) DESC, id);
CREATE INDEX sessions_board_by_name ON interview_sessions (recruiter_id, candidate_name, id);
CREATE INDEX sessions_by_interview ON interview_sessions (interview_id, last_activity_at DESC, id);

COMMENT ON TABLE interview_sessions IS 'One attempt of one candidate at one interview. Every writer locks this row first.';
COMMENT ON COLUMN interview_sessions.interview_version IS 'The frozen set of questions that this session was shown.';
COMMENT ON COLUMN interview_sessions.recruiter_id IS 'Owner of the interview: the room that hears of this session.';
COMMENT ON COLUMN interview_sessions.completed_at IS 'When it ended, in whatever way.';
COMMENT ON COLUMN interview_sessions.current_question_index IS 'From 0; question_count once completed.';
COMMENT ON COLUMN interview_sessions.question_started_at IS
'Opening of the current question. In the future while a scheduled session waits; null once ended.';
COMMENT ON COLUMN interview_sessions.question_deadline IS
'Deadline of the current question, grace not included; null while paused and once ended. In scheduled pacing it is the next opening too.';
COMMENT ON COLUMN interview_sessions.question_frozen IS 'Time of pauses and outages since the opening; not counted as time taken.';
COMMENT ON COLUMN interview_sessions.paused_remaining IS 'Deadline minus paused_at, kept for the resumption.';
COMMENT ON COLUMN interview_sessions.revision IS 'Grows with every change that the candidate must hear of.';
COMMENT ON COLUMN interview_sessions.flags IS 'Words that call a person''s attention; they never punish.';
COMMENT ON COLUMN interview_sessions.fence IS
'Grows with every join and never otherwise; every write of a connection carries the fence it joined with.';
COMMENT ON COLUMN interview_sessions.holder_node IS 'The node whose connection (holder_sid) holds the session; null where none does.';
COMMENT ON COLUMN interview_sessions.locked_until IS
'infinity while held; the disconnect''s time after a clean one; the lease''s end once the holder''s node was found dead.';
COMMENT ON COLUMN interview_sessions.previous_resume_token_hash IS
'Still good until the current lock token''s first write: the ack that carried the new one may have been lost.';
COMMENT ON COLUMN interview_sessions.grading_version IS 'The version of results that counts.';
COMMENT ON COLUMN interview_sessions.totals_version IS 'Grows with every change of the totals.';
COMMENT ON COLUMN interview_sessions.recommendation IS 'Advisory until recommendation_signed_by is set.';

CREATE TABLE answers (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    question_id uuid NOT NULL REFERENCES questions (id),
    question_index integer NOT NULL,
    answer_text text,
    how text NOT NULL,
    late boolean NOT NULL DEFAULT false,
    sha256 text NOT NULL,
    submitted_at timestamptz NOT NULL,
    time_taken numeric(10, 3) NOT NULL,

    evaluation_state text NOT NULL DEFAULT 'queued',
    evaluated boolean NOT NULL GENERATED ALWAYS AS (evaluation_state = 'scored') STORED,
    evaluated_at timestamptz,
    score numeric(8, 2),
    feedback jsonb,
    graded_by text,
    result_version integer NOT NULL DEFAULT 0,

    UNIQUE (session_id, question_id),
    UNIQUE (session_id, question_index),
    CONSTRAINT answers_how_is_known CHECK (how IN ('submitted', 'auto', 'expired', 'terminated')),
    CONSTRAINT answers_only_submitted_ones_are_late CHECK (NOT late OR how = 'submitted'),
    CONSTRAINT answers_time_taken_is_not_negative CHECK (time_taken >= 0),
    CONSTRAINT answers_state_is_known CHECK (
        evaluation_state IN ('queued', 'running', 'partial', 'scored', 'needs_review', 'failed')
    ),
    CONSTRAINT answers_scored_has_its_score CHECK (
        evaluation_state <> 'scored' OR (score IS NOT NULL AND evaluated_at IS NOT NULL AND graded_by IS NOT NULL)
    ),
    CONSTRAINT answers_score_is_not_negative CHECK (score >= 0),
    CONSTRAINT answers_grader_is_known CHECK (graded_by IN ('rule', 'ai', 'person'))
);
CREATE INDEX answers_unsettled ON answers (session_id) WHERE evaluation_state <> 'scored';
COMMENT ON TABLE answers IS 'What was answered, once per session and question, and the result that counts now.';
COMMENT ON COLUMN answers.answer_text IS 'Exactly as it came; null where nothing did.';
COMMENT ON COLUMN answers.how IS 'submitted and auto came from the client, expired and terminated from the server.';
COMMENT ON COLUMN answers.sha256 IS 'The receipt: hex SHA-256 over session_id, question_id and the answer, joined by newlines.';
COMMENT ON COLUMN answers.time_taken IS 'Seconds from the opening, pauses and outages not counted.';
COMMENT ON COLUMN answers.graded_by IS 'rule (exact match, keywords alone, empty), ai, or person.';
COMMENT ON COLUMN answers.result_version IS 'Grows with every change of the result.';

CREATE TABLE drafts (
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    question_index integer NOT NULL,
    revision bigint NOT NULL,
    answer text,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, question_index),
    CONSTRAINT drafts_revision_counts_from_one CHECK (revision >= 1)
);
COMMENT ON TABLE drafts IS 'The newest draft of each question; it becomes the answer if the server closes the question.';
COMMENT ON COLUMN drafts.revision IS 'Counted by the client per question from 1; a lower or equal one changes nothing.';

CREATE TABLE draft_history (
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    question_index integer NOT NULL,
    revision bigint NOT NULL,
    answer text,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, question_index, revision)
);
COMMENT ON TABLE draft_history IS 'Earlier drafts at a few seconds'' distance, for the recruiter''s slider.';

CREATE TABLE signals (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    question_index integer NOT NULL,
    kind text NOT NULL,
    detail jsonb,
    client_time timestamptz NOT NULL,
    server_time timestamptz NOT NULL,
    CONSTRAINT signals_kind_is_known CHECK (kind IN (
        'tab_hidden', 'tab_visible', 'paste', 'copy', 'fullscreen_exit', 'devtools', 'offline', 'online'
    ))
);
CREATE INDEX signals_by_session ON signals (session_id, server_time);

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    revision bigint NOT NULL,
    action text NOT NULL,
    actor_id uuid REFERENCES users (id),
    reason text,
    detail jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL,
    CONSTRAINT audit_action_is_known CHECK (action IN (
        'started', 'joined', 'taken_over', 'left', 'started_over', 'completed', 'extended', 'outage', 'paused', 'resumed',
        'terminated', 'message', 'released', 'signed', 'scored', 'regraded', 'promoted'
    ))
);
CREATE INDEX audit_by_session ON audit (session_id, id);
COMMENT ON TABLE audit IS 'Who did what to a session and why. Nodes read it for the reasons that a candidate is told.';
COMMENT ON COLUMN audit.revision IS 'The session''s revision after the act.';
COMMENT ON COLUMN audit.actor_id IS 'Null where the server acted.';
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Evaluation -----------------------------------------------------------------------------------------------

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    answer_id uuid REFERENCES answers (id),
    grading_version integer NOT NULL,
    state text NOT NULL DEFAULT 'queued',
    attempt integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_kind_is_known CHECK (kind IN ('answer', 'summary')),
    CONSTRAINT jobs_answer_is_named CHECK ((kind = 'answer') = (answer_id IS NOT NULL)),
    CONSTRAINT jobs_state_is_known CHECK (state IN ('queued', 'running', 'done', 'dead')),
    CONSTRAINT jobs_running_has_a_lease CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CONSTRAINT jobs_attempt_is_not_negative CHECK (attempt >= 0),
    CONSTRAINT jobs_failures_are_attempts CHECK (failures BETWEEN 0 AND attempt)
);
CREATE UNIQUE INDEX one_job_per_answer_and_version ON jobs (answer_id, grading_version) WHERE kind = 'answer';
CREATE UNIQUE INDEX one_summary_job_per_session_and_version ON jobs (session_id, grading_version) WHERE kind = 'summary';
CREATE INDEX jobs_to_publish ON jobs (due_at) WHERE published_at IS NULL AND state = 'queued';
CREATE INDEX jobs_unsettled ON jobs (published_at) WHERE published_at IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX jobs_dead_unpublished ON jobs (id) WHERE state = 'dead' AND published_at IS NULL;
COMMENT ON TABLE jobs IS 'The truth about work to do; stream entries only point here.';
COMMENT ON COLUMN jobs.attempt IS 'Grows with every claim; a result is recorded only by the latest attempt.';
COMMENT ON COLUMN jobs.failures IS 'Attempts that the grader failed; a crash or a hand-back grows attempt only.';
COMMENT ON COLUMN jobs.due_at IS 'Not to be published before: back-off after a failure.';
COMMENT ON COLUMN jobs.published_at IS
'When it was last put on its stream (a dead one: on the dead-letter stream); null asks for it (again).';

CREATE TABLE results (
    id uuid PRIMARY KEY,
    answer_id uuid NOT NULL REFERENCES answers (id),
    grading_version integer NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    score numeric(8, 2),
    feedback jsonb NOT NULL,
    graded_by text NOT NULL,
    provenance jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (answer_id, grading_version),
    CONSTRAINT results_state_is_known CHECK (state IN ('partial', 'scored', 'needs_review')),
    CONSTRAINT results_scored_has_its_score CHECK (state <> 'scored' OR score IS NOT NULL),
    CONSTRAINT results_grader_is_known CHECK (graded_by IN ('rule', 'ai'))
);
COMMENT ON TABLE results IS 'What a grader found, one row an answer and grading version; answers holds what counts.';
COMMENT ON COLUMN results.provenance IS 'Model, parameters, prompt hash, tokens, latency and raw output of an AI result.';

CREATE TABLE score_overrides (
    id uuid PRIMARY KEY,
    answer_id uuid NOT NULL REFERENCES answers (id),
    score numeric(8, 2) NOT NULL,
    reason text NOT NULL,
    scored_by uuid NOT NULL REFERENCES users (id),
    scored_at timestamptz NOT NULL,
    CONSTRAINT score_overrides_reason_is_given CHECK (reason <> ''),
    CONSTRAINT score_overrides_score_is_not_negative CHECK (score >= 0)
);
CREATE INDEX score_overrides_by_answer ON score_overrides (answer_id, scored_at);
COMMENT ON TABLE score_overrides IS 'Scores given by a person; the newest wins over every grader, for good.';

-- Events ---------------------------------------------------------------------------------------------------

CREATE TABLE feeds (
    recruiter_id uuid PRIMARY KEY REFERENCES users (id),
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    last_offset bigint NOT NULL DEFAULT 0,
    pruned_offset bigint NOT NULL DEFAULT 0,
    CONSTRAINT feeds_are_pruned_from_below CHECK (pruned_offset BETWEEN 0 AND last_offset)
);
COMMENT ON TABLE feeds IS 'The position of each recruiter''s feed; only the relay writes it.';
COMMENT ON COLUMN feeds.epoch IS 'Changes when history is lost; offsets are comparable within one epoch only.';
COMMENT ON COLUMN feeds.pruned_offset IS 'Events up to here are gone; a replay from below is answered resync_required.';

CREATE TABLE feed_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recruiter_id uuid NOT NULL REFERENCES users (id),
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    feed_offset bigint,
    CONSTRAINT feed_events_kind_is_known CHECK (kind IN (
        'session_started', 'session_connected', 'session_disconnected', 'question_advanced', 'answer_submitted',
        'answer_evaluated', 'session_ended', 'interview_completed', 'session_changed', 'signal_reported', 'evaluation_failed'
    ))
);
CREATE UNIQUE INDEX feed_events_by_offset ON feed_events (recruiter_id, feed_offset) WHERE feed_offset IS NOT NULL;
CREATE INDEX feed_events_unnumbered ON feed_events (id) WHERE feed_offset IS NULL;
CREATE INDEX feed_events_by_session ON feed_events (session_id, id);
CREATE INDEX feed_events_by_age ON feed_events (created_at);
COMMENT ON TABLE feed_events IS 'What recruiters'' rooms hear. Written without a number; the relay gives it after commit.';
COMMENT ON COLUMN feed_events.id IS 'In commit order per session, for its writers hold the session''s lock; not gapless.';
COMMENT ON COLUMN feed_events.feed_offset IS 'Gapless per recruiter, from 1; null until the relay has numbered it.';

CREATE TABLE stream_positions (
    stream text PRIMARY KEY,
    installed_ms bigint NOT NULL,
    position bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE stream_positions IS 'The last position given on each public stream; only the relay writes it.';
COMMENT ON COLUMN stream_positions.installed_ms IS
'First half of every entry''s id (position is the second): a new database always writes above an older one''s entries.';
INSERT INTO stream_positions (stream, installed_ms)
VALUES ('interlock.evaluation.results', (extract(EPOCH FROM clock_timestamp()) * 1000)::bigint);

CREATE TABLE stream_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    session_id uuid NOT NULL REFERENCES interview_sessions (id),
    type text NOT NULL,
    data jsonb NOT NULL,
    occurred_at timestamptz NOT NULL,
    position bigint UNIQUE,
    published_at timestamptz,
    CONSTRAINT stream_events_type_is_known CHECK (type IN (
        'interlock.answer.evaluated', 'interlock.session.started', 'interlock.session.ended', 'interlock.session.evaluated'
    )),
    CONSTRAINT stream_events_are_numbered_before_published CHECK (published_at IS NULL OR position IS NOT NULL)
);
CREATE INDEX stream_events_unnumbered ON stream_events (id) WHERE position IS NULL;
CREATE INDEX stream_events_unpublished ON stream_events (position) WHERE published_at IS NULL AND position IS NOT NULL;
CREATE INDEX stream_events_by_age ON stream_events (occurred_at);
COMMENT ON TABLE stream_events IS 'The public stream''s CloudEvents; Redis is refilled from here.';
COMMENT ON COLUMN stream_events.event_id IS 'The CloudEvents id: the same at every delivery.';
COMMENT ON COLUMN stream_events.position IS 'In commit order per session, given by the relay after commit.';

-- Nodes and time -------------------------------------------------------------------------------------------

CREATE TABLE nodes (
    id uuid PRIMARY KEY,
    address text NOT NULL,
    started_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL
);
COMMENT ON TABLE nodes IS 'Realtime nodes; one whose lease has ended is dead and holds nothing.';

CREATE TABLE liveness (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    last_alive timestamptz NOT NULL
);
COMMENT ON TABLE liveness IS 'One row: when any node last renewed its lease. The renewal that finds a gap credits it.';
INSERT INTO liveness (last_alive) VALUES (clock_timestamp());

CREATE TABLE outages (
    id uuid PRIMARY KEY,
    began_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    sessions_credited integer NOT NULL,
    CONSTRAINT outages_end_after_they_begin CHECK (ended_at > began_at)
);
COMMENT ON TABLE outages IS 'Spans in which no node was alive, and how many sessions had them given back.';
