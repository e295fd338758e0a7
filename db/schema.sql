-- Made from db/migrations by `poe schema`; a test holds it equal to them. Not to be edited.

CREATE TABLE public.interview_sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    interview_id uuid NOT NULL,
    interview_version integer NOT NULL,
    recruiter_id uuid NOT NULL,
    candidate_name text NOT NULL,
    interview_title text NOT NULL,
    attempt integer NOT NULL,
    pacing text NOT NULL,
    extra_time_percent integer NOT NULL,
    question_count integer NOT NULL,
    max_score integer NOT NULL,
    status text DEFAULT 'in_progress'::text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    current_question_index integer DEFAULT 0 NOT NULL,
    question_started_at timestamp with time zone,
    question_deadline timestamp with time zone,
    question_frozen interval DEFAULT '00:00:00'::interval NOT NULL,
    paused_at timestamp with time zone,
    paused_remaining interval,
    revision bigint DEFAULT 1 NOT NULL,
    last_activity_at timestamp with time zone NOT NULL,
    flags text[] DEFAULT '{}'::text[] NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    holder_node uuid,
    holder_sid text,
    locked_until timestamp with time zone,
    lock_token_hash bytea,
    resume_token_hash bytea,
    previous_resume_token_hash bytea,
    grading_version integer DEFAULT 1 NOT NULL,
    evaluated_at timestamp with time zone,
    final_score numeric(8,2),
    percentage numeric(5,2),
    totals_version integer DEFAULT 0 NOT NULL,
    ai_summary text,
    strengths jsonb,
    improvements jsonb,
    recommendation text,
    recommendation_signed_by uuid,
    recommendation_signed_at timestamp with time zone,
    released_at timestamp with time zone,
    CONSTRAINT sessions_clock_runs_while_in_progress CHECK (
CASE
    WHEN (status <> 'in_progress'::text) THEN ((question_started_at IS NULL) AND (question_deadline IS NULL) AND (paused_at IS NULL))
    WHEN (paused_at IS NULL) THEN ((question_started_at IS NOT NULL) AND (question_deadline > question_started_at))
    ELSE ((question_started_at IS NOT NULL) AND (question_deadline IS NULL))
END),
    CONSTRAINT sessions_end_has_its_time CHECK (((status = 'in_progress'::text) = (completed_at IS NULL))),
    CONSTRAINT sessions_holder_is_whole CHECK (((holder_node IS NULL) = (holder_sid IS NULL))),
    CONSTRAINT sessions_index_in_bounds CHECK ((((current_question_index >= 0) AND (current_question_index <= question_count)) AND ((status <> 'in_progress'::text) OR (current_question_index < question_count)) AND ((status <> 'completed'::text) OR (current_question_index = question_count)))),
    CONSTRAINT sessions_pacing_is_known CHECK ((pacing = ANY (ARRAY['self_paced'::text, 'scheduled'::text]))),
    CONSTRAINT sessions_pause_keeps_its_remainder CHECK (((paused_at IS NULL) = (paused_remaining IS NULL))),
    CONSTRAINT sessions_recommendation_is_known CHECK ((recommendation = ANY (ARRAY['strong_hire'::text, 'hire'::text, 'maybe'::text, 'no_hire'::text]))),
    CONSTRAINT sessions_score_in_bounds CHECK (((final_score >= (0)::numeric) AND (final_score <= (max_score)::numeric))),
    CONSTRAINT sessions_status_is_known CHECK ((status = ANY (ARRAY['in_progress'::text, 'completed'::text, 'abandoned'::text, 'terminated'::text]))),
    CONSTRAINT sessions_summary_is_of_a_completed_one CHECK (((ai_summary IS NULL) OR (status = 'completed'::text))),
    CONSTRAINT sessions_totals_are_whole CHECK ((((evaluated_at IS NULL) = (final_score IS NULL)) AND ((evaluated_at IS NULL) = (percentage IS NULL)) AND ((evaluated_at IS NULL) OR (status = ANY (ARRAY['completed'::text, 'terminated'::text])))))
);

COMMENT ON TABLE public.interview_sessions IS 'One attempt of one candidate at one interview. Every writer locks this row first.';

COMMENT ON COLUMN public.interview_sessions.interview_version IS 'The frozen set of questions that this session was shown.';

COMMENT ON COLUMN public.interview_sessions.recruiter_id IS 'Owner of the interview: the room that hears of this session.';

COMMENT ON COLUMN public.interview_sessions.completed_at IS 'When it ended, in whatever way.';

COMMENT ON COLUMN public.interview_sessions.current_question_index IS 'From 0; question_count once completed.';

COMMENT ON COLUMN public.interview_sessions.question_started_at IS 'Opening of the current question. In the future while a scheduled session waits; null once ended.';

COMMENT ON COLUMN public.interview_sessions.question_deadline IS 'Deadline of the current question, grace not included; null while paused and once ended. In scheduled pacing it is the next opening too.';

COMMENT ON COLUMN public.interview_sessions.question_frozen IS 'Time of pauses and outages since the opening; not counted as time taken.';

COMMENT ON COLUMN public.interview_sessions.paused_remaining IS 'Deadline minus paused_at, kept for the resumption.';

COMMENT ON COLUMN public.interview_sessions.revision IS 'Grows with every change that the candidate must hear of.';

COMMENT ON COLUMN public.interview_sessions.flags IS 'Words that call a person''s attention; they never punish.';

COMMENT ON COLUMN public.interview_sessions.fence IS 'Grows with every join and never otherwise; every write of a connection carries the fence it joined with.';

COMMENT ON COLUMN public.interview_sessions.holder_node IS 'The node whose connection (holder_sid) holds the session; null where none does.';

COMMENT ON COLUMN public.interview_sessions.locked_until IS 'infinity while held; the disconnect''s time after a clean one; the lease''s end once the holder''s node was found dead.';

COMMENT ON COLUMN public.interview_sessions.previous_resume_token_hash IS 'Still good until the current lock token''s first write: the ack that carried the new one may have been lost.';

COMMENT ON COLUMN public.interview_sessions.grading_version IS 'The version of results that counts.';

COMMENT ON COLUMN public.interview_sessions.totals_version IS 'Grows with every change of the totals.';

COMMENT ON COLUMN public.interview_sessions.recommendation IS 'Advisory until recommendation_signed_by is set.';

CREATE TABLE public.invitations (
    id uuid NOT NULL,
    interview_id uuid NOT NULL,
    user_id uuid NOT NULL,
    max_attempts integer DEFAULT 1 NOT NULL,
    extra_time_percent integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT invitations_attempts_in_bounds CHECK (((max_attempts >= 1) AND (max_attempts <= 100))),
    CONSTRAINT invitations_extra_time_in_bounds CHECK (((extra_time_percent >= 0) AND (extra_time_percent <= 400)))
);

COMMENT ON COLUMN public.invitations.expires_at IS 'No session starts after this; one that has started goes on.';

CREATE FUNCTION public.attempts_left(candidate uuid, interview uuid) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (GREATEST((COALESCE((SELECT v.max_attempts FROM public.invitations v WHERE ((v.user_id = attempts_left.candidate) AND (v.interview_id = attempts_left.interview) AND (v.revoked_at IS NULL) AND (v.expires_at > clock_timestamp()))), 0) - (SELECT count(*) AS count FROM public.interview_sessions s WHERE ((s.user_id = attempts_left.candidate) AND (s.interview_id = attempts_left.interview)))), (0)::bigint))::integer;

COMMENT ON FUNCTION public.attempts_left(candidate uuid, interview uuid) IS 'How many attempts a candidate has left at an interview; 0 where the invitation is gone.';

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE public.answers (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    question_id uuid NOT NULL,
    question_index integer NOT NULL,
    answer_text text,
    how text NOT NULL,
    late boolean DEFAULT false NOT NULL,
    sha256 text NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    time_taken numeric(10,3) NOT NULL,
    evaluation_state text DEFAULT 'queued'::text NOT NULL,
    evaluated boolean GENERATED ALWAYS AS ((evaluation_state = 'scored'::text)) STORED NOT NULL,
    evaluated_at timestamp with time zone,
    score numeric(8,2),
    feedback jsonb,
    graded_by text,
    result_version integer DEFAULT 0 NOT NULL,
    CONSTRAINT answers_grader_is_known CHECK ((graded_by = ANY (ARRAY['rule'::text, 'ai'::text, 'person'::text]))),
    CONSTRAINT answers_how_is_known CHECK ((how = ANY (ARRAY['submitted'::text, 'auto'::text, 'expired'::text, 'terminated'::text]))),
    CONSTRAINT answers_only_submitted_ones_are_late CHECK (((NOT late) OR (how = 'submitted'::text))),
    CONSTRAINT answers_score_is_not_negative CHECK ((score >= (0)::numeric)),
    CONSTRAINT answers_scored_has_its_score CHECK (((evaluation_state <> 'scored'::text) OR ((score IS NOT NULL) AND (evaluated_at IS NOT NULL) AND (graded_by IS NOT NULL)))),
    CONSTRAINT answers_state_is_known CHECK ((evaluation_state = ANY (ARRAY['queued'::text, 'running'::text, 'partial'::text, 'scored'::text, 'needs_review'::text, 'failed'::text]))),
    CONSTRAINT answers_time_taken_is_not_negative CHECK ((time_taken >= (0)::numeric))
);

COMMENT ON TABLE public.answers IS 'What was answered, once per session and question, and the result that counts now.';

COMMENT ON COLUMN public.answers.answer_text IS 'Exactly as it came; null where nothing did.';

COMMENT ON COLUMN public.answers.how IS 'submitted and auto came from the client, expired and terminated from the server.';

COMMENT ON COLUMN public.answers.sha256 IS 'The receipt: hex SHA-256 over session_id, question_id and the answer, joined by newlines.';

COMMENT ON COLUMN public.answers.time_taken IS 'Seconds from the opening, pauses and outages not counted.';

COMMENT ON COLUMN public.answers.graded_by IS 'rule (exact match, keywords alone, empty), ai, or person.';

COMMENT ON COLUMN public.answers.result_version IS 'Grows with every change of the result.';

CREATE TABLE public.audit (
    id bigint NOT NULL,
    session_id uuid NOT NULL,
    revision bigint NOT NULL,
    action text NOT NULL,
    actor_id uuid,
    reason text,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT audit_action_is_known CHECK ((action = ANY (ARRAY['started'::text, 'joined'::text, 'taken_over'::text, 'left'::text, 'started_over'::text, 'completed'::text, 'extended'::text, 'outage'::text, 'paused'::text, 'resumed'::text, 'terminated'::text, 'message'::text, 'released'::text, 'signed'::text, 'scored'::text, 'regraded'::text, 'promoted'::text])))
);

COMMENT ON TABLE public.audit IS 'Who did what to a session and why. Nodes read it for the reasons that a candidate is told.';

COMMENT ON COLUMN public.audit.revision IS 'The session''s revision after the act.';

COMMENT ON COLUMN public.audit.actor_id IS 'Null where the server acted.';

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.draft_history (
    session_id uuid NOT NULL,
    question_index integer NOT NULL,
    revision bigint NOT NULL,
    answer text,
    saved_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.draft_history IS 'Earlier drafts at a few seconds'' distance, for the recruiter''s slider.';

CREATE TABLE public.drafts (
    session_id uuid NOT NULL,
    question_index integer NOT NULL,
    revision bigint NOT NULL,
    answer text,
    saved_at timestamp with time zone NOT NULL,
    CONSTRAINT drafts_revision_counts_from_one CHECK ((revision >= 1))
);

COMMENT ON TABLE public.drafts IS 'The newest draft of each question; it becomes the answer if the server closes the question.';

COMMENT ON COLUMN public.drafts.revision IS 'Counted by the client per question from 1; a lower or equal one changes nothing.';

CREATE TABLE public.feed_events (
    id bigint NOT NULL,
    recruiter_id uuid NOT NULL,
    session_id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    feed_offset bigint,
    CONSTRAINT feed_events_kind_is_known CHECK ((kind = ANY (ARRAY['session_started'::text, 'session_connected'::text, 'session_disconnected'::text, 'question_advanced'::text, 'answer_submitted'::text, 'answer_evaluated'::text, 'session_ended'::text, 'interview_completed'::text, 'session_changed'::text, 'signal_reported'::text, 'evaluation_failed'::text])))
);

COMMENT ON TABLE public.feed_events IS 'What recruiters'' rooms hear. Written without a number; the relay gives it after commit.';

COMMENT ON COLUMN public.feed_events.id IS 'In commit order per session, for its writers hold the session''s lock; not gapless.';

COMMENT ON COLUMN public.feed_events.feed_offset IS 'Gapless per recruiter, from 1; null until the relay has numbered it.';

ALTER TABLE public.feed_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.feed_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feeds (
    recruiter_id uuid NOT NULL,
    epoch uuid DEFAULT gen_random_uuid() NOT NULL,
    last_offset bigint DEFAULT 0 NOT NULL,
    pruned_offset bigint DEFAULT 0 NOT NULL,
    CONSTRAINT feeds_are_pruned_from_below CHECK (((pruned_offset >= 0) AND (pruned_offset <= last_offset)))
);

COMMENT ON TABLE public.feeds IS 'The position of each recruiter''s feed; only the relay writes it.';

COMMENT ON COLUMN public.feeds.epoch IS 'Changes when history is lost; offsets are comparable within one epoch only.';

COMMENT ON COLUMN public.feeds.pruned_offset IS 'Events up to here are gone; a replay from below is answered resync_required.';

CREATE TABLE public.grading_recipes (
    sha256 text NOT NULL,
    recipe jsonb NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.grading_recipes IS 'Models, parameters and whole prompts that the AI was asked with; results and texts name theirs by its hash.';

CREATE TABLE public.gradings (
    session_id uuid NOT NULL,
    grading_version integer NOT NULL,
    regrade_id uuid NOT NULL,
    base_version integer NOT NULL
);

COMMENT ON TABLE public.gradings IS 'A session''s gradings after its first, each with the request that it came of.';

COMMENT ON COLUMN public.gradings.base_version IS 'The grading that counted when this one was begun.';

CREATE TABLE public.identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.identities IS 'Users of an outside identity provider, matched by (iss, sub); bound the first time through a verified email.';

CREATE TABLE public.interview_versions (
    interview_id uuid NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    description text,
    pacing text NOT NULL,
    written_at timestamp with time zone,
    CONSTRAINT interview_versions_pacing_check CHECK ((pacing = ANY (ARRAY['self_paced'::text, 'scheduled'::text]))),
    CONSTRAINT interview_versions_title_check CHECK ((title <> ''::text)),
    CONSTRAINT interview_versions_version_check CHECK ((version >= 1))
);

COMMENT ON TABLE public.interview_versions IS 'One row a version, never changed; interviews has the newest.';

COMMENT ON COLUMN public.interview_versions.written_at IS 'Null for versions from before this was kept: their title is a later one.';

CREATE TABLE public.interviews (
    id uuid NOT NULL,
    created_by uuid NOT NULL,
    title text NOT NULL,
    description text,
    pacing text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT interviews_pacing_is_known CHECK ((pacing = ANY (ARRAY['self_paced'::text, 'scheduled'::text]))),
    CONSTRAINT interviews_title_is_given CHECK ((title <> ''::text)),
    CONSTRAINT interviews_version_counts_from_one CHECK ((version >= 1))
);

COMMENT ON COLUMN public.interviews.created_by IS 'The recruiter who owns it; the only one who sees it and its sessions.';

COMMENT ON COLUMN public.interviews.version IS 'Grows with every replacement; names the set of question rows in force.';

CREATE TABLE public.jobs (
    id uuid NOT NULL,
    kind text NOT NULL,
    session_id uuid NOT NULL,
    answer_id uuid,
    grading_version integer NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    lease_until timestamp with time zone,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT jobs_answer_is_named CHECK (((kind = 'answer'::text) = (answer_id IS NOT NULL))),
    CONSTRAINT jobs_attempt_is_not_negative CHECK ((attempt >= 0)),
    CONSTRAINT jobs_failures_are_attempts CHECK (((failures >= 0) AND (failures <= attempt))),
    CONSTRAINT jobs_kind_is_known CHECK ((kind = ANY (ARRAY['answer'::text, 'summary'::text]))),
    CONSTRAINT jobs_running_has_a_lease CHECK (((state = 'running'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT jobs_state_is_known CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'dead'::text])))
);

COMMENT ON TABLE public.jobs IS 'The truth about work to do; stream entries only point here.';

COMMENT ON COLUMN public.jobs.attempt IS 'Grows with every claim; a result is recorded only by the latest attempt.';

COMMENT ON COLUMN public.jobs.failures IS 'Attempts that the grader failed; a crash or a hand-back grows attempt only.';

COMMENT ON COLUMN public.jobs.due_at IS 'Not to be published before: back-off after a failure.';

COMMENT ON COLUMN public.jobs.published_at IS 'When it was last put on its stream (a dead one: on the dead-letter stream); null asks for it (again).';

CREATE TABLE public.liveness (
    singleton boolean DEFAULT true NOT NULL,
    last_alive timestamp with time zone NOT NULL,
    CONSTRAINT liveness_singleton_check CHECK (singleton)
);

COMMENT ON TABLE public.liveness IS 'One row: when any node last renewed its lease. The renewal that finds a gap credits it.';

CREATE TABLE public.nodes (
    id uuid NOT NULL,
    address text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.nodes IS 'Realtime nodes; one whose lease has ended is dead and holds nothing.';

CREATE TABLE public.outages (
    id uuid NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    sessions_credited integer NOT NULL,
    CONSTRAINT outages_end_after_they_begin CHECK ((ended_at > began_at))
);

COMMENT ON TABLE public.outages IS 'Spans in which no node was alive, and how many sessions had them given back.';

CREATE TABLE public.questions (
    id uuid NOT NULL,
    interview_id uuid NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
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
    CONSTRAINT questions_code_has_its_rubric CHECK (((type = 'code'::text) = ((language IS NOT NULL) AND (sample_solution IS NOT NULL) AND (evaluation_criteria IS NOT NULL)))),
    CONSTRAINT questions_difficulty_is_known CHECK ((difficulty = ANY (ARRAY['easy'::text, 'medium'::text, 'hard'::text]))),
    CONSTRAINT questions_keywords_are_for_short_answers CHECK (((type = 'short_answer'::text) OR ((expected_keywords IS NULL) AND (sample_answer IS NULL)))),
    CONSTRAINT questions_mcq_has_its_key CHECK ((((type = 'mcq'::text) = ((options IS NOT NULL) AND (correct_answer IS NOT NULL))) AND ((type <> 'mcq'::text) OR (options ? correct_answer)))),
    CONSTRAINT questions_points_in_bounds CHECK (((points >= 1) AND (points <= 1000))),
    CONSTRAINT questions_position_counts_from_zero CHECK ((("position" >= 0) AND ("position" <= 99))),
    CONSTRAINT questions_time_limit_in_bounds CHECK (((time_limit >= 5) AND (time_limit <= 7200))),
    CONSTRAINT questions_type_is_known CHECK ((type = ANY (ARRAY['mcq'::text, 'short_answer'::text, 'code'::text])))
);

COMMENT ON TABLE public.questions IS 'One row a question and interview version, never changed or reused: a session grades against what it was shown.';

COMMENT ON COLUMN public.questions.version IS 'The interview version that this row belongs to.';

COMMENT ON COLUMN public.questions."position" IS 'Index in the interview, from 0.';

COMMENT ON COLUMN public.questions.time_limit IS 'Seconds, before any extra time.';

COMMENT ON COLUMN public.questions.options IS 'mcq: array of strings. correct_answer is one of them.';

COMMENT ON COLUMN public.questions.expected_keywords IS 'short_answer: array of strings, or null where only the AI judges.';

COMMENT ON COLUMN public.questions.evaluation_criteria IS 'code: array of strings that the AI scores one by one.';

CREATE TABLE public.results (
    answer_id uuid NOT NULL,
    grading_version integer NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    score numeric(8,2),
    feedback jsonb NOT NULL,
    graded_by text NOT NULL,
    provenance jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT results_grader_is_known CHECK ((graded_by = ANY (ARRAY['rule'::text, 'ai'::text]))),
    CONSTRAINT results_scored_has_its_score CHECK (((state <> 'scored'::text) OR (score IS NOT NULL))),
    CONSTRAINT results_state_is_known CHECK ((state = ANY (ARRAY['partial'::text, 'scored'::text, 'needs_review'::text])))
);

COMMENT ON TABLE public.results IS 'What a grader found, one row an answer and grading version; answers holds what counts.';

COMMENT ON COLUMN public.results.provenance IS 'Model, parameters, prompt hash, tokens, latency and raw output of an AI result.';

CREATE VIEW public.regraded_answers AS
 SELECT g.regrade_id,
    g.session_id,
    g.grading_version,
    a.question_index,
    q.type,
    q.points,
    r.state AS found,
    COALESCE((a.graded_by = 'person'::text), false) AS is_persons,
        CASE
            WHEN (a.graded_by = 'person'::text) THEN a.score
            WHEN (s.grading_version = g.grading_version) THEN
            CASE
                WHEN (base.state = 'scored'::text) THEN base.score
                ELSE NULL::numeric
            END
            WHEN (a.evaluation_state = 'scored'::text) THEN a.score
            ELSE NULL::numeric
        END AS old_score,
        CASE
            WHEN (a.graded_by = 'person'::text) THEN a.score
            WHEN (r.state = 'scored'::text) THEN r.score
            ELSE NULL::numeric
        END AS new_score
   FROM (((((public.gradings g
     JOIN public.interview_sessions s ON ((s.id = g.session_id)))
     JOIN public.answers a ON ((a.session_id = g.session_id)))
     JOIN public.questions q ON ((q.id = a.question_id)))
     LEFT JOIN public.results r ON (((r.answer_id = a.id) AND (r.grading_version = g.grading_version))))
     LEFT JOIN public.results base ON (((base.answer_id = a.id) AND (base.grading_version = g.base_version))));

CREATE TABLE public.regrades (
    id uuid NOT NULL,
    interview_id uuid NOT NULL,
    recipe_sha256 text,
    begun_by uuid,
    begun_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.regrades IS 'One request to grade again, of one session or of many of an interview.';

COMMENT ON COLUMN public.regrades.recipe_sha256 IS 'What its graders go by, whatever their own settings; null for those begun before this was kept.';

COMMENT ON COLUMN public.regrades.begun_by IS 'Null where the operator did, from the command line.';

CREATE TABLE public.score_overrides (
    id uuid NOT NULL,
    answer_id uuid NOT NULL,
    score numeric(8,2) NOT NULL,
    reason text NOT NULL,
    scored_by uuid NOT NULL,
    scored_at timestamp with time zone NOT NULL,
    CONSTRAINT score_overrides_reason_is_given CHECK ((reason <> ''::text)),
    CONSTRAINT score_overrides_score_is_not_negative CHECK ((score >= (0)::numeric))
);

COMMENT ON TABLE public.score_overrides IS 'Scores given by a person; the newest wins over every grader, for good.';

CREATE TABLE public.sign_in_links (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    invitation_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

COMMENT ON TABLE public.sign_in_links IS 'Links that sign one person in. With an invitation: for that interview only, until it expires. Without: once.';

COMMENT ON COLUMN public.sign_in_links.token_hash IS 'SHA-256 of the token; the token itself is in the link only.';

CREATE TABLE public.signals (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    question_index integer NOT NULL,
    kind text NOT NULL,
    detail jsonb,
    client_time timestamp with time zone NOT NULL,
    server_time timestamp with time zone NOT NULL,
    CONSTRAINT signals_kind_is_known CHECK ((kind = ANY (ARRAY['tab_hidden'::text, 'tab_visible'::text, 'paste'::text, 'copy'::text, 'fullscreen_exit'::text, 'devtools'::text, 'offline'::text, 'online'::text])))
);

CREATE TABLE public.signing_secret (
    singleton boolean DEFAULT true NOT NULL,
    secret text NOT NULL,
    CONSTRAINT signing_secret_singleton_check CHECK (singleton)
);

COMMENT ON TABLE public.signing_secret IS 'Signs session tokens where only an outside provider''s keys are configured; made by the first node, shared by all.';

CREATE TABLE public.stream_events (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    session_id uuid NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    "position" bigint,
    CONSTRAINT stream_events_type_is_known CHECK ((type = ANY (ARRAY['interlock.answer.evaluated'::text, 'interlock.session.started'::text, 'interlock.session.ended'::text, 'interlock.session.evaluated'::text])))
);

COMMENT ON TABLE public.stream_events IS 'The public stream''s CloudEvents; Redis is refilled from here.';

COMMENT ON COLUMN public.stream_events.event_id IS 'The CloudEvents id: the same at every delivery.';

COMMENT ON COLUMN public.stream_events."position" IS 'In commit order per session, given by the relay after commit.';

ALTER TABLE public.stream_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.stream_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.stream_positions (
    stream text NOT NULL,
    installed_ms bigint NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    published bigint DEFAULT 0 NOT NULL,
    CONSTRAINT stream_positions_are_numbered_before_published CHECK ((published <= "position"))
);

COMMENT ON TABLE public.stream_positions IS 'The last position given on each public stream; only the relay writes it.';

COMMENT ON COLUMN public.stream_positions.installed_ms IS 'First half of every entry''s id (position is the second): a new database always writes above an older one''s entries.';

COMMENT ON COLUMN public.stream_positions.published IS 'The public stream has everything up to here; only the relay writes it.';

CREATE TABLE public.summaries (
    session_id uuid NOT NULL,
    grading_version integer NOT NULL,
    summary text NOT NULL,
    strengths jsonb NOT NULL,
    improvements jsonb NOT NULL,
    recommendation text,
    attempt integer NOT NULL,
    provenance jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT summaries_recommendation_is_known CHECK ((recommendation = ANY (ARRAY['strong_hire'::text, 'hire'::text, 'maybe'::text, 'no_hire'::text])))
);

COMMENT ON TABLE public.summaries IS 'The text about a session, written once per grading; interview_sessions holds the one that counts.';

COMMENT ON COLUMN public.summaries.recommendation IS 'The AI''s advice, whatever a person signed; null for texts from before this was kept under which a person had signed.';

COMMENT ON COLUMN public.summaries.provenance IS 'Model, parameters, prompt hash, tokens, latency and raw output.';

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_email_is_lower_case CHECK (((email = lower(email)) AND (email <> ''::text))),
    CONSTRAINT users_name_is_given CHECK ((name <> ''::text)),
    CONSTRAINT users_role_is_known CHECK ((role = ANY (ARRAY['candidate'::text, 'recruiter'::text])))
);

COMMENT ON TABLE public.users IS 'Everybody who can sign in. Names never change through an invitation.';

COMMENT ON COLUMN public.users.email IS 'Lower case; the one natural key of a person.';

CREATE TABLE public.webhook_dead_letters (
    webhook_id uuid NOT NULL,
    event_id uuid NOT NULL,
    "position" bigint NOT NULL,
    session_id uuid NOT NULL,
    type text NOT NULL,
    body text NOT NULL,
    attempts integer NOT NULL,
    reason text NOT NULL,
    died_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    retry_at timestamp with time zone
);

COMMENT ON TABLE public.webhook_dead_letters IS 'Deliveries given up on. The body is kept here, for the event itself may be pruned.';

COMMENT ON COLUMN public.webhook_dead_letters.retry_at IS 'When somebody asked for one more attempt; null once it was made.';

CREATE TABLE public.webhooks (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    url text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_until timestamp with time zone,
    "position" bigint NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    last_error text,
    delivered_at timestamp with time zone,
    due_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    attempt bigint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    missed_until bigint,
    missed_at timestamp with time zone,
    CONSTRAINT webhooks_failures_are_not_negative CHECK ((failures >= 0)),
    CONSTRAINT webhooks_missed_is_whole CHECK (((missed_until IS NULL) = (missed_at IS NULL))),
    CONSTRAINT webhooks_position_is_not_negative CHECK (("position" >= 0)),
    CONSTRAINT webhooks_previous_secret_has_its_end CHECK (((previous_secret IS NULL) = (previous_until IS NULL))),
    CONSTRAINT webhooks_url_is_a_web_address CHECK ((url ~ '^https?://'::text))
);

COMMENT ON TABLE public.webhooks IS 'Who is told of public events by HTTP; one consumer process delivers to each at a time.';

COMMENT ON COLUMN public.webhooks.owner_id IS 'A recruiter; the webhook hears only of sessions of interviews that they created.';

COMMENT ON COLUMN public.webhooks.secret IS 'Signs deliveries, and so is kept as it is; shown once, when it is made.';

COMMENT ON COLUMN public.webhooks.previous_secret IS 'The one before the last rotation; signs beside the new one until previous_until.';

COMMENT ON COLUMN public.webhooks."position" IS 'stream_events.position up to which everything of the owner''s is delivered or in dead letters.';

COMMENT ON COLUMN public.webhooks.failures IS 'Of the event after position, which is tried again at due_at.';

COMMENT ON COLUMN public.webhooks.failing_since IS 'When deliveries began to fail; null once one succeeds.';

COMMENT ON COLUMN public.webhooks.attempt IS 'Grows with every claim; only the latest moves the position.';

COMMENT ON COLUMN public.webhooks.missed_until IS 'Events up to here were pruned before they could be delivered; null where none ever was.';

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_session_id_question_index_key UNIQUE (session_id, question_index);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.draft_history
    ADD CONSTRAINT draft_history_pkey PRIMARY KEY (session_id, question_index, revision);

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (session_id, question_index);

ALTER TABLE ONLY public.feed_events
    ADD CONSTRAINT feed_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_pkey PRIMARY KEY (recruiter_id);

ALTER TABLE ONLY public.grading_recipes
    ADD CONSTRAINT grading_recipes_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.gradings
    ADD CONSTRAINT gradings_pkey PRIMARY KEY (session_id, grading_version);

ALTER TABLE ONLY public.gradings
    ADD CONSTRAINT gradings_regrade_id_session_id_key UNIQUE (regrade_id, session_id);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_pkey PRIMARY KEY (issuer, subject);

ALTER TABLE ONLY public.interview_sessions
    ADD CONSTRAINT interview_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.interview_sessions
    ADD CONSTRAINT interview_sessions_user_id_interview_id_attempt_key UNIQUE (user_id, interview_id, attempt);

ALTER TABLE ONLY public.interview_versions
    ADD CONSTRAINT interview_versions_pkey PRIMARY KEY (interview_id, version);

ALTER TABLE ONLY public.interviews
    ADD CONSTRAINT interviews_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_interview_id_user_id_key UNIQUE (interview_id, user_id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.liveness
    ADD CONSTRAINT liveness_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outages
    ADD CONSTRAINT outages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_interview_id_version_position_key UNIQUE (interview_id, version, "position");

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.regrades
    ADD CONSTRAINT regrades_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.results
    ADD CONSTRAINT results_pkey PRIMARY KEY (answer_id, grading_version);

ALTER TABLE ONLY public.score_overrides
    ADD CONSTRAINT score_overrides_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.signals
    ADD CONSTRAINT signals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signing_secret
    ADD CONSTRAINT signing_secret_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY public.stream_events
    ADD CONSTRAINT stream_events_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY public.stream_events
    ADD CONSTRAINT stream_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.stream_events
    ADD CONSTRAINT stream_events_position_key UNIQUE ("position");

ALTER TABLE ONLY public.stream_positions
    ADD CONSTRAINT stream_positions_pkey PRIMARY KEY (stream);

ALTER TABLE ONLY public.summaries
    ADD CONSTRAINT summaries_pkey PRIMARY KEY (session_id, grading_version);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_dead_letters
    ADD CONSTRAINT webhook_dead_letters_pkey PRIMARY KEY (webhook_id, event_id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);

CREATE INDEX audit_by_session ON public.audit USING btree (session_id, id);

CREATE INDEX feed_events_by_age ON public.feed_events USING brin (created_at);

CREATE UNIQUE INDEX feed_events_by_offset ON public.feed_events USING btree (recruiter_id, feed_offset) WHERE (feed_offset IS NOT NULL);

CREATE INDEX feed_events_by_session ON public.feed_events USING btree (session_id, id);

CREATE INDEX feed_events_unnumbered ON public.feed_events USING btree (id) WHERE (feed_offset IS NULL);

CREATE INDEX interviews_by_owner ON public.interviews USING btree (created_by, created_at);

CREATE INDEX invitations_by_user ON public.invitations USING btree (user_id);

CREATE INDEX jobs_dead_unpublished ON public.jobs USING btree (id) WHERE ((state = 'dead'::text) AND (published_at IS NULL));

CREATE INDEX jobs_to_publish ON public.jobs USING btree (due_at) WHERE ((published_at IS NULL) AND (state = 'queued'::text));

CREATE INDEX jobs_unsettled ON public.jobs USING btree (published_at) WHERE ((published_at IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'running'::text])));

CREATE UNIQUE INDEX one_job_per_answer_and_version ON public.jobs USING btree (answer_id, grading_version) WHERE (kind = 'answer'::text);

CREATE UNIQUE INDEX one_session_in_progress_per_user ON public.interview_sessions USING btree (user_id) WHERE (status = 'in_progress'::text);

CREATE UNIQUE INDEX one_summary_job_per_session_and_version ON public.jobs USING btree (session_id, grading_version) WHERE (kind = 'summary'::text);

CREATE INDEX score_overrides_by_answer ON public.score_overrides USING btree (answer_id, scored_at);

CREATE INDEX sessions_board_by_activity ON public.interview_sessions USING btree (recruiter_id, last_activity_at DESC, id);

CREATE INDEX sessions_board_by_name ON public.interview_sessions USING btree (recruiter_id, candidate_name, id);

CREATE INDEX sessions_board_by_percentage ON public.interview_sessions USING btree (recruiter_id, COALESCE(percentage, ('-1'::integer)::numeric) DESC, id);

CREATE INDEX sessions_board_by_start ON public.interview_sessions USING btree (recruiter_id, started_at, id);

CREATE INDEX sessions_by_deadline ON public.interview_sessions USING btree (question_deadline) WHERE ((status = 'in_progress'::text) AND (question_deadline IS NOT NULL));

CREATE INDEX sessions_by_interview ON public.interview_sessions USING btree (interview_id, last_activity_at DESC, id);

CREATE INDEX sessions_held ON public.interview_sessions USING btree (holder_node) WHERE (holder_node IS NOT NULL);

CREATE INDEX sessions_paused ON public.interview_sessions USING btree (paused_at) WHERE (paused_at IS NOT NULL);

CREATE INDEX sign_in_links_by_invitation ON public.sign_in_links USING btree (invitation_id);

CREATE INDEX signals_by_session ON public.signals USING btree (session_id, server_time);

CREATE INDEX stream_events_by_age ON public.stream_events USING brin (occurred_at);

CREATE INDEX stream_events_unnumbered ON public.stream_events USING btree (id) WHERE ("position" IS NULL);

CREATE INDEX webhook_dead_letters_asked_for ON public.webhook_dead_letters USING btree (webhook_id, "position") WHERE (retry_at IS NOT NULL);

CREATE INDEX webhook_dead_letters_by_position ON public.webhook_dead_letters USING btree (webhook_id, "position");

CREATE INDEX webhooks_by_due ON public.webhooks USING btree (due_at);

CREATE INDEX webhooks_by_owner ON public.webhooks USING btree (owner_id, created_at);

CREATE TRIGGER answers_are_kept BEFORE DELETE ON public.answers FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER grading_recipes_are_kept BEFORE DELETE OR UPDATE ON public.grading_recipes FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER gradings_are_kept BEFORE DELETE OR UPDATE ON public.gradings FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER interview_versions_are_frozen BEFORE DELETE OR UPDATE ON public.interview_versions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER questions_are_frozen BEFORE DELETE OR UPDATE ON public.questions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER regrades_are_kept BEFORE DELETE OR UPDATE ON public.regrades FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER results_are_kept BEFORE DELETE OR UPDATE ON public.results FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER score_overrides_are_kept BEFORE DELETE OR UPDATE ON public.score_overrides FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER sessions_are_kept BEFORE DELETE ON public.interview_sessions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER summaries_are_kept BEFORE DELETE OR UPDATE ON public.summaries FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.interview_sessions(id);

ALTER TABLE ONLY public.draft_history
    ADD CONSTRAINT draft_history_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.interview_sessions(id);

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.interview_sessions(id);

ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_recruiter_id_fkey FOREIGN KEY (recruiter_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.gradings
    ADD CONSTRAINT gradings_regrade_id_fkey FOREIGN KEY (regrade_id) REFERENCES public.regrades(id);

ALTER TABLE ONLY public.gradings
    ADD CONSTRAINT gradings_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.interview_sessions(id);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.interview_sessions
    ADD CONSTRAINT interview_sessions_interview_id_fkey FOREIGN KEY (interview_id) REFERENCES public.interviews(id);

ALTER TABLE ONLY public.interview_sessions
    ADD CONSTRAINT interview_sessions_recommendation_signed_by_fkey FOREIGN KEY (recommendation_signed_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.interview_sessions
    ADD CONSTRAINT interview_sessions_recruiter_id_fkey FOREIGN KEY (recruiter_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.interview_sessions
    ADD CONSTRAINT interview_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.interview_versions
    ADD CONSTRAINT interview_versions_interview_id_fkey FOREIGN KEY (interview_id) REFERENCES public.interviews(id);

ALTER TABLE ONLY public.interviews
    ADD CONSTRAINT interviews_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_interview_id_fkey FOREIGN KEY (interview_id) REFERENCES public.interviews(id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_interview_id_fkey FOREIGN KEY (interview_id) REFERENCES public.interviews(id);

ALTER TABLE ONLY public.regrades
    ADD CONSTRAINT regrades_begun_by_fkey FOREIGN KEY (begun_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.regrades
    ADD CONSTRAINT regrades_interview_id_fkey FOREIGN KEY (interview_id) REFERENCES public.interviews(id);

ALTER TABLE ONLY public.regrades
    ADD CONSTRAINT regrades_recipe_sha256_fkey FOREIGN KEY (recipe_sha256) REFERENCES public.grading_recipes(sha256);

ALTER TABLE ONLY public.score_overrides
    ADD CONSTRAINT score_overrides_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES public.answers(id);

ALTER TABLE ONLY public.score_overrides
    ADD CONSTRAINT score_overrides_scored_by_fkey FOREIGN KEY (scored_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES public.invitations(id);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.signals
    ADD CONSTRAINT signals_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.interview_sessions(id);

ALTER TABLE ONLY public.summaries
    ADD CONSTRAINT summaries_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.interview_sessions(id);

ALTER TABLE ONLY public.webhook_dead_letters
    ADD CONSTRAINT webhook_dead_letters_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES public.webhooks(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id);
