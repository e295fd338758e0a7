/** A place in a recruiter's feed: offsets grow by one within an epoch. */
export interface Place {
  epoch: string;
  offset: number;
}

export interface FeedEvent {
  event: string;
  payload: { feed: Place; session_id?: string };
}

/**
 * Puts events in their order: only the next offset is given out, what comes early waits, what was given out
 * already is dropped. `heard` runs ahead of `applied` exactly while something is missing.
 */
export class FeedOrder {
  private early = new Map<number, FeedEvent>();
  private heard: number;

  constructor(private place: Place) {
    this.heard = place.offset;
  }

  /** The last event that was given out. */
  get applied(): Place {
    return this.place;
  }

  /** Whether an event is known to exist that has not come. */
  get missing(): boolean {
    return this.heard > this.place.offset;
  }

  /** Whether `place` belongs to a history that this one is no part of. */
  isOther(place: Place): boolean {
    return place.epoch !== this.place.epoch;
  }

  /** The room's top position: shows what is missing even when nothing more comes. */
  reveal(place: Place): void {
    if (!this.isOther(place)) this.heard = Math.max(this.heard, place.offset);
  }

  /** Take an event in; answers with those whose turn it is now. */
  take(event: FeedEvent): FeedEvent[] {
    const { feed } = event.payload;
    if (this.isOther(feed) || feed.offset <= this.place.offset) return [];
    this.reveal(feed);
    this.early.set(feed.offset, event);
    const ready: FeedEvent[] = [];
    for (let next = this.next(); next !== undefined; next = this.next()) {
      this.early.delete(next.payload.feed.offset);
      this.place = next.payload.feed;
      ready.push(next);
    }
    return ready;
  }

  private next(): FeedEvent | undefined {
    return this.early.get(this.place.offset + 1);
  }
}
