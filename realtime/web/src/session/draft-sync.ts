import { Refused, Unreachable } from "../api/errors";
import { acked, isSaved, sent, typed, type LocalDraft } from "./draft";
import type { Keep } from "./keep";

/** `kept`: only in this browser for now, for the network is away or the server did not take it. */
export type SaveState = "idle" | "saving" | "saved" | "kept";

export interface DraftPorts {
  keep: Keep;
  /** Send one draft; resolves with the revision that the server has now. */
  save: (draft: { index: number; revision: number; text: string | null }) => Promise<number>;
  onState: (state: SaveState) => void;
}

const QUIET_MS = 600;
const LONGEST_MS = 3_000;
const AGAIN_MS = 4_000;

/** Keeps the server's draft of the open question close behind what is typed; one request at a time. */
export class DraftSync {
  private at: { sessionId: string; index: number } | null = null;
  private draft: LocalDraft | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private dirtySince: number | null = null;
  private sending = false;

  constructor(private readonly ports: DraftPorts) {}

  get current(): LocalDraft | null {
    return this.draft;
  }

  /** Begin, or begin again after an absence, with what was found to be the text of this question. */
  open(sessionId: string, index: number, draft: LocalDraft): void {
    this.stopTimer();
    this.at = { sessionId, index };
    this.draft = draft;
    this.dirtySince = null;
    this.ports.onState(draft.revision === 0 ? "idle" : isSaved(draft) ? "saved" : "kept");
    if (!isSaved(draft)) this.flush();
  }

  close(): void {
    this.stopTimer();
    this.at = null;
    this.draft = null;
  }

  change(text: string): void {
    if (!this.at || !this.draft) return;
    const next = typed(this.draft, text);
    if (next === this.draft) return;
    this.draft = next;
    this.ports.keep.saveDraft(this.at.sessionId, this.at.index, next);
    const now = Date.now();
    this.dirtySince ??= now;
    this.ports.onState("saving");
    this.schedule(Math.min(QUIET_MS, Math.max(0, this.dirtySince + LONGEST_MS - now)));
  }

  /** Send now what is not saved yet. */
  flush(): void {
    this.stopTimer();
    void this.push();
  }

  private async push(): Promise<void> {
    const { at, draft } = this;
    if (!at || !draft || this.sending || isSaved(draft)) return;
    this.sending = true;
    this.dirtySince = null;
    this.store(at, sent(draft));
    try {
      const stored = await this.ports.save({ index: at.index, revision: draft.revision, text: draft.text });
      this.arrived(at, draft.revision, stored);
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      this.failed(at, error);
    } finally {
      this.sending = false;
    }
    this.pushRest(at);
  }

  private arrived(at: { sessionId: string; index: number }, sentRevision: number, stored: number): void {
    if (at !== this.at || !this.draft) return;
    this.store(at, acked(this.draft, { sentRevision, stored }));
    // Somebody else's text is there: ours goes on top.
    if (stored > sentRevision) this.dirtySince ??= Date.now();
    this.ports.onState(isSaved(this.draft) ? "saved" : "saving");
  }

  private failed(at: { sessionId: string; index: number }, error: Refused | Unreachable): void {
    if (at !== this.at) return;
    this.ports.onState("kept");
    if (error instanceof Unreachable) this.schedule(AGAIN_MS);
    // A refusal (paused, held elsewhere, closed) is final for now; whoever ends that state opens this again.
  }

  /** Something was typed while the last one was on its way, or another question was opened. */
  private pushRest(at: { sessionId: string; index: number }): void {
    if (
      this.timer === null &&
      this.draft &&
      !isSaved(this.draft) &&
      (at !== this.at || this.dirtySince !== null)
    ) {
      this.schedule(QUIET_MS);
    }
  }

  private store(at: { sessionId: string; index: number }, draft: LocalDraft): void {
    this.draft = draft;
    this.ports.keep.saveDraft(at.sessionId, at.index, draft);
  }

  private schedule(ms: number): void {
    this.stopTimer();
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.push();
    }, ms);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
