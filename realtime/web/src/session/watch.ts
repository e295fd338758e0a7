import type { ServerClock } from "./clock";
import { due } from "./due";
import { get } from "./store";

export interface WatchPorts {
  onSave: () => void;
  /** The deadline of the open question is reached, by a clock that can be trusted. */
  onZero: () => void;
  onDoubt: () => void;
  /** The person, the network or the machine is back. */
  onBack: () => void;
  /** The page may be gone in a moment. */
  onAway: () => void;
}

const LOOK_EVERY_MS = 200;

/** Looks at the clock and at the page's coming and going, and says what is due. */
export class Watch {
  private timer: ReturnType<typeof setInterval> | null = null;
  private listening: AbortController | null = null;
  private savedFor: string | null = null;
  private handedInFor: string | null = null;

  constructor(
    private readonly clock: ServerClock,
    private readonly ports: WatchPorts,
  ) {}

  start(): void {
    if (this.timer !== null) return;
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("visibilitychange", () => this.visibility(), { signal });
    window.addEventListener("pagehide", () => this.ports.onAway(), { signal });
    window.addEventListener("online", () => this.ports.onBack(), { signal });
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.listening?.abort();
  }

  look(): void {
    const { progress, screen } = get();
    if (!progress) return;
    if (this.clock.jumped()) this.ports.onDoubt();
    const what = due(progress, this.clock.now());
    if (what === "ask") this.ports.onDoubt();
    if (screen.at !== "running") return;
    const question = `${progress.sessionId}/${progress.index}/${progress.deadline ?? 0}`;
    if (what === "save" && this.savedFor !== question) {
      this.savedFor = question;
      this.ports.onSave();
    }
    if (what === "submit" && this.clock.trusted && this.handedInFor !== question) {
      this.handedInFor = question;
      this.ports.onZero();
    }
  }

  private visibility(): void {
    if (document.visibilityState === "hidden") this.ports.onAway();
    else {
      this.look();
      this.ports.onBack();
    }
  }
}
