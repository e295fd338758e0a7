import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { isRefused, Refused, Unreachable } from "../api/errors";
import { serverNow } from "../api/server-date";
import { currentToken, signOut } from "../api/identity";
import { recruiterApi } from "../api/recruiter";
import type { FeedPlace, SessionSummary } from "../generated/contracts";
import type { FeedEvent } from "../feed/order";
import { FeedReader, type FeedPage } from "../feed/reader";
import { KeptSocket, type Connection } from "../socket/connection";
import { Again } from "./again";
import { arrange, countsOf, type Counts, type View } from "./arrange";
import { loadOf, type Load } from "./load";
import { applied, rowOf, saysTooLittle, type Row } from "./row";

export interface BoardState {
  state: "loading" | "ready" | "failed";
  connection: Connection;
  /** In the order in which they are shown. */
  order: readonly string[];
  rows: Readonly<Record<string, Row>>;
  counts: Counts;
  more: boolean;
  /** Sessions that came in since the order was made; they stand at its end. */
  fresh: number;
  /** Whether the order is another one by now. */
  stale: boolean;
}

const INITIAL: BoardState = {
  state: "loading",
  connection: "connecting",
  order: [],
  rows: {},
  counts: { running: 0, attention: 0, away: 0, review: 0 },
  more: false,
  fresh: 0,
  stale: false,
};

export const useBoard = create<BoardState>(() => INITIAL);

// A thousand people make hundreds of events a second: they are shown together, as often as one can see.
const SHOW_MS = 150;
// "Away" comes by the passing of time alone, and an order that nobody reads need not change at every event.
const ARRANGE_MS = 1_000;
const LOAD_AGAIN_MS = 3_000;

/** The live list of sessions: loaded once, then kept true by the feed; what is being read is not moved. */
export class Board {
  private readonly kept: KeptSocket;
  private reader: FeedReader | null = null;
  private readonly rereads = new Again({
    onRead: (summary) => this.wasRead(summary),
    mayRetry: (error) => this.mayRetry(error),
  });
  private readonly changed = new Map<string, Row>();
  private readonly touched = new Set<string>();
  private showing: ReturnType<typeof setTimeout> | null = null;
  private arranging: ReturnType<typeof setInterval> | null = null;
  private again: ReturnType<typeof setTimeout> | null = null;
  private loading: Load | null = null;
  private view: View = { interviewId: "", status: "", q: "", only: "", sort: "", blind: false };
  private places = 0;
  private isRead = false;

  constructor(private readonly client: QueryClient) {
    this.kept = new KeptSocket("/recruiter", currentToken, {
      onConnection: (connection) => useBoard.setState({ connection }),
      onUp: () => this.reader?.catchUp(),
      onRefused: () => signOut({ lapsed: true }),
    });
    this.kept.socket.onAny((name: string, payload: FeedEvent["payload"]) => {
      if (name === "feed_position") this.reader?.reveal(payload.feed);
      else this.reader?.hear({ event: name, payload });
    });
  }

  open(): void {
    useBoard.setState(INITIAL);
    this.kept.open();
    this.arranging = setInterval(() => this.look(), ARRANGE_MS);
  }

  close(): void {
    this.loading = null;
    if (this.again !== null) clearTimeout(this.again);
    if (this.showing !== null) clearTimeout(this.showing);
    if (this.arranging !== null) clearInterval(this.arranging);
    this.rereads.close();
    this.reader?.close();
    this.kept.close();
  }

  /** Show what `view` asks for; what the server has to be asked for is asked for anew. */
  show(view: View): void {
    const before = this.view;
    this.view = view;
    if (this.loading !== null && isSameQuestion(before, view)) this.apply();
    else void this.load();
  }

  /** Bring the rows into the order that they belong in. */
  apply(): void {
    const { rows } = useBoard.getState();
    useBoard.setState({
      order: arrange(rows, this.view),
      counts: countsOf(rows, this.view),
      fresh: 0,
      stale: false,
    });
  }

  /** While somebody reads the list, its rows stay where they are. */
  reading(isRead: boolean): void {
    this.isRead = isRead;
  }

  /** Those that ended before the ones that are shown: they come below them. */
  async loadMore(): Promise<void> {
    const load = this.loading;
    if (load === null) return;
    try {
      const rows = this.rowsOf((await load.next()).sessions);
      if (load !== this.loading) return;
      const { rows: before, order } = useBoard.getState();
      const added = Object.fromEntries(rows.filter((row) => !before[row.id]).map((row) => [row.id, row]));
      useBoard.setState({
        rows: { ...before, ...added },
        order: [...order, ...arrange(added, this.view)],
        more: load.hasMore(),
      });
    } catch (error) {
      if (this.mayRetry(error)) useBoard.setState({ state: "failed" });
    }
  }

  /** Ask the server; `again` keeps what is shown until all of it is here. */
  private async load({ again = false } = {}): Promise<void> {
    const load = loadOf(this.view);
    this.loading = load;
    if (this.again !== null) clearTimeout(this.again);
    try {
      this.places = 0;
      const first = await load.next();
      if (load !== this.loading) return; // something else is asked for meanwhile
      const rows = this.rowsOf(first.sessions);
      if (!again) this.replace(rows, load);
      while (load.wantsMore()) {
        rows.push(...this.rowsOf((await load.next()).sessions));
        if (load !== this.loading) return;
      }
      this.replace(rows, load);
      this.follow(first.feed);
    } catch (error) {
      if (load !== this.loading || !this.mayRetry(error)) return;
      if (useBoard.getState().state === "loading") useBoard.setState({ state: "failed" });
      this.again = setTimeout(() => void this.load({ again }), LOAD_AGAIN_MS);
    }
  }

  private rowsOf(summaries: readonly SessionSummary[]): Row[] {
    const now = performance.now();
    return summaries.map((summary) => rowOf(summary, now, this.places++));
  }

  private replace(rows: readonly Row[], load: Load): void {
    this.changed.clear();
    const byId: Record<string, Row> = {};
    // one that moved between two pages came twice: where it stood first, as it was read last
    for (const row of rows) byId[row.id] = { ...row, place: byId[row.id]?.place ?? row.place };
    const state = load.wantsMore() && rows.length === 0 ? "loading" : "ready";
    useBoard.setState({ state, rows: byId, more: load.hasMore() });
    this.apply();
  }

  private follow(place: FeedPlace): void {
    this.reader?.close();
    this.reader = new FeedReader(place, {
      fetch: async (after) => (await recruiterApi.feed(after)) as FeedPage, // payloads are told apart by name
      onEvent: (event) => this.happened(event),
      onResync: () => void this.load({ again: true }),
    });
    // What was said between the reading of the list and now may have passed us by.
    this.reader.catchUp();
  }

  private happened(event: FeedEvent): void {
    const id = event.payload.session_id;
    if (id === undefined) return;
    this.touched.add(id);
    this.rereads.outdate(id);
    const row = this.changed.get(id) ?? useBoard.getState().rows[id];
    if (row === undefined) {
      if (event.event === "session_started") this.rereads.want(id);
    } else {
      const next = applied(row, event, { steady: performance.now(), server: serverNow() });
      if (next !== row) this.changed.set(id, next);
      if (saysTooLittle(next, event)) this.rereads.want(id);
    }
    this.showing ??= setTimeout(() => this.showChanges(), SHOW_MS);
  }

  /** Show what has changed, each row where it stands; new ones come at the end. */
  private showChanges(): void {
    this.showing = null;
    for (const id of this.touched) {
      const queryKey = ["recruiter-session", id];
      if (this.client.getQueryState(queryKey)) void this.client.invalidateQueries({ queryKey });
    }
    this.touched.clear();
    if (this.changed.size === 0) return;
    const { rows, order } = useBoard.getState();
    const next = { ...rows, ...Object.fromEntries(this.changed) };
    const fresh = [...this.changed.keys()].filter((id) => rows[id] === undefined);
    this.changed.clear();
    useBoard.setState({ rows: next });
    const came = fresh.flatMap((id) => next[id] ?? []);
    const shown = arrange(Object.fromEntries(came.map((row) => [row.id, row])), this.view);
    if (shown.length > 0) {
      useBoard.setState(({ fresh: before }) => ({
        order: [...order, ...shown],
        fresh: before + shown.length,
      }));
    }
  }

  /** What the order should be by now: applied where nobody reads, offered where somebody does. */
  private look(): void {
    const { rows, order, fresh, stale } = useBoard.getState();
    if (Object.keys(rows).length === 0) return;
    const wanted = arrange(rows, this.view);
    const isOther = wanted.length !== order.length || wanted.some((id, at) => id !== order[at]);
    if (isOther && !this.isRead) this.apply();
    else if (isOther !== stale || (!isOther && fresh > 0)) {
      useBoard.setState({ stale: isOther, fresh: isOther ? fresh : 0, counts: countsOf(rows, this.view) });
    } else {
      const counts = countsOf(rows, this.view);
      if (!isSame(counts, useBoard.getState().counts)) useBoard.setState({ counts });
    }
  }

  private wasRead(summary: SessionSummary): void {
    const place = useBoard.getState().rows[summary.id]?.place ?? this.places++;
    this.changed.set(summary.id, rowOf(summary, performance.now(), place));
    this.showing ??= setTimeout(() => this.showChanges(), SHOW_MS);
  }

  private mayRetry(error: unknown): boolean {
    if (isRefused(error, "unauthenticated", "wrong_role")) {
      signOut({ lapsed: true });
      return false;
    }
    if (error instanceof Refused || error instanceof Unreachable) return true;
    throw error;
  }
}

/** Whether what is loaded answers both: the rest is a matter of showing it. */
function isSameQuestion(one: View, other: View): boolean {
  return (["interviewId", "status", "q", "sort", "blind"] as const).every(
    (name) => one[name] === other[name],
  );
}

function isSame(one: Counts, other: Counts): boolean {
  return (Object.keys(one) as (keyof Counts)[]).every((name) => one[name] === other[name]);
}
