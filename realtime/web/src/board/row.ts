import type { EvaluationState, SessionSummary } from "../generated/contracts";
import type { FeedEvent } from "../feed/order";

/** One session on the board: its summary, and what only the board knows. */
export interface Row extends SessionSummary {
  /** When the time of the open question is up, on this computer's steady clock; null where no clock runs. */
  endsAt: number | null;
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

export function rowOf(summary: SessionSummary, steadyNow: number): Row {
  const runs =
    summary.status === "in_progress" && summary.paused_at === null && summary.remaining_ms !== null;
  return { ...summary, endsAt: runs ? steadyNow + (summary.remaining_ms ?? 0) : null };
}

/** Clocks at the moment of an event: this computer's steady one, and the server's as far as it is known. */
export interface Moment {
  steady: number;
  server: number;
}

type Payload = FeedEvent["payload"] & Partial<SessionSummary> & Record<string, unknown>;

/** The row after `event`; what the event does not say stays as it is. */
export function applied(row: Row, event: FeedEvent, now: Moment): Row {
  const payload = event.payload as Payload;
  const active = { ...row, last_activity_at: new Date(now.server).toISOString() };
  switch (event.event) {
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
      return { ...row, evaluation_state: worse(row.evaluation_state, payload.state as EvaluationState) };
    case "session_ended":
      return {
        ...active,
        status: payload.status ?? row.status,
        connected: false,
        endsAt: null,
        remaining_ms: null,
      };
    case "interview_completed":
      return {
        ...row,
        final_score: payload.score as number,
        max_score: payload.max_score ?? row.max_score,
        percentage: payload.percentage ?? row.percentage,
        recommendation: payload.recommendation ?? null,
        evaluation_state: "scored",
      };
    case "session_changed":
      return changed(row, payload, now);
    default:
      return row;
  }
}

/** Whether the event says less than the server knows, so that the summary is to be read again. */
export function saysTooLittle(row: Row, event: FeedEvent): boolean {
  if (event.event === "signal_reported" || event.event === "evaluation_failed") return true;
  return row.status !== "in_progress" && event.event === "answer_evaluated";
}

function advanced(row: Row, payload: Payload, now: Moment): Row {
  const index = payload.question_index as number;
  if (index < row.current_question_index) return row; // the row was read after this was said
  const deadline = payload.question_deadline as string | null;
  const left = deadline === null ? null : Date.parse(deadline) - now.server;
  return { ...row, current_question_index: index, endsAt: left === null ? null : now.steady + left };
}

function changed(row: Row, payload: Payload, now: Moment): Row {
  const summary: Partial<Record<keyof SessionSummary, unknown>> = {};
  for (const name of FIELDS) if (name in payload) summary[name] = payload[name];
  return rowOf({ ...row, ...(summary as Partial<SessionSummary>), id: row.id }, now.steady);
}

const FIELDS = [
  "candidate_name",
  "interview_title",
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
