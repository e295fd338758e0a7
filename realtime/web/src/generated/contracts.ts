// Written by `python -m realtime.contracts.typescript` from the models in realtime/contracts; not by hand.

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

export type Difficulty = "easy" | "medium" | "hard";

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

export type Question = McqQuestion | ShortAnswerQuestion | CodeQuestion;

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
