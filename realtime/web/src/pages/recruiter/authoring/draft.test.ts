import { beforeEach, expect, test } from "vitest";
import type { Interview } from "../../../generated/contracts";
import { blankQuestion, faultsOf, fromInterview, keep, kept, moved, toInterview, totals } from "./draft";

const INTERVIEW: Interview = {
  title: "Back end",
  description: "What comes first",
  pacing: "scheduled",
  questions: [
    {
      type: "mcq",
      question_text: "Which?",
      time_limit: 60,
      points: 10,
      difficulty: "easy",
      options: ["a", "b"],
      correct_answer: "b",
    },
    { type: "short_answer", question_text: "Why?", time_limit: 120, points: 5, expected_keywords: ["x y"] },
    {
      type: "code",
      question_text: "Write.",
      time_limit: 600,
      points: 20,
      language: "go",
      sample_solution: "  x\n",
      evaluation_criteria: ["It works", "It is short"],
    },
  ],
};

beforeEach(() => localStorage.clear());

test("what is read is sent as it was", () => {
  expect(toInterview(fromInterview(INTERVIEW))).toEqual(INTERVIEW);
});

test("what is empty is left out, for the server to name", () => {
  const draft = fromInterview(INTERVIEW);
  draft.questions[0] = { ...blankQuestion("mcq"), points: null };
  const sent = toInterview(draft) as { questions: Record<string, unknown>[] };
  expect(sent.questions[0]).toEqual({
    type: "mcq",
    question_text: "",
    time_limit: 90,
    options: ["", ""],
    correct_answer: "",
  });
});

test.each([
  [0, 2, "bca"],
  [2, 0, "cab"],
  [1, 1, "abc"],
  [0, 9, "bca"],
  [2, -1, "cab"],
])("moved from %i to %i: %s", (from, to, text) => {
  expect(moved(["a", "b", "c"], from, to).join("")).toBe(text);
});

test("a fault stands beside its field", () => {
  const faults = [
    { path: "title", message: "must not be empty" },
    { path: "questions[1].options[0]", message: "must not be empty" },
    { path: "questions[1].options", message: "must differ from one another" },
    { path: "questions[10].points", message: "is missing" },
    { path: "questions", message: "must have at least 1 entries" },
  ];
  expect(Object.fromEntries(faultsOf(faults, null))).toEqual({
    title: "must not be empty",
    questions: "must have at least 1 entries",
  });
  expect(Object.fromEntries(faultsOf(faults, 1))).toEqual({ options: "must not be empty" });
  expect(faultsOf(faults, 0).size).toBe(0);
});

test("time and points are summed", () => {
  expect(totals(fromInterview(INTERVIEW))).toEqual({ seconds: 780, points: 35 });
});

test("what is not saved is kept, and forgotten once it is", () => {
  const draft = fromInterview(INTERVIEW);
  keep("new", { version: 0, draft });
  expect(kept("new")).toEqual({ version: 0, draft });
  keep("new", null);
  expect(kept("new")).toBeNull();
  localStorage.setItem("interlock.authoring.new", "{");
  expect(kept("new")).toBeNull();
});
