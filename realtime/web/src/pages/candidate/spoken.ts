import type { CandidateKey } from "../../i18n";

export const MINUTE = 60_000;

// Said aloud to a screen reader, and nothing between: a timer that speaks every second cannot be lived with.
const SPOKEN: readonly (readonly [number, CandidateKey])[] = [
  [5 * MINUTE, "timer.speak5"],
  [MINUTE, "timer.speak1"],
  [MINUTE / 2, "timer.speak30"],
];

/** What is to be said when the time left goes from `was` to `left` milliseconds; the latest of several. */
export function spokenBetween(was: number, left: number): CandidateKey | null {
  return SPOKEN.filter(([at]) => was > at && left <= at).at(-1)?.[1] ?? null;
}

export type Threshold = "soon" | "last";

/** How near the end is of a question that had `limit` milliseconds; null while there is nothing to say. */
export function thresholdAt(left: number, limit: number): Threshold | null {
  if (left <= MINUTE) return "last";
  // a question that is short from the start is not "soon" over at its beginning
  return left <= 5 * MINUTE && limit > 5 * MINUTE ? "soon" : null;
}
