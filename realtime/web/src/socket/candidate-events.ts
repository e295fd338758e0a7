import type { CandidateEvents } from "../generated/contracts";

/** Every event that the server sends to a candidate. */
export const CANDIDATE_EVENTS = [
  "tick",
  "question_opened",
  "question_expired",
  "deadline_changed",
  "session_paused",
  "session_resumed",
  "session_terminated",
  "session_completed",
  "session_superseded",
  "message",
] as const satisfies readonly (keyof CandidateEvents)[];
