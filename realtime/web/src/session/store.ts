import { create } from "zustand";
import type { CandidateKey, Words } from "../i18n";
import type { Connection } from "../socket/connection";
import type { SaveState } from "./draft-sync";
import type { Progress } from "./progress";
import type { Check } from "./receipts";

export type Screen =
  | { at: "loading" }
  | { at: "unreachable" }
  | { at: "home" }
  | { at: "welcome" }
  | { at: "running" }
  | { at: "elsewhere" }
  | { at: "superseded"; reason: "taken_over" | "started_over" }
  | Ended;

export interface Ended {
  at: "ended";
  sessionId: string;
  title: string;
  status: "completed" | "terminated" | "abandoned";
  reason: string | null;
}

export interface Notice {
  id: number;
  tone: "info" | "good" | "warn" | "message";
  key: CandidateKey;
  words?: Words;
  /** Text that a person wrote: shown as it is. */
  quote?: string;
}

/** What is true only for now; everything here is gone with the page, and that is right. */
export interface InterviewState {
  screen: Screen;
  /** A request that the person waits for: start, join, start over. */
  busy: boolean;
  failure: { key: CandidateKey; words?: Words } | null;
  title: string;
  progress: Progress | null;
  text: string | null;
  /** Text of this browser that lost against a newer one; offered until used or dismissed. */
  alternative: string | null;
  save: SaveState;
  connection: Connection;
  submitting: { index: number; state: "sending" | "retrying"; timeExpired: boolean } | null;
  notices: readonly Notice[];
  /** The last answer that arrived, with its receipt. */
  received: { number: number; sha256: string; check: Check } | null;
}

export const INITIAL: InterviewState = {
  screen: { at: "loading" },
  busy: false,
  failure: null,
  title: "",
  progress: null,
  text: null,
  alternative: null,
  save: "idle",
  connection: "connecting",
  submitting: null,
  notices: [],
  received: null,
};

export const useInterview = create<InterviewState>(() => INITIAL);

export const set = (changes: Partial<InterviewState>): void => useInterview.setState(changes);
export const get = (): InterviewState => useInterview.getState();

const KEEP_NOTICES = 4;
let lastNotice = 0;

export function notify(notice: Omit<Notice, "id">): void {
  lastNotice += 1;
  set({ notices: [...get().notices.slice(1 - KEEP_NOTICES), { ...notice, id: lastNotice }] });
}

export function dismiss(id: number): void {
  set({ notices: get().notices.filter((notice) => notice.id !== id) });
}
