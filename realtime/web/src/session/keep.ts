import { forgets, local, type Kept } from "../app/storage";
import type { LocalDraft } from "./draft";

/** An answer that was handed in here and not yet acknowledged by the server. */
export interface Pending {
  sessionId: string;
  questionId: string;
  index: number;
  answer: string | null;
  timeExpired: boolean;
}

/**
 * What must outlive a refresh, a crash and a cut network: drafts and answers on their way.
 *
 * localStorage, because it is written before the next line runs: a page that is killed loses no keystroke.
 */
export class Keep {
  /** Whether this browser refused to keep something: the page must not promise otherwise then. */
  failed = forgets;

  private readonly prefix: string;

  /** What `owner` typed: others who use this browser neither see it nor drop it. */
  constructor(
    owner: string,
    private readonly storage: Kept = local,
  ) {
    this.prefix = `interlock.kept.${owner}`;
  }

  draft(sessionId: string, index: number): LocalDraft | null {
    return this.read(this.draftKey(sessionId, index)) as LocalDraft | null;
  }

  saveDraft(sessionId: string, index: number, draft: LocalDraft): void {
    this.write(this.draftKey(sessionId, index), draft);
  }

  pending(sessionId: string): Pending | null {
    return this.read(this.pendingKey(sessionId)) as Pending | null;
  }

  savePending(pending: Pending): void {
    this.write(this.pendingKey(pending.sessionId), pending);
  }

  /** Forget it, unless a later one has taken its place. */
  dropPending({ sessionId, index }: Pick<Pending, "sessionId" | "index">): void {
    if (this.pending(sessionId)?.index === index) this.storage.removeItem(this.pendingKey(sessionId));
  }

  /** Forget one question: its answer has been accepted or closed. */
  dropDraft(sessionId: string, index: number): void {
    this.storage.removeItem(this.draftKey(sessionId, index));
  }

  /** Forget everything of every session but `running`. */
  dropAllBut(running: string | null): void {
    const keys = Array.from({ length: this.storage.length }, (_, at) => this.storage.key(at) ?? "");
    for (const key of keys) {
      if (key.startsWith(`${this.prefix}.`) && (running === null || !key.includes(running)))
        this.storage.removeItem(key);
    }
  }

  private read(key: string): unknown {
    const text = this.storage.getItem(key);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch {
      this.storage.removeItem(key); // half a write of a crashed browser
      return null;
    }
  }

  private write(key: string, value: unknown): void {
    try {
      this.storage.setItem(key, JSON.stringify(value));
    } catch {
      this.failed = true; // full or forbidden; the text is still in the page and on its way to the server
    }
  }

  private draftKey(sessionId: string, index: number): string {
    return `${this.prefix}.${sessionId}.draft.${index}`;
  }

  private pendingKey(sessionId: string): string {
    return `${this.prefix}.${sessionId}.pending`;
  }
}
