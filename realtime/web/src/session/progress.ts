import type { Session, Submitted } from "../generated/contracts";

/** Where a session stands; every time is the server's, in milliseconds since the epoch. */
export interface Progress {
  sessionId: string;
  interviewId: string;
  attempt: number;
  attemptsLeft: number;
  status: Session["status"];
  pacing: Session["pacing"];
  revision: number;
  index: number;
  total: number;
  questionIds: readonly string[];
  types: readonly Session["questions"][number]["type"][];
  timeLimits: readonly number[];
  deadline: number | null;
  waiting: boolean;
  opensAt: number | null;
  /** Set while paused; the remainder is frozen. */
  paused: { remainingMs: number | null; reason: string | null } | null;
  endReason: string | null;
}

/** What every event about a session carries. */
export interface Revised {
  session_id: string;
  revision: number;
}

export function fromSession(session: Session): Progress {
  return {
    sessionId: session.id,
    interviewId: session.interview_id,
    attempt: session.attempt,
    attemptsLeft: session.attempts_left,
    status: session.status,
    pacing: session.pacing,
    revision: session.revision,
    index: session.current_question_index,
    total: session.questions.length,
    questionIds: session.questions.map((question) => question.id),
    types: session.questions.map((question) => question.type),
    timeLimits: session.time_limits,
    deadline: millis(session.question_deadline),
    waiting: session.waiting,
    opensAt: millis(session.question_opens_at),
    paused: session.paused_at === null ? null : { remainingMs: session.remaining_ms, reason: null },
    endReason: null,
  };
}

/** Whether `event` says something that `progress` does not already know better. */
export function isNews(progress: Progress, event: Revised): boolean {
  return event.session_id === progress.sessionId && event.revision >= progress.revision;
}

/** A whole session from the server: the truth, unless something newer was heard meanwhile. */
export function adopt(progress: Progress | null, session: Session): Progress {
  const next = fromSession(session);
  if (progress?.sessionId !== next.sessionId) return next;
  if (next.revision < progress.revision) return progress;
  const reason = progress.paused?.reason ?? null;
  return next.paused ? { ...next, paused: { ...next.paused, reason } } : next;
}

export function questionOpened(
  progress: Progress,
  event: Revised & { question_index: number; question_deadline: string | null },
): Progress {
  if (!isNews(progress, event) || event.question_index < progress.index) return progress;
  return {
    ...progress,
    revision: event.revision,
    index: event.question_index,
    deadline: millis(event.question_deadline),
    waiting: false,
    opensAt: null,
  };
}

export function deadlineChanged(
  progress: Progress,
  event: Revised & { question_index: number; question_deadline: string | null; reason: string },
): Progress {
  if (!isNews(progress, event) || event.question_index !== progress.index) return progress;
  const changed = { ...progress, revision: event.revision, deadline: millis(event.question_deadline) };
  return event.reason === "resumed" ? { ...changed, paused: null } : changed;
}

const APART_MS = 1_000;

/** A tick is a second opinion: it puts right a deadline or an opening that was missed, and nothing else. */
export function ticked(
  progress: Progress,
  tick: Revised & { question_index: number; remaining_ms: number; server_time_ms: number },
): Progress {
  if (!isNews(progress, tick) || tick.question_index !== progress.index || progress.paused) return progress;
  const until = tick.server_time_ms + tick.remaining_ms;
  const known = progress.waiting ? progress.opensAt : progress.deadline;
  if (known !== null && Math.abs(known - until) < APART_MS) return progress;
  return progress.waiting ? { ...progress, opensAt: until } : { ...progress, deadline: until };
}

/** What was left is frozen as it stood at `now`. */
export function paused(
  progress: Progress,
  event: Revised & { reason?: string | null },
  now: number,
): Progress {
  if (!isNews(progress, event)) return progress;
  const until = progress.waiting ? progress.opensAt : progress.deadline;
  const remainingMs = progress.paused?.remainingMs ?? (until === null ? null : Math.max(0, until - now));
  return {
    ...progress,
    revision: event.revision,
    paused: { remainingMs, reason: event.reason ?? null },
    deadline: null,
  };
}

export function resumed(progress: Progress, event: Revised): Progress {
  return isNews(progress, event) ? { ...progress, revision: event.revision, paused: null } : progress;
}

export function ended(
  progress: Progress,
  event: Revised & { reason?: string | null },
  status: "completed" | "terminated",
): Progress {
  if (!isNews(progress, event)) return progress;
  return { ...progress, revision: event.revision, status, endReason: event.reason ?? null };
}

/** An accepted answer moves on; an old repeat (`duplicate`) of an earlier question moves nothing. */
export function submitted(progress: Progress, reply: Submitted): Progress {
  if (reply.revision < progress.revision || reply.next_question_index < progress.index) return progress;
  return {
    ...progress,
    revision: reply.revision,
    index: reply.next_question_index,
    deadline: millis(reply.question_deadline),
    waiting: reply.waiting,
    opensAt: millis(reply.question_opens_at),
  };
}

/** Whether the question that is asked, or the next one, is answered in the code editor. */
export function codeIsNear(progress: Progress): boolean {
  return progress.types.slice(progress.index, progress.index + 2).includes("code");
}

/** Milliseconds to the deadline, or to the opening while waiting; null where no clock runs. */
export function remaining(progress: Progress, now: number): number | null {
  if (progress.paused) return progress.paused.remainingMs;
  const until = progress.waiting ? progress.opensAt : progress.deadline;
  return until === null ? null : until - now;
}

export function millis(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
