import type {
  BankPage,
  ChangeInvitation,
  CheckedText,
  FeedPlace,
  FeedReplay,
  InterviewCreated,
  InterviewList,
  InterviewRead,
  InterviewStatistics,
  InterviewVersions,
  Invitation,
  InvitationLink,
  InvitationList,
  InvitedMany,
  Invite,
  Recommendation,
  RecruiterAnswer,
  Regrade,
  RegradeBegun,
  SessionDetail,
  SessionPage,
  SessionSummary,
} from "../generated/contracts";
import { call, download } from "./http";
import { currentToken } from "./identity";

export interface SessionFilter {
  interviewId: string;
  status: string;
  q: string;
  sort: string;
}

const PAGE = 200;
const FEED_PAGE = 500;
const TABLE_TIMEOUT_MS = 60_000; // two thousand people take some seconds

function ask<T>(
  path: string,
  body?: unknown,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" = "GET",
): Promise<T> {
  return call<T>(`/api/recruiter/${path}`, { method, body, token: currentToken() });
}

const post = <T>(path: string, body?: unknown): Promise<T> => ask<T>(path, body, "POST");

export const recruiterApi = {
  sessions: (filter: SessionFilter, cursor: string | null) =>
    ask<SessionPage>(
      `sessions?${query({
        interview_id: filter.interviewId,
        status: filter.status,
        q: filter.q,
        sort: filter.sort,
        cursor: cursor ?? "",
        limit: String(PAGE),
      })}`,
    ),

  session: (id: string) => ask<SessionDetail>(`sessions/${id}`),

  feed: (after: FeedPlace) =>
    ask<FeedReplay>(
      `feed?${query({ after_epoch: after.epoch, after_offset: String(after.offset), limit: String(FEED_PAGE) })}`,
    ),

  extend: (id: string, seconds: number, reason: string) =>
    post<SessionSummary>(`sessions/${id}/extend`, { seconds, reason }),
  pause: (id: string, reason: string) => post<SessionSummary>(`sessions/${id}/pause`, { reason }),
  resume: (id: string) => post<SessionSummary>(`sessions/${id}/resume`),
  terminate: (id: string, reason: string) => post<SessionSummary>(`sessions/${id}/terminate`, { reason }),
  message: (id: string, text: string) => post<SessionSummary>(`sessions/${id}/message`, { text }),
  release: (id: string) => post<SessionSummary>(`sessions/${id}/release`),
  sign: (id: string, recommendation: Recommendation) =>
    post<SessionSummary>(`sessions/${id}/sign`, { recommendation }),
  score: (answerId: string, score: number, reason: string) =>
    post<RecruiterAnswer>(`answers/${answerId}/score`, { score, reason }),

  regrade: (id: string) => post<RegradeBegun>(`sessions/${id}/regrade`),
  difference: (regradeId: string, sessionId: string) =>
    ask<Regrade>(`regrades/${regradeId}?${query({ session_id: sessionId })}`),
  promote: (id: string, gradingVersion: number) =>
    post<SessionSummary>(`sessions/${id}/promote`, { grading_version: gradingVersion }),

  interviews: () => ask<InterviewList>("interviews"),
  interview: (id: string) => ask<InterviewRead>(`interviews/${id}`),
  create: (interview: unknown) => post<InterviewCreated>("interviews", interview),
  replace: (id: string, version: number, interview: unknown) =>
    ask<InterviewCreated>(`interviews/${id}`, { version, interview }, "PUT"),
  check: (text: string, name: string) => post<CheckedText>("interviews/check", { text, name }),
  versions: (id: string) => ask<InterviewVersions>(`interviews/${id}/versions`),
  version: (id: string, version: number) => ask<InterviewRead>(`interviews/${id}?version=${version}`),
  yaml: (id: string) => download(`/api/recruiter/interviews/${id}/export.yaml`, currentToken() ?? ""),
  bank: (fields: { q: string; type: string; after: string }) => ask<BankPage>(`questions?${query(fields)}`),
  inviteMany: (interviewId: string, csv: string) =>
    call<InvitedMany>(`/api/recruiter/interviews/${interviewId}/invitations/csv`, {
      method: "POST",
      body: { csv },
      token: currentToken(),
      timeoutMs: TABLE_TIMEOUT_MS,
    }),
  invitations: (interviewId: string) => ask<InvitationList>(`interviews/${interviewId}/invitations`),
  invite: (interviewId: string, invite: Invite) =>
    post<InvitationLink>(`interviews/${interviewId}/invitations`, invite),
  newLink: (interviewId: string, invitation: Invitation) =>
    post<InvitationLink>(`interviews/${interviewId}/invitations/${invitation.id}/link`),
  change: (interviewId: string, invitation: Invitation, changes: ChangeInvitation) =>
    ask<Invitation>(`interviews/${interviewId}/invitations/${invitation.id}`, changes, "PATCH"),
  revoke: (interviewId: string, invitation: Invitation) =>
    ask<undefined>(`interviews/${interviewId}/invitations/${invitation.id}`, undefined, "DELETE"),

  statistics: (interviewId: string) => ask<InterviewStatistics>(`interviews/${interviewId}/statistics`),

  csv: (interviewId: string) =>
    download(`/api/recruiter/export.csv?${query({ interview_id: interviewId })}`, currentToken() ?? ""),
};

/** A query string without what is empty. */
function query(fields: Record<string, string>): string {
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== "")).toString();
}
