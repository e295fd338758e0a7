import { expect, test } from "vitest";
import { readFeedback } from "./read-feedback";

test("multiple choice is a sentence", () => {
  expect(readFeedback("Correct!")?.text).toBe("Correct!");
  expect(readFeedback({ feedback: "Incorrect. Correct answer: B" })?.text).toBe(
    "Incorrect. Correct answer: B",
  );
});

test("a short answer has its keywords and two halves", () => {
  const read = readFeedback({
    total_score: 11.5,
    keyword_score: 5,
    semantic_score: 6.5,
    keywords_found: ["version", "conflict"],
    keywords_missing: ["retry"],
    keywords_total: 3,
    ai_feedback: "Good.",
    strengths: ["clear"],
    improvements: [],
  });
  expect(read).toMatchObject({
    text: "Good.",
    keywords: { found: ["version", "conflict"], missing: ["retry"], total: 3 },
  });
  expect(read?.scores.map((score) => score.score)).toEqual([5, 6.5]);
});

test("code has a score per criterion, by name or as a list", () => {
  const byName = readFeedback({ criteria_scores: { "keeps the order": 4 }, overall_feedback: "Fine." });
  expect(byName?.scores).toEqual([{ name: "keeps the order", score: 4, points: null, comment: "" }]);
  const list = readFeedback({
    criteria_scores: [{ criterion: "order", score: 4, points: 5, comment: "yes" }],
  });
  expect(list?.scores).toEqual([{ name: "order", score: 4, points: 5, comment: "yes" }]);
});

test.each([null, undefined, 7, []])("%j is no feedback", (value) => {
  expect(readFeedback(value)).toBeNull();
});

test("what is of the wrong form is passed over", () => {
  expect(readFeedback({ strengths: "none", criteria_scores: 3, keywords_found: [1] })).toEqual({
    text: "",
    keywords: null,
    scores: [],
    strengths: [],
    improvements: [],
  });
});
