import type { Session } from "../generated/contracts";

/** A running session for tests: three questions, one minute left at noon. */
export function aSession(changes: Partial<Session> = {}): Session {
  return {
    id: "s1",
    interview_id: "i1",
    attempt: 1,
    attempts_left: 2,
    status: "in_progress",
    pacing: "self_paced",
    started_at: "2026-11-22T11:55:00.000Z",
    current_question_index: 0,
    question_started_at: "2026-11-22T11:59:00.000Z",
    question_deadline: "2026-11-22T12:01:00.000Z",
    remaining_ms: 60_000,
    waiting: false,
    question_opens_at: null,
    paused_at: null,
    questions: [0, 1, 2, 3].map((index) => ({
      id: `q${index}`,
      index,
      type: "mcq",
      time_limit: 120,
      points: 5,
    })),
    time_limits: [120, 120, 120, 120],
    server_time: "2026-11-22T12:00:00.000Z",
    revision: 1,
    ...changes,
  };
}
