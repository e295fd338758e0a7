import { beforeEach, describe, expect, test, vi } from "vitest";
import type { SessionSummary } from "../generated/contracts";
import { arrange, countsOf, incidentsOf, type View } from "./arrange";
import { rowOf, type Row } from "./row";

const NOW = Date.parse("2026-11-22T12:00:00.000Z");
const VIEW: View = { interviewId: "", status: "", q: "", only: "", sort: "attention", blind: false };

let places = 0;
const row = (id: string, changes: Partial<SessionSummary> = {}): Row =>
  rowOf(
    {
      id,
      candidate_name: `Candidate ${id}`,
      interview_id: "i1",
      interview_title: "Back end",
      attempt: 1,
      status: "in_progress",
      current_question_index: 0,
      question_count: 3,
      connected: true,
      paused_at: null,
      remaining_ms: 60_000,
      last_activity_at: "2026-11-22T11:50:00.000Z",
      final_score: null,
      max_score: 100,
      percentage: null,
      recommendation: null,
      evaluation_state: null,
      flags: [],
      ...changes,
    },
    0,
    places++,
  );
const byId = (...rows: Row[]) => Object.fromEntries(rows.map((one) => [one.id, one]));
const ENDED = { status: "completed", remaining_ms: null, connected: false } as const;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  places = 0;
});

describe("incidents first", () => {
  const rows = byId(
    row("done", { ...ENDED, final_score: 80, percentage: 80, evaluation_state: "scored" }),
    row("fine"),
    row("review", { ...ENDED, evaluation_state: "needs_review" }),
    row("paused", { paused_at: "2026-11-22T11:59:00.000Z" }),
    row("pasted", { flags: ["paste"] }),
    row("away", { connected: false }),
  );

  test("who is away, then signals, pauses, those who run, what waits for a person, the rest", () => {
    expect(arrange(rows, VIEW)).toEqual(["away", "pasted", "paused", "fine", "review", "done"]);
  });

  test("each figure counts what its filter shows", () => {
    const counts = countsOf(rows, VIEW);
    expect(counts).toEqual({ running: 4, attention: 3, away: 1, review: 1 });
    for (const only of ["running", "attention", "away", "review"] as const) {
      expect(arrange(rows, { ...VIEW, only })).toHaveLength(counts[only]);
    }
  });
});

test("who has only just come is not called away", () => {
  const arriving = row("a", { connected: false, last_activity_at: "2026-11-22T11:59:58.000Z" });
  expect(incidentsOf(arriving)).toEqual([]);
  vi.setSystemTime(NOW + 4_000);
  expect(incidentsOf(arriving)).toEqual(["away"]);
});

test("a paused candidate may be away", () => {
  expect(incidentsOf(row("a", { connected: false, paused_at: "2026-11-22T11:59:00.000Z" }))).toEqual([
    "paused",
  ]);
});

test("a session that has ended is no incident, whatever was seen in it", () => {
  expect(incidentsOf(row("a", { ...ENDED, flags: ["paste"] }))).toEqual([]);
});

test.each([
  ["left", ["soon", "late", "none"]],
  ["-percentage", ["late", "none", "soon"]],
  ["candidate_name", ["late", "none", "soon"]],
  ["-activity", ["soon", "none", "late"]],
  ["started_at", ["late", "soon", "none"]],
])("by %s", (sort, order) => {
  const rows = byId(
    row("late", { candidate_name: "Ada", remaining_ms: 90_000, percentage: 90 }),
    row("soon", {
      candidate_name: "Émile",
      remaining_ms: 5_000,
      last_activity_at: "2026-11-22T11:59:59.000Z",
    }),
    row("none", {
      ...ENDED,
      candidate_name: "bob",
      percentage: 10,
      last_activity_at: "2026-11-22T11:55:00.000Z",
    }),
  );
  expect(arrange(rows, { ...VIEW, sort })).toEqual(order);
});

test("filters as the server does, and in blind review never by name", () => {
  const rows = byId(row("a", { candidate_name: "Ada Lovelace" }), row("b", { interview_title: "Adapters" }));
  expect(arrange(rows, { ...VIEW, q: "ada" })).toEqual(["a", "b"]);
  expect(arrange(rows, { ...VIEW, q: "ada", blind: true })).toEqual(["b"]);
  expect(arrange(rows, { ...VIEW, interviewId: "i2" })).toEqual([]);
  expect(arrange(rows, { ...VIEW, status: "completed" })).toEqual([]);
});
