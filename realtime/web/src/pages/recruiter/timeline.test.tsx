import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { SessionDetail, TimelineEntry } from "../../generated/contracts";
import { Timeline } from "./timeline";

afterEach(cleanup);

const entry = (kind: string, fields: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at: "2026-11-22T12:01:05.000Z",
  kind,
  actor: null,
  reason: null,
  detail: {},
  ...fields,
});
const SESSION = {
  started_at: "2026-11-22T12:00:00.000Z",
  timeline: [
    entry("answer_submitted", {
      detail: { question_index: 1, how: "expired", late: false, time_taken_seconds: 61 },
    }),
    entry("signal", { detail: { signal: "paste", question_index: 1, detail: { length: 9 } } }),
    entry("extended", { actor: "Rita", reason: "Fire drill", detail: { seconds: 300 } }),
    entry("answer_evaluated", { detail: { question_index: 1, score: 4, points: 10, state: "scored" } }),
    entry("something_of_a_later_version", { detail: { secret: "never shown" } }),
  ],
  audit: [{ ...entry("", { actor: "Rita", reason: "Fire drill" }), action: "extended", revision: 2 }],
} as unknown as SessionDetail;
const lines = () => screen.getAllByRole("listitem").map((item) => item.textContent);

test("tells what happened in words, with its time since the start", () => {
  render(<Timeline session={SESSION} />);
  const [answered, signal, extended, graded, unknown] = lines();
  expect(answered).toContain("+1:05");
  expect(answered).toContain("AnsweredQuestion 2 · closed by the server · took 1:01");
  expect(signal).toContain("Pasted");
  expect(extended).toContain("Given more time Rita300 sFire drill");
  expect(graded).toContain("Answer graded");
  expect(graded).toContain("4 of 10");
  expect(unknown).toContain("Something of a later version");
  expect(unknown).not.toContain("never shown");
});

test("shows only what people did, or only the signals", async () => {
  render(<Timeline session={SESSION} />);
  await userEvent.click(screen.getByRole("button", { name: "What people did" }));
  expect(lines()).toHaveLength(1);
  expect(lines()[0]).toContain("Fire drill");
  await userEvent.click(screen.getByRole("button", { name: "Signals" }));
  expect(lines()).toHaveLength(1);
  expect(lines()[0]).toContain("Pasted");
});
