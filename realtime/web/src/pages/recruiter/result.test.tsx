import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { SessionDetail } from "../../generated/contracts";
import { Result } from "./result";

afterEach(cleanup);

const WRITTEN = "2026-11-22T12:00:00.000Z";

function session(scoredAt: string | null): SessionDetail {
  const overrides =
    scoredAt === null ? [] : [{ score: 4, reason: "", scored_by: "Rita", scored_at: scoredAt }];
  return {
    status: "completed",
    final_score: 10,
    max_score: 20,
    percentage: 50,
    recommendation: "maybe",
    recommendation_signed_by: null,
    released_at: null,
    ai_summary: "Half of it.",
    strengths: [],
    improvements: [],
    answers: [{ overrides: [] }, { overrides }],
    summaries: [
      { grading_version: 1, counts: true, created_at: WRITTEN },
      { grading_version: 2, counts: false, created_at: "2026-11-22T13:00:00.000Z" },
    ],
  } as unknown as SessionDetail;
}

test.each([
  [null, false],
  ["2026-11-22T11:59:59.999Z", false],
  ["2026-11-22T12:00:00.001Z", true],
])("a score by a person at %s makes the text older than the totals: %s", (scoredAt, isOutdated) => {
  render(<Result session={session(scoredAt)} />);
  expect(screen.getByText("Half of it.")).toBeTruthy();
  expect(screen.queryByText(/A person has changed a score/) !== null).toBe(isOutdated);
});
