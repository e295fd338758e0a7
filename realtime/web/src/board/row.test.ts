import { describe, expect, test } from "vitest";
import type { SessionSummary } from "../generated/contracts";
import type { FeedEvent } from "../feed/order";
import { applied, rowOf, saysTooLittle, wordOf } from "./row";

const NOW = { steady: 10_000, server: Date.parse("2026-11-22T12:00:00.000Z") };
const summary = (changes: Partial<SessionSummary> = {}): SessionSummary => ({
  id: "s1",
  candidate_name: "Ada Lovelace",
  interview_id: "i1",
  interview_title: "Full-Stack Developer",
  attempt: 1,
  status: "in_progress",
  current_question_index: 1,
  question_count: 6,
  connected: true,
  paused_at: null,
  remaining_ms: 30_000,
  last_activity_at: "2026-11-22T11:59:00.000Z",
  final_score: null,
  max_score: 100,
  percentage: null,
  recommendation: null,
  evaluation_state: null,
  flags: [],
  ...changes,
});
const row = (changes: Partial<SessionSummary> = {}) => rowOf(summary(changes), NOW.steady, 0);
const event = (name: string, payload: object = {}): FeedEvent => ({
  event: name,
  payload: { feed: { epoch: "e", offset: 1 }, session_id: "s1", ...payload },
});

describe("a row of the board", () => {
  test("counts down to the question's end, and not while paused", () => {
    expect(row().endsAt).toBe(40_000);
    expect(row({ paused_at: "2026-11-22T11:59:00.000Z" }).endsAt).toBeNull();
  });

  test("moves to the next question with its own deadline", () => {
    const next = event("question_advanced", {
      question_index: 2,
      question_deadline: "2026-11-22T12:01:00.000Z",
    });
    expect(applied(row(), next, NOW)).toMatchObject({ current_question_index: 2, endsAt: 70_000 });
  });

  test("does not go back for an event that the row had already seen when it was read", () => {
    const old = event("question_advanced", { question_index: 0, question_deadline: null });
    expect(applied(row(), old, NOW).current_question_index).toBe(1);
  });

  test("ends, is graded, and takes a correction", () => {
    const ended = applied(row(), event("session_ended", { status: "completed" }), NOW);
    expect(ended).toMatchObject({ status: "completed", connected: false, endsAt: null });
    expect(wordOf(ended)).toBe("grading");
    const totals = { score: 61.5, max_score: 100, percentage: 61.5, recommendation: "hire" };
    const settled = applied(ended, event("interview_completed", totals), NOW);
    expect(settled).toMatchObject({ final_score: 61.5, evaluation_state: "scored", recommendation: "hire" });
    expect(wordOf(settled)).toBe("complete");
    expect(applied(settled, event("session_changed", { final_score: 70 }), NOW).final_score).toBe(70);
  });

  test("an answer to be looked at shows once the session has ended", () => {
    const looked = applied(row(), event("answer_evaluated", { state: "needs_review" }), NOW);
    expect(wordOf(looked)).toBe("in_progress");
    expect(wordOf({ ...looked, status: "completed" })).toBe("needs_review");
    expect(applied(looked, event("answer_evaluated", { state: "scored" }), NOW).evaluation_state).toBe(
      "needs_review",
    );
  });

  test("an event that this version does not know changes nothing", () => {
    const before = row();
    expect(applied(before, event("something_new"), NOW)).toBe(before);
  });

  test("reads again what an event does not say whole", () => {
    expect(saysTooLittle(row(), event("signal_reported"))).toBe(true);
    expect(saysTooLittle(row(), event("answer_evaluated"))).toBe(false);
    expect(saysTooLittle(row({ status: "completed" }), event("answer_evaluated"))).toBe(true);
  });
});
