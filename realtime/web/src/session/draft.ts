import type { Draft } from "../generated/contracts";
import { storable } from "./receipts";

/** What was typed for one question in this browser; kept with every keystroke, whatever the network does. */
export interface LocalDraft {
  text: string | null;
  /** Counted here, one up with every change. */
  revision: number;
  /** The newest revision that the server said it has. */
  acked: number;
  /** The last one that was sent, whether or not the answer came back. */
  sent: { revision: number; text: string | null } | null;
}

export interface Reconciled {
  draft: LocalDraft;
  /** Text of this browser that lost against newer text from elsewhere; offered, never dropped. */
  alternative: string | null;
}

export const EMPTY: LocalDraft = { text: null, revision: 0, acked: 0, sent: null };

export function typed(draft: LocalDraft, text: string): LocalDraft {
  return draft.text === text ? draft : { ...draft, text, revision: draft.revision + 1 };
}

export function sent(draft: LocalDraft): LocalDraft {
  return { ...draft, sent: { revision: draft.revision, text: draft.text } };
}

/** The server stored `revision`. One that is above what was sent came from elsewhere: go on above it. */
export function acked(
  draft: LocalDraft,
  { sentRevision, stored }: { sentRevision: number; stored: number },
): LocalDraft {
  if (stored <= sentRevision) return { ...draft, acked: Math.max(draft.acked, stored) };
  return { ...draft, acked: stored, revision: Math.max(draft.revision, stored) + 1 };
}

export function isSaved(draft: LocalDraft): boolean {
  return draft.acked >= draft.revision;
}

/**
 * Join what this browser has with what the server has after an absence.
 *
 * Newer text of this browser wins if the server still has what this browser last knew or sent; if somebody
 * (the same person on another device) has written since, the server's wins and ours becomes the alternative.
 */
export function reconcile(local: LocalDraft | null, server: Draft | null): Reconciled {
  if (local === null) return { draft: server ? fromServer(server) : EMPTY, alternative: null };
  if (server === null) return { draft: { ...local, acked: 0 }, alternative: null };
  if (isSame(server.answer, local.text)) {
    const revision = Math.max(local.revision, server.revision);
    return { draft: { ...local, revision, acked: revision }, alternative: null };
  }
  const ours =
    server.revision <= local.acked ||
    (local.sent?.revision === server.revision && isSame(local.sent.text, server.answer));
  if (ours && local.revision > server.revision) {
    return { draft: { ...local, acked: server.revision }, alternative: null };
  }
  const unsaved = local.revision > local.acked && storable(local.text) !== null;
  return { draft: fromServer(server), alternative: unsaved ? local.text : null };
}

/** Blank and nothing are one and the same to the server. */
function isSame(one: string | null, other: string | null): boolean {
  return storable(one) === storable(other);
}

function fromServer(server: Draft): LocalDraft {
  return { text: server.answer, revision: server.revision, acked: server.revision, sent: null };
}
