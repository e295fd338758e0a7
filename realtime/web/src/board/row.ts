import type { EvaluationState, RecruiterEvents, SessionSummary } from "../generated/contracts";
import type { FeedEvent } from "../feed/order";

/** One session on the board: its summary, and what only the board knows. */
export interface Row extends SessionSummary {
  /** When the time of the open question is up, on this computer's steady clock; null where no clock runs. */
  endsAt: number | null;
  /** Where it came in: the order in which the server listed it, and the later ones after it. */
  place: number;
}

export type Word =
  "in_progress" | "paused" | "complete" | "needs_review" | "grading" | "abandoned" | "terminated";

/** The one word that says how a session stands. */
export function wordOf(row: SessionSummary): Word {
  switch (row.status) {
    case "in_progress":
      return row.paused_at === null ? "in_progress" : "paused";
    case "abandoned":
      return "abandoned";
    case "terminated":
      return row.evaluation_state === "needs_review" ? "needs_review" : "terminated";
    case "completed":
      if (row.evaluation_state === "needs_review") return "needs_review";
      return row.final_score === null ? "grading" : "complete";
  }
}

export function rowOf(summary: SessionSummary, steadyNow: number, place: number): Row {
  const runs =
    summary.status === "in_progress" && summary.paused_at === null && summary.remaining_ms !== null;
  return { ...summaryOf(summary), place, endsAt: runs ? steadyNow + (summary.remaining_ms ?? 0) : null };
}

/** What a row keeps, and no more: there are a thousand of them, and what comes may be a whole session. */
const SHOWN = [
  "id",
  "candidate_name",
  "interview_id",
  "interview_title",
  "attempt",
  "status",
  "current_question_index",
  "question_count",
  "connected",
  "paused_at",
  "remaining_ms",
  "last_activity_at",
  "final_score",
  "max_score",
  "percentage",
  "recommendation",
  "evaluation_state",
  "flags",
] as const satisfies readonly (keyof SessionSummary)[];

function summaryOf(summary: SessionSummary): SessionSummary {
  const kept = SHOWN.map((name) => [name, summary[name]] as const);
  return Object.fromEntries(kept) as Pick<SessionSummary, (typeof SHOWN)[number]>;
}

/** Clocks at the moment of an event: this computer's steady one, and the server's as far as it is known. */
export interface Moment {
  steady: number;
  server: number;
}

type Known = {
  [Name in keyof RecruiterEvents]: { event: Name; payload: RecruiterEvents[Name] };
}[keyof RecruiterEvents];

/** The row after `event`; what the event does not say, or this version does not know, stays as it is. */
export function applied(row: Row, event: FeedEvent, now: Moment): Row {
  const { event: name, payload } = event as Known;
  const active = { ...row, last_activity_at: new Date(now.server).toISOString() };
  switch (name) {
    case "session_connected":
      return { ...active, connected: true };
    case "session_disconnected":
      return { ...row, connected: false };
    case "question_advanced":
      return advanced(active, payload, now);
    case "answer_submitted":
    case "signal_reported":
      return active;
    case "answer_evaluated":
      return { ...row, evaluation_state: worse(row.evaluation_state, payload.state) };
    case "session_ended":
      return { ...active, status: payload.status, connected: false, endsAt: null, remaining_ms: null };
    case "interview_completed": {
      const { score, max_score, percentage, recommendation } = payload;
      return {
        ...row,
        final_score: score,
        max_score,
        percentage,
        recommendation,
        evaluation_state: "scored",
      };
    }
    case "session_changed":
      return rowOf({ ...row, ...payload }, now.steady, row.place);
    default:
      return row;
  }
}

/** Whether the event says less than the server knows, so that the summary is to be read again. */
export function saysTooLittle(row: Row, event: FeedEvent): boolean {
  if (event.event === "signal_reported" || event.event === "evaluation_failed") return true;
  return row.status !== "in_progress" && event.event === "answer_evaluated";
}

function advanced(row: Row, payload: RecruiterEvents["question_advanced"], now: Moment): Row {
  const { question_index: index, question_deadline: deadline } = payload;
  if (index < row.current_question_index) return row; // the row was read after this was said
  const left = deadline === null ? null : Date.parse(deadline) - now.server;
  return { ...row, current_question_index: index, endsAt: left === null ? null : now.steady + left };
}

const BAD_TO_WORSE: readonly (EvaluationState | null)[] = [
  null,
  "scored",
  "partial",
  "queued",
  "running",
  "failed",
  "needs_review",
];

function worse(one: EvaluationState | null, other: EvaluationState): EvaluationState | null {
  return BAD_TO_WORSE.indexOf(other) > BAD_TO_WORSE.indexOf(one) ? other : one;
}
