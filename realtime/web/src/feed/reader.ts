import { isRefused, Refused, Unreachable } from "../api/errors";
import { FeedOrder, type FeedEvent, type Place } from "./order";

export interface FeedPage {
  events: FeedEvent[];
  feed: Place;
  has_more: boolean;
}

export interface FeedPorts {
  fetch: (after: Place) => Promise<FeedPage>;
  /** The next event, exactly once and in order. */
  onEvent: (event: FeedEvent) => void;
  /** The history is gone, or is another one: load everything anew. */
  onResync: () => void;
}

// An event that is only late arrives within this; what is still missing then is fetched.
const PATIENCE_MS = 250;
const AGAIN_MS = 2_000;

/** One recruiter's feed: what the socket brings, in order and without a gap, by fetching what it did not. */
export class FeedReader {
  private order: FeedOrder;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private fetching = false;
  private closed = false;

  constructor(
    place: Place,
    private readonly ports: FeedPorts,
  ) {
    this.order = new FeedOrder(place);
  }

  hear(event: FeedEvent): void {
    if (this.isOver(event.payload.feed)) return;
    this.give(this.order.take(event));
    this.mind();
  }

  reveal(place: Place): void {
    if (this.isOver(place)) return;
    this.order.reveal(place);
    this.mind();
  }

  /** After a reconnect: ask at once, for nobody knows what was said meanwhile. */
  catchUp(): void {
    this.stopTimer();
    void this.fill();
  }

  close(): void {
    this.closed = true;
    this.stopTimer();
  }

  /** Asked anew after every wait: the answer may have changed. */
  private isOpen(): boolean {
    return !this.closed;
  }

  private isOver(place: Place): boolean {
    if (this.closed || !this.order.isOther(place)) return this.closed;
    this.resync();
    return true;
  }

  private resync(): void {
    this.close();
    this.ports.onResync();
  }

  private give(events: readonly FeedEvent[]): void {
    for (const event of events) this.ports.onEvent(event);
  }

  private mind(): void {
    if (!this.order.missing) this.stopTimer();
    else this.after(PATIENCE_MS);
  }

  private after(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.fill();
    }, ms);
  }

  private async fill(): Promise<void> {
    if (this.fetching || this.closed) return;
    this.fetching = true;
    let again = PATIENCE_MS;
    try {
      let more = true;
      while (more) {
        const page = await this.ports.fetch(this.order.applied);
        for (const event of page.events) this.give(this.order.take(event));
        more = page.has_more && page.events.length > 0 && this.isOpen();
      }
    } catch (error) {
      if (isRefused(error, "resync_required")) this.resync();
      else if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
      again = AGAIN_MS;
    } finally {
      this.fetching = false;
    }
    if (this.isOpen() && (this.order.missing || again === AGAIN_MS)) this.after(again);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
