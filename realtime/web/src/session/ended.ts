import { candidateApi } from "../api/candidate";
import { navigate } from "../app/router";
import { set, type Ended } from "./store";

/** Show how a session ended; its id goes into the address, so that a refresh shows the same. */
export function showEnded(ended: Ended): void {
  navigate(`/interview?ended=${ended.sessionId}`, { replace: true });
  set({ screen: ended });
}

/** The end that the address speaks of, if it does and there is one. */
export async function findEnded(): Promise<Ended | null> {
  const sessionId = new URL(location.href).searchParams.get("ended");
  if (sessionId === null) return null;
  const entry = (await candidateApi.history()).find((past) => past.id === sessionId);
  if (entry === undefined || entry.status === "in_progress") return null;
  return { at: "ended", sessionId, title: entry.interview_title, status: entry.status, reason: null };
}
