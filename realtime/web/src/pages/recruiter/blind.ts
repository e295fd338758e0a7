import { create } from "zustand";
import { local } from "../../app/storage";
import type { SessionDetail, SessionSummary } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";

const KEY = "interlock.blind-review";
/** Shorter parts of a name ("Al", "O.") are words of their own too often. */
const TELLING_CHARS = 3;
const HIDDEN = "▮▮▮";

/** Whether names are hidden; remembered by this browser. */
export const useBlind = create<{ blind: boolean }>(() => ({ blind: local.getItem(KEY) === "on" }));

export function setBlind(blind: boolean): void {
  if (blind) local.setItem(KEY, "on");
  else local.removeItem(KEY);
  useBlind.setState({ blind });
}

type Named = Pick<SessionSummary, "id" | "candidate_name">;

/** What a candidate is called on this screen: by name, or by a number that stays the same. */
export function useNames(): (session: Named) => string {
  const say = useRecruiterWords();
  const { blind } = useBlind();
  return (session) =>
    blind ? say("blind.candidate", { number: numberOf(session.id) }) : session.candidate_name;
}

export function numberOf(id: string): string {
  return id.slice(0, 6).toUpperCase();
}

/** A session with its candidate's name taken out of everything that a person reads. */
export function blinded(session: SessionDetail, called: string): SessionDetail {
  const hide = hider(session);
  const free = <T>(value: T): T => deep(value, hide) as T;
  return {
    ...session,
    candidate_name: called,
    candidate_email: "",
    ai_summary: free(session.ai_summary),
    strengths: free(session.strengths),
    improvements: free(session.improvements),
    summaries: free(session.summaries),
    answers: session.answers.map((answer) => ({
      ...answer,
      answer: free(answer.answer),
      answer_text: free(answer.answer_text),
      feedback: free(answer.feedback),
      provenance: free(answer.provenance),
      draft_history: free(answer.draft_history),
      results: free(answer.results),
      overrides: free(answer.overrides),
    })),
    timeline: session.timeline.map((entry) => ({
      ...entry,
      actor: entry.actor === session.candidate_name ? called : entry.actor,
      reason: free(entry.reason),
      detail: free(entry.detail),
    })),
    audit: session.audit.map((entry) => ({
      ...entry,
      actor: entry.actor === session.candidate_name ? called : entry.actor,
      reason: free(entry.reason),
      detail: free(entry.detail),
    })),
  };
}

/** Takes the name, each telling part of it and the email out of a text. */
export function hider(session: {
  candidate_name: string;
  candidate_email?: string;
}): (text: string) => string {
  const { candidate_name: name, candidate_email: email = "" } = session;
  const parts = name.split(/[\s,.]+/).filter((part) => part.length >= TELLING_CHARS);
  const wanted = [email, name, ...parts].filter((part) => part !== "").map(escaped);
  if (wanted.length === 0) return (text) => text;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${wanted.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  return (text) => text.replace(pattern, HIDDEN);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function deep(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((one) => deep(one, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, deep(one, hide)]));
}
