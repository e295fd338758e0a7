import type { Interview } from "../../../generated/contracts";
import { local } from "../../../app/storage";

/*
 * An interview while it is written: everything is there, however unfinished. What is wrong with it only the
 * server says, by the same rules as when it is saved.
 */
export type QuestionType = "mcq" | "short_answer" | "code";

export interface DraftQuestion {
  /** For the page only: it stays while the question moves. */
  key: string;
  type: QuestionType;
  question_text: string;
  time_limit: number | null;
  points: number | null;
  difficulty: "" | "easy" | "medium" | "hard";
  options: string[];
  correct_answer: string;
  expected_keywords: string;
  sample_answer: string;
  language: string;
  starter_code: string;
  sample_solution: string;
  evaluation_criteria: string;
}

export interface DraftInterview {
  title: string;
  description: string;
  pacing: "self_paced" | "scheduled";
  questions: DraftQuestion[];
}

type Written = Interview["questions"][number];

let lastKey = 0;
const newKey = (): string => `q${Date.now().toString(36)}-${(lastKey += 1)}`;

const SECONDS = { mcq: 90, short_answer: 240, code: 900 } as const;
const POINTS = { mcq: 10, short_answer: 15, code: 25 } as const;

export function blankQuestion(type: QuestionType): DraftQuestion {
  return {
    key: newKey(),
    type,
    question_text: "",
    time_limit: SECONDS[type],
    points: POINTS[type],
    difficulty: "",
    options: ["", ""],
    correct_answer: "",
    expected_keywords: "",
    sample_answer: "",
    language: type === "code" ? "python" : "",
    starter_code: "",
    sample_solution: "",
    evaluation_criteria: "",
  };
}

export function blankInterview(): DraftInterview {
  return { title: "", description: "", pacing: "self_paced", questions: [blankQuestion("mcq")] };
}

export function fromQuestion(written: Written): DraftQuestion {
  const draft = blankQuestion(written.type);
  const common = {
    ...draft,
    question_text: written.question_text,
    time_limit: written.time_limit,
    points: written.points,
    difficulty: written.difficulty ?? ("" as const),
  };
  switch (written.type) {
    case "mcq":
      return { ...common, options: [...written.options], correct_answer: written.correct_answer };
    case "short_answer":
      return {
        ...common,
        expected_keywords: (written.expected_keywords ?? []).join("\n"),
        sample_answer: written.sample_answer ?? "",
      };
    case "code":
      return {
        ...common,
        language: written.language,
        starter_code: written.starter_code ?? "",
        sample_solution: written.sample_solution,
        evaluation_criteria: written.evaluation_criteria.join("\n"),
      };
  }
}

export function fromInterview(interview: Interview): DraftInterview {
  return {
    title: interview.title,
    description: interview.description ?? "",
    pacing: interview.pacing ?? "self_paced",
    questions: interview.questions.map(fromQuestion),
  };
}

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The interview as it is sent; a number that was left empty is left out, so that the server names it. */
export function toInterview(draft: DraftInterview): unknown {
  return {
    title: draft.title,
    ...(draft.description.trim() === "" ? {} : { description: draft.description }),
    pacing: draft.pacing,
    questions: draft.questions.map(toQuestion),
  };
}

function toQuestion(draft: DraftQuestion): Record<string, unknown> {
  const common = {
    type: draft.type,
    question_text: draft.question_text,
    ...(draft.time_limit === null ? {} : { time_limit: draft.time_limit }),
    ...(draft.points === null ? {} : { points: draft.points }),
    ...(draft.difficulty === "" ? {} : { difficulty: draft.difficulty }),
  };
  switch (draft.type) {
    case "mcq":
      return { ...common, options: draft.options, correct_answer: draft.correct_answer };
    case "short_answer":
      return {
        ...common,
        ...(lines(draft.expected_keywords).length === 0
          ? {}
          : { expected_keywords: lines(draft.expected_keywords) }),
        ...(draft.sample_answer.trim() === "" ? {} : { sample_answer: draft.sample_answer }),
      };
    case "code":
      return {
        ...common,
        language: draft.language,
        ...(draft.starter_code === "" ? {} : { starter_code: draft.starter_code }),
        sample_solution: draft.sample_solution,
        evaluation_criteria: lines(draft.evaluation_criteria),
      };
  }
}

/** The questions with the one at `from` moved to `to`. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(Math.max(0, Math.min(to, next.length)), 0, item);
  return next;
}

/** What is wrong with one question, by field; a path is `questions[2].options[0]`. */
export function faultsOf(
  faults: readonly { path: string; message: string }[],
  index: number | null,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, message } of faults) {
    const match = /^questions\[(\d+)\](?:\.(.*))?$/.exec(path);
    const place = match ? Number(match[1]) : null;
    if (place !== index) continue;
    const field = (match ? (match[2] ?? "") : path).replace(/\[\d+\]$/, "");
    if (!found.has(field)) found.set(field, message);
  }
  return found;
}

export function totals(draft: DraftInterview): { seconds: number; points: number } {
  return {
    seconds: draft.questions.reduce((sum, question) => sum + (question.time_limit ?? 0), 0),
    points: draft.questions.reduce((sum, question) => sum + (question.points ?? 0), 0),
  };
}

/* What is not saved yet is kept in this browser, beside the version that it was made from. */
const key = (id: string): string => `interlock.authoring.${id}`;

export interface Kept {
  version: number;
  draft: DraftInterview;
}

export function keep(id: string, kept: Kept | null): void {
  if (kept === null) local.removeItem(key(id));
  else local.setItem(key(id), JSON.stringify(kept));
}

export function kept(id: string): Kept | null {
  const text = local.getItem(key(id));
  if (text === null) return null;
  try {
    return JSON.parse(text) as Kept;
  } catch {
    local.removeItem(key(id)); // not written by this version
    return null;
  }
}
