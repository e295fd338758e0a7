import { recruiterApi } from "../../api/recruiter";
import type { SessionDetail, SessionSummary } from "../../generated/contracts";
import type { Field, Values } from "./action-fields";

export type Act = "extend" | "pause" | "resume" | "terminate" | "message" | "release" | "sign" | "regrade";

interface Kind {
  fields: readonly Field[];
  danger?: boolean;
  run: (id: string, values: Values) => Promise<unknown>;
}

export const KINDS: Readonly<Record<Act, Kind>> = {
  extend: {
    fields: ["seconds", "reason"],
    run: (id, { seconds, reason }) => recruiterApi.extend(id, seconds, reason),
  },
  pause: { fields: ["reason"], run: (id, { reason }) => recruiterApi.pause(id, reason) },
  resume: { fields: [], run: (id) => recruiterApi.resume(id) },
  terminate: {
    fields: ["reason"],
    danger: true,
    run: (id, { reason }) => recruiterApi.terminate(id, reason),
  },
  message: { fields: ["text"], run: (id, { text }) => recruiterApi.message(id, text) },
  release: { fields: [], run: (id) => recruiterApi.release(id) },
  sign: {
    fields: ["recommendation"],
    run: (id, { recommendation }) => recruiterApi.sign(id, recommendation),
  },
  regrade: { fields: [], run: (id) => recruiterApi.regrade(id) },
};

/** What may be done to a session as it stands. */
export function possible(session: SessionSummary): Act[] {
  if (session.status === "in_progress") {
    return ["extend", session.paused_at === null ? "pause" : "resume", "message", "terminate"];
  }
  return session.final_score === null ? [] : ["release"];
}

/** The same where all is known of it. */
export function possibleInDetail(session: SessionDetail): Act[] {
  if (session.status === "in_progress") return possible(session);
  const again: Act[] = session.status === "abandoned" ? [] : ["regrade"];
  if (session.final_score === null) return again;
  return session.released_at === null ? ["sign", "release", ...again] : ["sign", ...again];
}
