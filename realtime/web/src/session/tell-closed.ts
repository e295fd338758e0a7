import type { ActiveSession } from "../generated/contracts";
import { notify } from "./store";

const told = new Set<string>();

/** Say that the server closed a question, and with what; once, by whichever way the news comes first. */
export function tellClosed(sessionId: string, index: number, { empty }: { empty: boolean }): void {
  const question = `${sessionId}/${index}`;
  if (told.has(question)) return;
  told.add(question);
  const key = empty ? "notice.closedEmpty" : "notice.closedWithDraft";
  notify({ tone: "warn", key, words: { number: index + 1 } });
}

/** Say which questions were closed while nobody here was listening: those from `from` on. */
export function tellClosedSince(from: number, session: ActiveSession): void {
  for (const answer of session.answers) {
    if (answer.how !== "expired" || answer.question_index < from) continue;
    tellClosed(session.id, answer.question_index, { empty: answer.answer === null || answer.answer === "" });
  }
}
