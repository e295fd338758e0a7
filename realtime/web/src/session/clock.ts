/** Milliseconds that only ever go forward; where they start does not matter. */
export type Steady = () => number;

interface Bound {
  at: number;
  /** server − local is at least this (a message cannot arrive before it was sent). */
  least: number;
  /** server − local is at most this; unknown for a message nobody asked for. */
  most: number | null;
}

const WINDOW_MS = 120_000;
const KEEP = 64;
// A wall clock that leaves the steady one by more than this: the machine slept, or somebody set its clock.
const JUMP_MS = 1_500;

/**
 * The server's clock as seen from here.
 *
 * Every message that carries the server's time bounds the difference between the two clocks; the estimate is
 * the middle of what all recent bounds allow. It runs on the steady clock, so that nothing the person does to
 * the computer's wall clock moves a deadline.
 */
export class ServerClock {
  private bounds: Bound[] = [];
  private offset: number | null = null;
  private wallMinusSteady: number;
  private fallback: number;

  constructor(
    private readonly steady: Steady = () => performance.now(),
    private readonly wall: () => number = () => Date.now(),
  ) {
    this.wallMinusSteady = wall() - steady();
    this.fallback = this.wallMinusSteady;
  }

  local(): number {
    return this.steady();
  }

  /** Server time in milliseconds since the epoch; before the first sample the computer's own guess. */
  now(): number {
    return this.steady() + (this.offset ?? this.fallback);
  }

  /** Whether anything may be decided by this clock. */
  get trusted(): boolean {
    return this.offset !== null;
  }

  /** Half the width of what is still possible, in milliseconds. */
  get uncertainty(): number {
    const most = this.mostAllowed();
    const least = this.leastAllowed();
    return most === null || least === null ? Infinity : Math.max(0, (most - least) / 2);
  }

  /** Take the server's time out of an answer to something that left here at `sentAt` (local). */
  roundTrip(sentAt: number, serverTime: number): void {
    const receivedAt = this.steady();
    this.add({ at: receivedAt, least: serverTime - receivedAt, most: serverTime - sentAt });
  }

  /** Take the server's time out of a message that it sent by itself. */
  oneWay(serverTime: number): void {
    const receivedAt = this.steady();
    this.add({ at: receivedAt, least: serverTime - receivedAt, most: null });
  }

  /** Whether the machine slept or its clock was set since the last call; what was known is then dropped. */
  jumped(): boolean {
    const difference = this.wall() - this.steady();
    const jump = Math.abs(difference - this.wallMinusSteady) > JUMP_MS;
    this.wallMinusSteady = difference;
    if (jump && this.offset !== null) {
      // The old estimate keeps the display going; it decides nothing until the server has spoken again.
      this.fallback = this.offset;
      this.bounds = [];
      this.offset = null;
    }
    return jump;
  }

  private add(bound: Bound): void {
    this.bounds = this.bounds.filter((old) => bound.at - old.at < WINDOW_MS).slice(1 - KEEP);
    const most = this.mostAllowed();
    const least = this.leastAllowed();
    const contradicts =
      (most !== null && bound.least > most) || (bound.most !== null && least !== null && bound.most < least);
    // Clocks that contradict what they said before have moved: only the newest word counts.
    if (contradicts) this.bounds = [];
    this.bounds.push(bound);
    this.offset = this.estimate();
  }

  private estimate(): number | null {
    const least = this.leastAllowed();
    const most = this.mostAllowed();
    if (least === null) return null;
    return most === null ? least : (least + most) / 2;
  }

  private leastAllowed(): number | null {
    return this.bounds.length === 0 ? null : Math.max(...this.bounds.map((bound) => bound.least));
  }

  private mostAllowed(): number | null {
    const known = this.bounds.flatMap((bound) => (bound.most === null ? [] : [bound.most]));
    return known.length === 0 ? null : Math.min(...known);
  }
}

/** `m:ss`, rounded up so that 0:00 means that there is nothing left. */
export function minutesAndSeconds(remainingMs: number): string {
  const seconds = Math.max(0, Math.ceil(remainingMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
