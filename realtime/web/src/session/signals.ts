import { Refused, Unreachable } from "../api/errors";
import type { SignalKind } from "../generated/contracts";

interface Signal {
  kind: SignalKind;
  client_time: string;
}

const KEEP = 50;
const LEFT_AFTER_MS = 500;

/** Reports what the candidate agreed to before the start; what happens while cut off is told afterwards. */
export class Signals {
  private queue: Signal[] = [];
  private sending = false;
  private hiding: ReturnType<typeof setTimeout> | null = null;
  private stopListening: (() => void) | null = null;

  constructor(private readonly send: (signal: Signal) => Promise<unknown>) {}

  start(): void {
    if (this.stopListening) return;
    const stop = new AbortController();
    const on = (target: EventTarget, name: string, kind: () => SignalKind | null): void => {
      target.addEventListener(
        name,
        () => {
          const happened = kind();
          if (happened) this.report(happened);
        },
        { signal: stop.signal },
      );
    };
    on(document, "visibilitychange", () => this.seenOrHidden());
    on(document, "paste", () => "paste");
    on(document, "copy", () => "copy");
    on(document, "fullscreenchange", () => (document.fullscreenElement === null ? "fullscreen_exit" : null));
    on(window, "offline", () => "offline");
    on(window, "online", () => "online");
    this.stopListening = () => stop.abort();
  }

  stop(): void {
    this.stopListening?.();
    this.stopListening = null;
    this.queue = [];
  }

  /** Send what is still here; called again when the connection is back. */
  async drain(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
        await this.send(next);
        this.queue.shift();
      }
    } catch (error) {
      if (error instanceof Refused) this.queue.shift();
      else if (!(error instanceof Unreachable)) throw error;
    } finally {
      this.sending = false;
    }
  }

  /** A page that is being refreshed is hidden for a moment too; only one that stays hidden has been left. */
  private seenOrHidden(): SignalKind | null {
    if (document.visibilityState === "hidden") {
      const since = new Date();
      this.hiding = setTimeout(() => {
        this.hiding = null;
        this.report("tab_hidden", since);
      }, LEFT_AFTER_MS);
      return null;
    }
    if (this.hiding === null) return "tab_visible";
    clearTimeout(this.hiding);
    this.hiding = null;
    return null;
  }

  private report(kind: SignalKind, at = new Date()): void {
    this.queue = [...this.queue.slice(1 - KEEP), { kind, client_time: at.toISOString() }];
    void this.drain();
  }
}
