import type { SessionDetail } from "../../generated/contracts";

/** One question under the grading that counts and under another. */
export interface Difference {
  index: number;
  points: number;
  before: number | null;
  after: number | null;
  /** A person's score stays, whatever a grader finds. */
  isPersons: boolean;
}

/** What another grading would change, question by question. */
export function compare(session: SessionDetail, gradingVersion: number): Difference[] {
  return session.answers.map((answer) => {
    const isPersons = answer.overrides.length > 0;
    const found = answer.results.find((result) => result.grading_version === gradingVersion);
    return {
      index: answer.question_index,
      points: answer.points,
      before: answer.score,
      after: isPersons ? answer.score : found?.state === "scored" ? found.score : null,
      isPersons,
    };
  });
}

/** The totals of both, each null where a score is missing. */
export function totals(differences: readonly Difference[]): { before: number | null; after: number | null } {
  return {
    before: sum(differences.map(({ before }) => before)),
    after: sum(differences.map(({ after }) => after)),
  };
}

function sum(scores: readonly (number | null)[]): number | null {
  let cents = 0; // scores have two decimals: added as whole numbers
  for (const score of scores) {
    if (score === null) return null;
    cents += Math.round(score * 100);
  }
  return cents / 100;
}
