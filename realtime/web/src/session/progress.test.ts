import { describe, expect, test } from "vitest";
import * as of from "./progress";
import { aSession } from "./samples";

const NOON = Date.parse("2026-11-22T12:00:00.000Z");

describe("a session's progress", () => {
  const start = of.fromSession(aSession({ revision: 10, current_question_index: 2 }));

  test("takes a newer question, and a repeat of the same", () => {
    const event = {
      session_id: "s1",
      revision: 11,
      question_index: 3,
      question_deadline: "2026-11-22T12:02:00.000Z",
    };
    const next = of.questionOpened(start, event);
    expect(next).toMatchObject({ index: 3, revision: 11, deadline: NOON + 120_000 });
    expect(of.questionOpened(next, event)).toEqual(next);
  });

  test("knows when the code editor will be wanted", () => {
    const types = ["mcq", "mcq", "mcq", "code", "mcq"] as const;
    expect([0, 1, 2, 3, 4].map((index) => of.codeIsNear({ ...start, types, index }))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test("ignores what is older, and what is another session's", () => {
    const late = { session_id: "s1", revision: 9, question_index: 3, question_deadline: null };
    expect(of.questionOpened(start, late)).toBe(start);
    expect(of.deadlineChanged(start, { ...late, reason: "extended" })).toBe(start);
    expect(of.paused(start, late, NOON)).toBe(start);
    expect(of.resumed(start, late)).toBe(start);
    expect(of.ended(start, late, "completed")).toBe(start);
    expect(of.questionOpened(start, { ...late, session_id: "s2", revision: 99 })).toBe(start);
  });

  test("an old snapshot does not undo what an event has said", () => {
    const ahead = of.questionOpened(start, {
      session_id: "s1",
      revision: 12,
      question_index: 3,
      question_deadline: null,
    });
    expect(of.adopt(ahead, aSession({ revision: 11, current_question_index: 2 }))).toBe(ahead);
    expect(of.adopt(ahead, aSession({ revision: 12, current_question_index: 3 })).index).toBe(3);
  });

  test("another session is always news", () => {
    expect(of.adopt(start, aSession({ id: "s2", revision: 1 })).sessionId).toBe("s2");
  });

  test("pausing freezes what was left, resuming runs to the new deadline", () => {
    const stopped = of.paused(start, { session_id: "s1", revision: 11, reason: "fire alarm" }, NOON);
    expect(stopped.paused).toEqual({ remainingMs: 60_000, reason: "fire alarm" });
    expect(of.remaining(stopped, NOON + 45_000)).toBe(60_000);
    const again = of.deadlineChanged(of.resumed(stopped, { session_id: "s1", revision: 12 }), {
      session_id: "s1",
      revision: 12,
      question_index: 2,
      question_deadline: "2026-11-22T12:10:00.000Z",
      reason: "resumed",
    });
    expect(again.paused).toBeNull();
    expect(of.remaining(again, NOON + 9 * 60_000)).toBe(60_000);
  });

  test("a second notice of the same pause does not lose the remainder", () => {
    const once = of.paused(start, { session_id: "s1", revision: 11 }, NOON);
    expect(of.paused(once, { session_id: "s1", revision: 11 }, NOON + 5_000).paused?.remainingMs).toBe(
      60_000,
    );
  });

  test("a duplicate's reply never goes back", () => {
    const reply = {
      success: true,
      next_question_index: 1,
      next_question: { id: "q1", index: 1, type: "mcq", time_limit: 60, points: 5 },
      time_limit: 60,
      question_deadline: null,
      waiting: false,
      question_opens_at: null,
      server_time: "2026-11-22T12:00:00.000Z",
      revision: 10,
      receipt: { answer_id: "a", sha256: "", server_time: "2026-11-22T12:00:00.000Z" },
      duplicate: true,
    } as const;
    expect(of.submitted(start, reply)).toBe(start);
  });

  test("a tick puts right a deadline that was missed, and leaves a good one alone", () => {
    const tick = {
      session_id: "s1",
      revision: 10,
      question_index: 2,
      server_time_ms: NOON,
      remaining_ms: 60_400,
    };
    expect(of.ticked(start, tick)).toBe(start);
    expect(of.ticked(start, { ...tick, remaining_ms: 90_000 }).deadline).toBe(NOON + 90_000);
    expect(of.ticked(start, { ...tick, remaining_ms: 90_000, revision: 9 })).toBe(start);
    expect(of.ticked(start, { ...tick, remaining_ms: 90_000, question_index: 1 })).toBe(start);
  });

  test("while waiting the clock runs to the opening", () => {
    const waiting = of.fromSession(
      aSession({ waiting: true, question_opens_at: "2026-11-22T12:00:30.000Z", question_deadline: null }),
    );
    expect(of.remaining(waiting, NOON)).toBe(30_000);
  });
});
