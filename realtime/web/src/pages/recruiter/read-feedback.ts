export interface CriterionScore {
  name: string;
  score: number | string;
  points: number | null;
  comment: string;
}

/** Feedback of any question type, brought into one form. */
export interface ReadFeedback {
  text: string;
  keywords: { found: string[]; missing: string[]; total: number } | null;
  scores: CriterionScore[];
  strengths: string[];
  improvements: string[];
}

/**
 * Read what a grader stored. The contract fixes the main fields and lets graders add more, so what is not
 * known is passed over rather than trusted.
 */
export function readFeedback(feedback: unknown): ReadFeedback | null {
  if (typeof feedback === "string") return { ...NOTHING, text: feedback };
  if (!isRecord(feedback)) return null;
  const read: ReadFeedback = {
    text: ["feedback", "message", "overall_feedback", "ai_feedback"]
      .map((name) => text(feedback[name]))
      .join(" ")
      .trim(),
    keywords: keywords(feedback),
    scores: [...parts(feedback), ...criteria(feedback.criteria_scores)],
    strengths: texts(feedback.strengths),
    improvements: texts(feedback.improvements),
  };
  return read;
}

const NOTHING: ReadFeedback = { text: "", keywords: null, scores: [], strengths: [], improvements: [] };

function keywords(feedback: Record<string, unknown>): ReadFeedback["keywords"] {
  const { keywords_found: found, keywords_missing: missing, keywords_total: total } = feedback;
  const names = texts(found);
  const count = typeof total === "number" ? total : texts(total).length;
  return count > 0 ? { found: names, missing: texts(missing), total: count } : null;
}

/** The two halves of a short answer. */
function parts(feedback: Record<string, unknown>): CriterionScore[] {
  return ["keyword_score", "semantic_score"].flatMap((name) => {
    const score = feedback[name];
    return typeof score === "number" ? [{ name, score, points: null, comment: "" }] : [];
  });
}

/** Criteria come as a list of objects or as numbers by name. */
function criteria(value: unknown): CriterionScore[] {
  if (Array.isArray(value))
    return value.filter(isRecord).map((one) => criterion(text(one.criterion ?? one.name), one));
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([name, one]) => criterion(name, isRecord(one) ? one : { score: one }));
}

function criterion(name: string, one: Record<string, unknown>): CriterionScore {
  const { score, points, max_score: max } = one;
  const most = typeof points === "number" ? points : max;
  return {
    name,
    score: typeof score === "number" ? score : text(score),
    points: typeof most === "number" ? most : null,
    comment: text(one.comment ?? one.reason ?? one.feedback),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
