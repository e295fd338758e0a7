import { remaining, type Progress } from "./progress";

/** What the clock asks for at `now`. */
export type Due = "nothing" | "save" | "submit" | "ask";

// The draft, which the server hands in should this page be cut off, is brought up to date just before zero.
const SAVE_BEFORE_MS = 1_500;
// When the server should long have moved on and nothing was heard, ask it.
const ASK_AFTER_CLOSE_MS = 4_500;
const ASK_AFTER_OPENING_MS = 1_200;

export function due(progress: Progress, now: number): Due {
  const left = remaining(progress, now);
  if (progress.status !== "in_progress" || progress.paused || left === null) return "nothing";
  if (progress.waiting) return left <= -ASK_AFTER_OPENING_MS ? "ask" : "nothing";
  if (left <= -ASK_AFTER_CLOSE_MS) return "ask";
  if (left <= 0) return "submit";
  return left <= SAVE_BEFORE_MS ? "save" : "nothing";
}
