import type {
  ActiveReply,
  AvailableInterview,
  DraftSaved,
  HistoryEntry,
  SaveDraft,
  StartedSession,
  Submitted,
  SubmittedLast,
  SubmitAnswerBody,
} from "../generated/contracts";
import { call } from "./http";
import { currentToken } from "./identity";

export type SubmitReply = Submitted | SubmittedLast;

export const candidateApi = {
  available: () => call<AvailableInterview[]>("/api/interviews/available", { token: currentToken() }),

  active: () => call<ActiveReply>("/api/interviews/active", { token: currentToken() }),

  history: () => call<HistoryEntry[]>("/api/interviews/history", { token: currentToken() }),

  start: (interviewId: string) =>
    call<StartedSession>(`/api/interviews/${interviewId}/start`, { method: "POST", token: currentToken() }),

  startOver: (sessionId: string, lockToken: string | null) =>
    call<StartedSession>(`/api/interviews/${sessionId}/start-over`, {
      method: "POST",
      token: currentToken(),
      body: lockToken === null ? {} : { lock_token: lockToken },
    }),

  submit: (sessionId: string, body: SubmitAnswerBody) =>
    call<SubmitReply>(`/api/interviews/${sessionId}/answers`, {
      method: "POST",
      token: currentToken(),
      body,
    }),

  saveDraft: (sessionId: string, body: SaveDraft, { keepalive = false } = {}) =>
    call<DraftSaved>(`/api/interviews/${sessionId}/draft`, {
      method: "PUT",
      token: currentToken(),
      body,
      keepalive,
    }),
};

export function hasEnded(reply: SubmitReply): reply is SubmittedLast {
  return "completed" in reply;
}
