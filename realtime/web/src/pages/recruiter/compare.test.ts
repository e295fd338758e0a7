import { expect, test } from "vitest";
import type { RecruiterAnswer, SessionDetail } from "../../generated/contracts";
import { compare, totals } from "./compare";

const answer = (index: number, fields: Partial<RecruiterAnswer>) =>
  ({ question_index: index, points: 10, score: 5, results: [], overrides: [], ...fields }) as RecruiterAnswer;
const result = (version: number, score: number | null, state = "scored") =>
  ({ grading_version: version, score, state }) as RecruiterAnswer["results"][number];
const session = (...answers: RecruiterAnswer[]) => ({ answers }) as unknown as SessionDetail;

test("sets what counts beside what another grading found, and leaves a person's score", () => {
  const found = compare(
    session(
      answer(0, { results: [result(1, 5), result(2, 7.25)] }),
      answer(1, {
        score: 9,
        results: [result(2, 1)],
        overrides: [{} as RecruiterAnswer["overrides"][number]],
      }),
    ),
    2,
  );
  expect(found.map(({ before, after, isPersons }) => [before, after, isPersons])).toEqual([
    [5, 7.25, false],
    [9, 9, true],
  ]);
  expect(totals(found)).toEqual({ before: 14, after: 16.25 });
});

test("has no total while an answer is not graded, or only in part", () => {
  const found = compare(session(answer(0, {}), answer(1, { results: [result(2, 3, "partial")] })), 2);
  expect(found.map(({ after }) => after)).toEqual([null, null]);
  expect(totals(found)).toEqual({ before: 10, after: null });
});

test("adds hundredths exactly", () => {
  const found = compare(session(...[0.1, 0.2, 0.07].map((score, at) => answer(at, { score }))), 1);
  expect(totals(found).before).toBe(0.37);
});
