import { candidateApi } from "../api/candidate";
import type { ActiveSession } from "../generated/contracts";
import type { ServerClock } from "./clock";

/** Where a session stands by the server's word; `unknown` while it is ending. */
export type Position =
  | { at: "running"; session: ActiveSession }
  | { at: "ended"; status: "completed" | "terminated" | "abandoned" }
  | { at: "unknown" };

/** The candidate's running session, whichever it is; its answer also sets the clock. */
export async function findActive(clock: ServerClock): Promise<ActiveSession | null> {
  const sentAt = clock.local();
  const { active_session: session } = await candidateApi.active();
  if (session) clock.roundTrip(sentAt, Date.parse(session.server_time));
  return session;
}

export async function findPosition(sessionId: string, clock: ServerClock): Promise<Position> {
  const session = await findActive(clock);
  if (session?.id === sessionId) return { at: "running", session };
  const past = (await candidateApi.history()).find((entry) => entry.id === sessionId);
  if (past === undefined || past.status === "in_progress") return { at: "unknown" };
  return { at: "ended", status: past.status };
}
