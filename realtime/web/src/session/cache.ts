import type { QueryClient } from "@tanstack/react-query";
import { candidateApi } from "../api/candidate";
import type { ActiveSession, CandidateAnswer, CandidateQuestion } from "../generated/contracts";

/*
 * What TanStack Query keeps of a session (and its persister in IndexedDB): the interview, questions that have
 * opened, answers that were accepted. Never where the session stands, and never a time.
 */
export const keys = {
  available: ["available"] as const,
  history: ["history"] as const,
  question: (sessionId: string, index: number) => ["session", sessionId, "question", index] as const,
  answers: (sessionId: string) => ["session", sessionId, "answers"] as const,
  session: (sessionId: string) => ["session", sessionId] as const,
};

export const PERSISTED = { persist: true } as const;

/** What is kept shows at once; whether it is still true is asked at every sight of it. */
export const historyQuery = {
  queryKey: keys.history,
  queryFn: candidateApi.history,
  meta: PERSISTED,
  refetchOnMount: "always" as const,
};

export function rememberSession(client: QueryClient, session: ActiveSession): void {
  for (const question of session.questions) rememberQuestion(client, session.id, question);
  client.setQueryData(keys.answers(session.id), session.answers);
}

/** Only a question that has opened has a text to remember. */
export function rememberQuestion(client: QueryClient, sessionId: string, question: CandidateQuestion): void {
  if (question.question_text === undefined) return;
  client.setQueryData(keys.question(sessionId, question.index), question);
}

export function rememberAnswer(client: QueryClient, sessionId: string, answer: CandidateAnswer): void {
  client.setQueryData<CandidateAnswer[]>(keys.answers(sessionId), (known = []) => [
    ...known.filter((other) => other.question_index !== answer.question_index),
    answer,
  ]);
}

export function questionQuery(sessionId: string, index: number) {
  return {
    queryKey: keys.question(sessionId, index),
    staleTime: Infinity,
    meta: PERSISTED,
    queryFn: async (): Promise<CandidateQuestion> => {
      const { active_session: session } = await candidateApi.active();
      const question = session?.id === sessionId ? session.questions[index] : undefined;
      if (question?.question_text === undefined) throw new Error(`question ${index} is not open`);
      return question;
    },
  };
}

/** A session is over: its questions leave this computer. */
export function forgetSession(client: QueryClient, sessionId: string): void {
  client.removeQueries({ queryKey: keys.session(sessionId) });
}
