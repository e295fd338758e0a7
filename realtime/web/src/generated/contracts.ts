// Written by `python -m realtime.contracts.typescript` from the models in realtime/contracts; not by hand.

export type Difficulty = "easy" | "medium" | "hard";

export type Question = McqQuestion | ShortAnswerQuestion | CodeQuestion;

/** The text of an interview, in YAML or JSON; nothing is stored. */
export interface CheckText {
  text: string;
  /** The file's name; with the ending `.json` the text has to be JSON. */
  name?: string;
}

/** One thing that is wrong, and where. */
export interface TextFault {
  /** From 1; null where there is no text yet. */
  line: number | null;
  path: string;
  message: string;
}

/** The interview that the text says, or everything that is wrong with it. */
export interface CheckedText {
  interview: Interview | null;
  faults: TextFault[];
}

/** One version of an interview; its questions never change. */
export interface InterviewVersion {
  version: number;
  title: string;
  /** Null for old versions of which it was not kept. */
  written_at: string | null;
  question_count: number;
}

/** All versions of an interview, newest first. */
export interface InterviewVersions {
  versions: InterviewVersion[];
}

/** The interview as it is, or as it was. */
export interface VersionQuery extends Query {
  version?: number | null;
}

/** Which of this recruiter's own questions. */
export interface BankQuery extends Query {
  /** Part of the question's text. */
  q?: string | null;
  type?: "mcq" | "short_answer" | "code" | null;
  difficulty?: "easy" | "medium" | "hard" | null;
  /** `next_after` of the page before. */
  after?: string | null;
  limit?: number;
}

/** A question, key and rubric included, and an interview that asks it. */
export interface BankQuestion {
  id: string;
  interview_id: string;
  interview_title: string;
  question: McqQuestion | ShortAnswerQuestion | CodeQuestion;
}

/** A recruiter's questions by their text, each text once. */
export interface BankPage {
  questions: BankQuestion[];
  next_after: string | null;
}

export type Status = "in_progress" | "completed" | "abandoned" | "terminated";

export type Pacing = "self_paced" | "scheduled";

export type How = "submitted" | "auto" | "expired" | "terminated";

/** A question as a candidate sees it; its text and parts are there only once it has opened. */
export interface CandidateQuestion {
  id: string;
  index: number;
  type: "mcq" | "short_answer" | "code";
  /** Seconds, extra time included. */
  time_limit: number;
  points: number;
  question_text?: string;
  options?: string[];
  language?: string;
  starter_code?: string;
}

/** Proof of an accepted answer that the candidate can keep. */
export interface Receipt {
  answer_id: string;
  /** Hex, over the UTF-8 of `session_id\nquestion_id\nanswer` (null = empty). */
  sha256: string;
  server_time: string;
}

/** An accepted or closed answer; never a score. */
export interface CandidateAnswer {
  id: string;
  question_id: string;
  question_index: number;
  answer: string | null;
  how: "submitted" | "auto" | "expired" | "terminated";
  late: boolean;
  submitted_at: string;
  receipt: Receipt;
}

/** The newest stored draft of the current question. */
export interface Draft {
  question_index: number;
  revision: number;
  answer: string | null;
}

/** Which interview a session belongs to. */
export interface InterviewRef {
  id: string;
  title: string;
}

/** A session as its candidate sees it. */
export interface Session {
  id: string;
  interview_id: string;
  attempt: number;
  attempts_left: number;
  status: "in_progress" | "completed" | "abandoned" | "terminated";
  pacing: "self_paced" | "scheduled";
  started_at: string;
  current_question_index: number;
  question_started_at: string | null;
  question_deadline: string | null;
  /** To the deadline; while waiting, to the opening; frozen while paused. */
  remaining_ms: number | null;
  waiting: boolean;
  question_opens_at: string | null;
  paused_at: string | null;
  questions: CandidateQuestion[];
  time_limits: number[];
  server_time: string;
  revision: number;
}

/** A session just started, with a token that outlives it. */
export interface StartedSession extends Session {
  token: string;
}

/** All that is needed to go on where one was. */
export interface ActiveSession extends Session {
  answers: CandidateAnswer[];
  draft: Draft | null;
  interview: InterviewRef;
}

/** The session in progress, if there is one. */
export interface ActiveReply {
  active_session: ActiveSession | null;
}

/** An interview that this candidate may start. */
export interface AvailableInterview {
  interview_id: string;
  title: string;
  description: string | null;
  question_count: number;
  total_seconds: number;
  attempts_left: number;
}

/** An answer, by whatever way it comes. */
export interface SubmitAnswer {
  question_index: number;
  answer: string | null;
  time_expired: boolean;
  lock_token?: string | null;
}

/** An answer over HTTP; the time that the client claims is logged and never used. */
export interface SubmitAnswerBody extends SubmitAnswer {
  submitted_at: string;
}

/** The answer was accepted (or had been: `duplicate`), and the session goes on. */
export interface Submitted {
  success: true;
  next_question_index: number;
  next_question: CandidateQuestion;
  time_limit: number;
  question_deadline: string | null;
  waiting: boolean;
  question_opens_at: string | null;
  server_time: string;
  revision: number;
  receipt: Receipt;
  duplicate: boolean;
}

/** The answer was accepted (or had been: `duplicate`), and the session has ended. */
export interface SubmittedLast {
  success: true;
  completed: true;
  message: string;
  server_time: string;
  revision: number;
  receipt: Receipt;
  duplicate: boolean;
}

/** A draft; a revision at or below the stored one changes nothing. */
export interface SaveDraft {
  question_index: number;
  revision: number;
  answer: string | null;
  lock_token?: string | null;
}

/** The stored revision. */
export interface DraftSaved {
  revision: number;
}

/** End this attempt and start the next. */
export interface StartOver {
  lock_token?: string | null;
}

/** What a recruiter released to the candidate. */
export interface ReleasedResult {
  score: number;
  max_score: number;
  percentage: number;
  strengths: string[];
  improvements: string[];
}

/** An ended session with its receipts; the result once released. */
export interface HistoryEntry {
  id: string;
  interview_id: string;
  interview_title: string;
  attempt: number;
  status: "in_progress" | "completed" | "abandoned" | "terminated";
  started_at: string;
  ended_at: string;
  answers: CandidateAnswer[];
  result: ReleasedResult | null;
}

export type SignalKind = "tab_hidden" | "tab_visible" | "paste" | "copy" | "fullscreen_exit" | "devtools" | "offline" | "online";

/** Hold the session with this connection. */
export interface JoinSession {
  session_id: string;
  resume_token?: string | null;
  takeover?: boolean;
}

/** As POST …/answers. */
export interface SubmitAnswerEvent extends SubmitAnswer {
  lock_token: string;
  session_id: string;
}

/** As PUT …/draft. */
export interface SaveDraftEvent extends SaveDraft {
  lock_token: string;
  session_id: string;
}

/** Something worth knowing happened in the browser; it informs and never punishes. */
export interface ReportSignal {
  session_id: string;
  lock_token: string;
  kind: "tab_hidden" | "tab_visible" | "paste" | "copy" | "fullscreen_exit" | "devtools" | "offline" | "online";
  detail?: unknown;
  client_time: string;
}

/** Ask for the server's clock. */
export interface SyncClock {
  client_time_ms: number;
}

/** Done. */
export interface Ok {
  ok: true;
}

/** The session is held; both tokens are new. */
export interface JoinedAck extends Ok {
  lock_token: string;
  resume_token: string;
  token: string | null;
  session: ActiveSession;
}

/** The server's clock in milliseconds since the epoch. */
export interface ClockAck extends Ok {
  client_time_ms: number;
  server_time_ms: number;
}

/** Refused, with a code of the HTTP section; further fields depend on it. */
export interface RefusedAck {
  ok?: false;
  code: string;
  message: string;
  detail: string;
}

/** What every event of a session carries. */
export interface OfSession {
  session_id: string;
  revision: number;
}

/** The clock, every INTERLOCK_TICK_SECONDS. */
export interface Tick extends OfSession {
  question_index: number;
  remaining_ms: number;
  server_time_ms: number;
}

/** A question is there to be answered. */
export interface QuestionOpened extends OfSession {
  question_index: number;
  question: CandidateQuestion;
  time_limit: number;
  question_deadline: string | null;
  remaining_ms: number;
  server_time_ms: number;
}

/** The server closed a question with the last saved draft. */
export interface QuestionExpired extends OfSession {
  question_index: number;
  submitted: "draft" | "empty";
}

/** The clock was set anew. */
export interface DeadlineChanged extends OfSession {
  question_index: number;
  question_deadline: string;
  remaining_ms: number;
  reason: "extended" | "outage" | "resumed";
}

/** Paused, resumed, terminated or completed; `reason` where a person acted. */
export interface SessionStopped extends OfSession {
  reason: string | null;
}

/** This connection does not hold the session any more; the disconnect follows. */
export interface SessionSuperseded {
  session_id: string;
  reason: "taken_over" | "started_over";
}

/** A word from the recruiter. */
export interface Message {
  session_id: string;
  text: string;
  from: string;
}

/** A place in a recruiter's feed. */
export interface FeedPlace {
  epoch: string;
  offset: number;
}

/** The room's top position. */
export interface FeedPosition {
  feed: FeedPlace;
}

export interface CandidateEvents {
  tick: Tick;
  question_opened: QuestionOpened;
  question_expired: QuestionExpired;
  deadline_changed: DeadlineChanged;
  session_paused: SessionStopped;
  session_resumed: SessionStopped;
  session_terminated: SessionStopped;
  session_completed: SessionStopped;
  session_superseded: SessionSuperseded;
  message: Message;
}

/** What every question has; it reads back as it was written, without the fields that were left out. */
export interface WrittenQuestion {
  question_text: string;
  /** Seconds. */
  time_limit: number;
  points: number;
  difficulty?: "easy" | "medium" | "hard" | null;
}

/** One right option among several; the answer is an option's exact text. */
export interface McqQuestion extends WrittenQuestion {
  type: "mcq";
  options: string[];
  correct_answer: string;
}

/** A few sentences, graded by keywords (where there are any) and by the AI. */
export interface ShortAnswerQuestion extends WrittenQuestion {
  type: "short_answer";
  expected_keywords?: string[] | null;
  sample_answer?: string | null;
}

/** A program, graded criterion by criterion against a sample solution. */
export interface CodeQuestion extends WrittenQuestion {
  type: "code";
  language: string;
  starter_code?: string | null;
  sample_solution: string;
  evaluation_criteria: string[];
}

/** An interview as created, read and imported. */
export interface Interview {
  title: string;
  description?: string | null;
  pacing?: "self_paced" | "scheduled";
  questions: (McqQuestion | ShortAnswerQuestion | CodeQuestion)[];
}

/** A new text for an interview, by somebody who has read `version`. */
export interface ReplaceInterview {
  version: number;
  interview: Interview;
}

/** An interview is stored (again), under this version. */
export interface InterviewCreated {
  id: string;
  version: number;
}

/** An interview whole, keys and rubrics included: for its owner only. */
export interface InterviewRead {
  id: string;
  version: number;
  interview: Interview;
}

/** An interview in its owner's list. */
export interface InterviewListed {
  id: string;
  title: string;
  description: string | null;
  pacing: "self_paced" | "scheduled";
  version: number;
  question_count: number;
  created_at: string;
}

/** All interviews of a recruiter, newest first. */
export interface InterviewList {
  interviews: InterviewListed[];
}

export type InvitedStatus = "invited" | "already_invited" | "refused";

/** Invite one person to one interview. */
export interface Invite {
  email: string;
  /** Used where the email is nobody's yet; an existing name never changes. */
  name: string;
  max_attempts?: number;
  /** Added to every time limit. */
  extra_time_percent?: number;
  expires_at?: string | null;
}

/** A table of people to invite, as CSV with a header line. */
export interface InviteMany {
  /** Columns `email` and `name`, and if wanted `max_attempts`, `extra_time_percent`, `expires_at`, in any order. */
  csv: string;
}

/** What became of one line. */
export interface InvitedLine {
  /** From 1; the header has a line too. */
  line: number;
  email: string;
  status: "invited" | "already_invited" | "refused";
  /** What to change, where the line was refused. */
  message: string | null;
  id: string | null;
  /** The link, where the person was invited now. */
  url: string | null;
  expires_at: string | null;
}

/** What became of each line; those that were good are done. */
export interface InvitedMany {
  lines: InvitedLine[];
}

/** Change some of an invitation; what is left out stays. */
export interface ChangeInvitation {
  max_attempts?: number | null;
  extra_time_percent?: number | null;
  expires_at?: string | null;
}

/** A link that signs the candidate in for this interview only; older links of the invitation are void. */
export interface InvitationLink {
  id: string;
  url: string;
  expires_at: string;
}

/** An invitation as its recruiter sees it. */
export interface Invitation {
  id: string;
  email: string;
  name: string;
  max_attempts: number;
  extra_time_percent: number;
  expires_at: string;
  revoked_at: string | null;
  attempts_used: number;
}

/** Everybody invited to an interview, oldest first. */
export interface InvitationList {
  invitations: Invitation[];
}

export type Role = "candidate" | "recruiter";

/** A person who can sign in. */
export interface User {
  id: string;
  name: string;
  email: string;
  role: "candidate" | "recruiter";
}

/** A signed token and whose it is. */
export interface SignedIn {
  token: string;
  user: User;
}

/** The token of a sign-in link: what stands behind the `#`. */
export interface SignInLink {
  token: string;
}

/** Sign in as somebody without a password; demo mode only. */
export interface DemoToken {
  email: string;
}

/** Somebody to try Interlock as. */
export interface DemoUser {
  email: string;
  name: string;
  role: "candidate" | "recruiter";
}

/** Everybody to try Interlock as. */
export interface DemoUsers {
  users: DemoUser[];
}

export type EvaluationState = "queued" | "running" | "partial" | "scored" | "needs_review" | "failed";

export type Grader = "rule" | "ai" | "person";

export type Recommendation = "strong_hire" | "hire" | "maybe" | "no_hire";

export type Sort = "-activity" | "started_at" | "-percentage" | "candidate_name";

/** Parameters of a GET; an empty one counts as left out. */
export interface Query {
}

/** Which sessions, in which order, from where on. */
export interface SessionsQuery extends Query {
  interview_id?: string | null;
  status?: "in_progress" | "completed" | "abandoned" | "terminated" | null;
  /** Part of the candidate's name or the interview's title. */
  q?: string | null;
  sort?: "-activity" | "started_at" | "-percentage" | "candidate_name";
  /** `next_cursor` of a page. */
  cursor?: string | null;
  limit?: number;
}

/** Where a dashboard stands. */
export interface FeedQuery extends Query {
  /** Opaque; another one than the feed's is `resync_required`. */
  after_epoch: string;
  after_offset: number;
  limit?: number;
}

/** All sessions, or those of one interview. */
export interface ExportQuery extends Query {
  interview_id?: string | null;
}

/** Give the current question more time. */
export interface Extend {
  seconds: number;
  reason: string;
}

/** Do it, for this reason; the candidate is told. */
export interface Explained {
  reason: string;
}

/** A word to the candidate. */
export interface SendMessage {
  text: string;
}

/** A person's recommendation; it stands over the AI's. */
export interface Sign {
  recommendation: "strong_hire" | "hire" | "maybe" | "no_hire";
}

/** A person's score for an answer; it stands over every grader's. More than two decimals are rounded. */
export interface Score {
  score: number;
  reason: string;
}

/** Which model to ask for what; the settings' where none is named. */
export interface AskedModels {
  short_answer?: string | null;
  code?: string | null;
  summary?: string | null;
}

/** The whole text of a prompt, with `$nonce` where the delimiters' secret goes; our own where none is given. */
export interface AskedPrompts {
  short_answer?: string | null;
  code?: string | null;
  summary?: string | null;
}

/** Grade again with these models and prompts; what is not said is as the settings have it. */
export interface RegradeWith {
  models?: AskedModels;
  prompts?: AskedPrompts;
}

/** Let the results of this grading count. */
export interface Promote {
  grading_version: number;
}

/** A session as it stands in the list; also the payload of `session_changed`. */
export interface SessionSummary {
  id: string;
  candidate_name: string;
  interview_id: string;
  interview_title: string;
  attempt: number;
  status: "in_progress" | "completed" | "abandoned" | "terminated";
  current_question_index: number;
  question_count: number;
  connected: boolean;
  paused_at: string | null;
  /** As its candidate sees it; null once ended. */
  remaining_ms: number | null;
  last_activity_at: string;
  final_score: number | null;
  max_score: number;
  percentage: number | null;
  recommendation: "strong_hire" | "hire" | "maybe" | "no_hire" | null;
  /** The worst of its answers'. */
  evaluation_state: "queued" | "running" | "partial" | "scored" | "needs_review" | "failed" | null;
  flags: string[];
}

/** A page of the list; `feed` was read before it, so replaying from there misses nothing. */
export interface SessionPage {
  sessions: SessionSummary[];
  next_cursor: string | null;
  feed: FeedPlace;
}

/** A draft on the way to an answer. */
export interface DraftKept {
  revision: number;
  answer: string | null;
  saved_at: string;
}

/** What one grading found, whether it counts or not. */
export interface GradingResult {
  grading_version: number;
  state: "queued" | "running" | "partial" | "scored" | "needs_review" | "failed";
  score: number | null;
  feedback: unknown;
  graded_by: "rule" | "ai" | "person";
  provenance: Record<string, unknown>;
  created_at: string;
}

/** A score by a person; the newest counts. */
export interface Override {
  score: number;
  reason: string;
  scored_by: string;
  scored_at: string;
}

/** An answer with the result that counts, all others, and the question as it was written. */
export interface RecruiterAnswer extends CandidateAnswer {
  answer_text: string | null;
  time_taken_seconds: number;
  score: number | null;
  points: number;
  feedback: unknown;
  evaluation_state: "queued" | "running" | "partial" | "scored" | "needs_review" | "failed";
  graded_by: "rule" | "ai" | "person" | null;
  evaluated_at: string | null;
  /** Of the grading that counts; null while there is none. */
  provenance: Record<string, unknown> | null;
  draft_history: DraftKept[];
  results: GradingResult[];
  overrides: Override[];
  question: McqQuestion | ShortAnswerQuestion | CodeQuestion;
}

/** Something that happened; what `detail` holds depends on `kind`. */
export interface TimelineEntry {
  at: string;
  kind: string;
  actor: string | null;
  reason: string | null;
  detail: Record<string, unknown>;
}

/** Who did what and why; `actor` is null where the server acted. */
export interface AuditRecord {
  at: string;
  action: string;
  actor: string | null;
  reason: string | null;
  detail: Record<string, unknown>;
  revision: number;
}

/** One grading of the whole session; it can be promoted once all its answers are graded. */
export interface Grading {
  grading_version: number;
  answers: number;
  graded: number;
  counts: boolean;
  /** The request that it came of: `GET /api/recruiter/regrades/{regrade_id}`; null for the first grading. */
  regrade_id: string | null;
}

/** The text about the session by one grading, kept for good. */
export interface SummaryText {
  grading_version: number;
  summary: string;
  strengths: string[];
  improvements: string[];
  /** The AI's advice, whatever a person has signed. */
  recommendation: "strong_hire" | "hire" | "maybe" | "no_hire" | null;
  attempt: number;
  provenance: Record<string, unknown>;
  created_at: string;
  counts: boolean;
}

/** All that its recruiter may know about a session. */
export interface SessionDetail extends SessionSummary {
  candidate_email: string;
  pacing: "self_paced" | "scheduled";
  extra_time_percent: number;
  started_at: string;
  ended_at: string | null;
  evaluated_at: string | null;
  released_at: string | null;
  ai_summary: string | null;
  strengths: string[];
  improvements: string[];
  /** Null while the recommendation is the AI's advice. */
  recommendation_signed_by: string | null;
  recommendation_signed_at: string | null;
  answers: RecruiterAnswer[];
  timeline: TimelineEntry[];
  audit: AuditRecord[];
  gradings: Grading[];
  summaries: SummaryText[];
}

/** A new grading has begun in the shadow; as it is, the body of `promote` once it is complete. */
export interface RegradeBegun {
  grading_version: number;
}

/** An event as the room heard it. */
export interface FeedEntry {
  event: string;
  payload: Record<string, unknown>;
}

/** Events after a position, without a gap; `feed` is where to go on. */
export interface FeedReplay {
  events: FeedEntry[];
  feed: FeedPlace;
  has_more: boolean;
}

/** What every event of a recruiter's feed carries. */
export interface OfFeed {
  feed: FeedPlace;
  session_id: string;
  interview_id: string;
  candidate_name: string;
}

/** A candidate started, connected or disconnected. */
export interface AttemptEvent extends OfFeed {
  attempt: number;
}

/** The session is at another question; no deadline while paused. */
export interface QuestionAdvanced extends OfFeed {
  question_index: number;
  question_deadline: string | null;
}

/** An answer is stored, sent by the candidate or closed by the server. */
export interface AnswerSubmitted extends OfFeed {
  question_index: number;
  time_taken_seconds: number;
  how: "submitted" | "auto" | "expired" | "terminated";
  late: boolean;
}

/** The result of an answer changed; `partial` and `needs_review` included. */
export interface AnswerGraded extends OfFeed {
  question_index: number;
  score: number | null;
  points: number;
  state: "queued" | "running" | "partial" | "scored" | "needs_review" | "failed";
  graded_by: "rule" | "ai" | "person" | null;
}

/** The candidate is through. */
export interface SessionOver extends OfFeed {
  status: "completed" | "abandoned" | "terminated";
}

/** The totals are settled and stored; comes once, later changes are `session_changed`. */
export interface InterviewCompleted extends OfFeed {
  score: number;
  max_score: number;
  percentage: number;
  recommendation: "strong_hire" | "hire" | "maybe" | "no_hire" | null;
}

/** The session as it stands in the list now. */
export interface SessionChanged extends SessionSummary, OfFeed {
}

/** Something worth knowing happened in the candidate's browser. */
export interface SignalReported extends OfFeed {
  kind: "tab_hidden" | "tab_visible" | "paste" | "copy" | "fullscreen_exit" | "devtools" | "offline" | "online";
  detail: unknown;
  server_time: string;
}

/** Grading failed, for now or for good: the answer's state says which. */
export interface EvaluationFailed extends OfFeed {
  question_index: number;
  attempts: number;
  reason: string;
}

export interface RecruiterEvents {
  session_started: AttemptEvent;
  session_connected: AttemptEvent;
  session_disconnected: AttemptEvent;
  question_advanced: QuestionAdvanced;
  answer_submitted: AnswerSubmitted;
  answer_evaluated: AnswerGraded;
  session_ended: SessionOver;
  interview_completed: InterviewCompleted;
  session_changed: SessionChanged;
  signal_reported: SignalReported;
  evaluation_failed: EvaluationFailed;
  feed_position: FeedPosition;
}

export type QuestionType = "mcq" | "short_answer" | "code";

/** Which sessions of a regrade. */
export interface RegradeQuery extends Query {
  /** Only this one. */
  session_id?: string | null;
  /** `next_after` of the page before. */
  after?: string | null;
  limit?: number;
}

/** One answer: what counts (once the regrade does: what counted before), and what the regrade found. */
export interface AnswerDifference {
  question_index: number;
  question_type: "mcq" | "short_answer" | "code";
  points: number;
  /** Null while it is not scored. */
  old_score: number | null;
  /** Null while it is not scored. */
  new_score: number | null;
  difference: number | null;
  /** Of the regrade; null while it has not come to it. */
  state: "queued" | "running" | "partial" | "scored" | "needs_review" | "failed" | null;
  /** A person has scored it: that score stands in both. */
  is_persons: boolean;
}

/** One session; ranks are among all sessions of the interview that have a total, equal shares sharing one. */
export interface SessionDifference {
  session_id: string;
  candidate_name: string;
  attempt: number;
  grading_version: number;
  counts: boolean;
  max_score: number;
  old_score: number | null;
  new_score: number | null;
  difference: number | null;
  old_rank: number | null;
  /** Where others have no new total, against what they have. */
  new_rank: number | null;
  old_recommendation: "strong_hire" | "hire" | "maybe" | "no_hire" | null;
  /** Null while the text about this grading is not written. */
  new_recommendation: "strong_hire" | "hire" | "maybe" | "no_hire" | null;
  /** A person has signed: that recommendation stands in both. */
  is_signed: boolean;
  answers: AnswerDifference[];
}

/** How far two gradings agree about answers that both have scored and no person has; differences in percent of the points. */
export interface Agreement {
  /** Null for all types together. */
  question_type: "mcq" | "short_answer" | "code" | null;
  answers: number;
  /** Share with exactly the same score, 0 to 1. */
  same_share: number | null;
  mean_absolute_difference: number | null;
  /** Above 0 where the regrade gives more. */
  mean_difference: number | null;
  /** Cohen's kappa, weighted by the square of the distance, over tenths of the points. Null where it is not defined. */
  weighted_kappa: number | null;
}

/** A request to grade again: what with, how far it is, and what it would change. */
export interface Regrade {
  id: string;
  interview_id: string;
  interview_title: string;
  begun_at: string;
  /** Null where the operator did, from the command line. */
  begun_by: string | null;
  /** Hash of models, parameters and prompts; null for those from before this was kept. */
  recipe_sha256: string | null;
  models: Record<string, string> | null;
  parameters: Record<string, unknown> | null;
  /** Each prompt's hash, as in the provenance of results. */
  prompts: Record<string, string> | null;
  session_count: number;
  promoted_count: number;
  answer_count: number;
  graded_count: number;
  /** Texts about sessions that are being written. */
  texts_pending: number;
  agreement: Agreement;
  agreement_by_type: Agreement[];
  sessions: SessionDifference[];
  next_after: string | null;
}

/** How many people came how far; each is counted once, however often they tried. */
export interface Funnel {
  invited: number;
  started: number;
  completed: number;
  /** Completed, with every answer scored. */
  settled: number;
  released: number;
}

/** How many attempts there are of each status. */
export interface SessionCounts {
  in_progress: number;
  completed: number;
  abandoned: number;
  terminated: number;
}

/** A quarter, a half and three quarters took at most this long. */
export interface Quartiles {
  lower: number;
  median: number;
  upper: number;
}

/** How a question was answered; one that reads the same in several versions is one. */
export interface QuestionStatistics {
  question_text: string;
  type: "mcq" | "short_answer" | "code";
  points: number;
  question_index: number;
  /** Whether the interview's present version asks it. */
  current: boolean;
  difficulty: "easy" | "medium" | "hard" | null;
  time_limit: number;
  answers: number;
  empty: number;
  /** Closed by the server. */
  expired: number;
  scored: number;
  /** Of its points, over the answers that are scored. */
  mean_percentage: number | null;
  /** Without answers of sessions that were terminated. */
  time_taken_seconds: Quartiles | null;
}

/** An interview's people, scores and questions. */
export interface InterviewStatistics {
  interview_id: string;
  title: string;
  version: number;
  funnel: Funnel;
  sessions: SessionCounts;
  /** Settled attempts by percentage: from 0, from 10, … from 90 with 100. */
  tenths: number[];
  mean_percentage: number | null;
  median_percentage: number | null;
  questions: QuestionStatistics[];
}

/** Have the public events of one's own interviews sent somewhere, from now on. */
export interface AddWebhook {
  /** http:// or https://, without user, password and fragment. */
  url: string;
}

/** Try dead letters once more: that of one event, or all. */
export interface RetryDeadLetters {
  event_id?: string | null;
}

/** A new webhook; its secret is shown only here. */
export interface WebhookAdded {
  id: string;
  url: string;
  secret: string;
}

/** A new secret, shown only here; the one before signs too until `previous_until`. */
export interface SecretRotated {
  id: string;
  secret: string;
  previous_until: string;
}

/** A webhook and how it fares. `position` is that of the public stream's entries, up to which everything was sent. `missed_until`: events up to that position were pruned before the receiver took them. */
export interface Webhook {
  id: string;
  url: string;
  created_at: string;
  state: "well" | "failing";
  position: number;
  failures: number;
  failing_since: string | null;
  last_error: string | null;
  next_attempt_at: string | null;
  delivered_at: string | null;
  dead_letters: number;
  previous_secret_until: string | null;
  missed_until: number | null;
  missed_at: string | null;
}

/** A recruiter's webhooks, oldest first. */
export interface WebhookList {
  webhooks: Webhook[];
}

/** A delivery given up on; `retry_asked_at` where one more attempt is on its way. */
export interface WebhookDeadLetter {
  event_id: string;
  position: number;
  session_id: string;
  type: string;
  attempts: number;
  reason: string;
  died_at: string;
  retry_asked_at: string | null;
}

/** Dead letters in the order of their events; ask again with `after` = the last position for more. */
export interface DeadLetterPage {
  dead_letters: WebhookDeadLetter[];
  has_more: boolean;
}

/** Which dead letters. */
export interface DeadLettersQuery extends Query {
  after?: number;
  limit?: number;
}

/** How many dead letters will be tried once more. */
export interface RetryAsked {
  asked: number;
}
