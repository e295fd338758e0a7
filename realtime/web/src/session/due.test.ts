import { expect, test } from "vitest";
import { due } from "./due";
import { fromSession } from "./progress";
import { aSession } from "./samples";

const DEADLINE = Date.parse("2026-11-22T12:01:00.000Z");
const running = fromSession(aSession());
const waiting = fromSession(aSession({ waiting: true, question_opens_at: "2026-11-22T12:01:00.000Z" }));

test.each([
  [running, -1_501, "nothing"],
  [running, -1_500, "save"],
  [running, -1, "save"],
  [running, 0, "submit"],
  [running, 4_499, "submit"],
  [running, 4_500, "ask"],
  [waiting, -1, "nothing"],
  [waiting, 1_200, "ask"],
  [{ ...running, paused: { remainingMs: 0, reason: null } }, 60_000, "nothing"],
  [{ ...running, deadline: null }, 60_000, "nothing"],
  [{ ...running, status: "completed" as const }, 60_000, "nothing"],
])("at the boundary (%#): %s ms from the deadline", (progress, fromDeadline, expected) => {
  expect(due(progress, DEADLINE + fromDeadline)).toBe(expected);
});
