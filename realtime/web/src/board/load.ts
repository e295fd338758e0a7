import { recruiterApi } from "../api/recruiter";
import type { FeedPlace, SessionPage, SessionSummary } from "../generated/contracts";
import type { View } from "./arrange";

/** More than this many ended sessions are read only when they are asked for. */
const ENDED_AT_ONCE = 200;
/** A page of both kinds may hold running ones only: how many such pages are read in a row. */
const PAGES_AT_ONCE = 10;

export interface Loaded {
  sessions: readonly SessionSummary[];
  feed: FeedPlace;
}

/** Reads a board's sessions: all that run, then those that have ended, a page at a time. */
export interface Load {
  next: () => Promise<Loaded>;
  /** Whether to go on without being asked. */
  wantsMore: () => boolean;
  hasMore: () => boolean;
}

export function loadOf(view: View, read: typeof recruiterApi.sessions = recruiterApi.sessions): Load {
  const q = view.blind ? "" : view.q; // what is not to be seen is not to be found either
  const filter = { interviewId: view.interviewId, q };
  const sort = SERVERS.has(view.sort) ? view.sort : "-activity";
  const phases: { status: string; sort: string }[] = [];
  // by start, the server's order is all that is known of it
  const runningFirst = view.status === "" && sort !== "started_at";
  if (runningFirst || view.status === "in_progress") {
    phases.push({ status: "in_progress", sort: "started_at" });
  }
  if (view.status !== "in_progress") phases.push({ status: view.status, sort });
  let cursor: string | null = null;
  let ended = 0;
  let pages = 0;

  const isRunning = (): boolean => phases[0]?.status === "in_progress";
  return {
    next: async () => {
      const phase = phases[0];
      if (phase === undefined) throw new Error("everything is loaded");
      const page: SessionPage = await read({ ...filter, ...phase }, cursor);
      cursor = page.next_cursor;
      if (!isRunning()) {
        pages += 1;
        ended += page.sessions.filter((session) => session.status !== "in_progress").length;
      }
      if (cursor === null) phases.shift();
      return page;
    },
    wantsMore: () =>
      phases.length > 0 && (isRunning() || pages === 0 || (ended < ENDED_AT_ONCE && pages < PAGES_AT_ONCE)),
    hasMore: () => phases.length > 0,
  };
}

/** The orders that the server has an index for; the others are made of what is here. */
const SERVERS = new Set(["-activity", "started_at", "-percentage", "candidate_name"]);
