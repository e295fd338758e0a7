import { expect, test } from "vitest";
import { spokenBetween, thresholdAt } from "./spoken";

test.each([
  [301_000, 300_000, "timer.speak5"],
  [300_000, 299_000, null],
  [61_000, 60_000, "timer.speak1"],
  [60_000, 59_000, null],
  [31_000, 30_000, "timer.speak30"],
  [400_000, 20_000, "timer.speak30"], // the laptop slept: only the newest word counts
  [20_000, 140_000, null], // more time was given
])("from %i to %i ms: %s", (was, left, key) => {
  expect(spokenBetween(was, left)).toBe(key);
});

test.each([
  [301_000, 600_000, null],
  [300_000, 600_000, "soon"],
  [61_000, 600_000, "soon"],
  [60_000, 600_000, "last"],
  [0, 600_000, "last"],
  [240_000, 300_000, null], // short from the start
  [60_000, 75_000, "last"],
])("%i of %i ms left: %s", (left, limit, threshold) => {
  expect(thresholdAt(left, limit)).toBe(threshold);
});
