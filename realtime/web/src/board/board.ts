import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { isRefused, Refused, Unreachable } from "../api/errors";
import { serverNow } from "../api/server-date";
import { currentToken, signOut } from "../api/identity";
import { recruiterApi, type SessionFilter } from "../api/recruiter";
import type { FeedPlace } from "../generated/contracts";
import type { FeedEvent } from "../feed/order";
import { FeedReader, type FeedPage } from "../feed/reader";
import { KeptSocket, type Connection } from "../socket/connection";
import { applied, rowOf, saysTooLittle, type Row } from "./row";

export interface BoardState {
  state: "loading" | "ready" | "failed";
  connection: Connection;
  /** In the order in which they are shown; it changes only when the list is loaded. */
  order: readonly string[];
  rows: Readonly<Record<string, Row>>;
  cursor: string | null;
}

const INITIAL: BoardState = { state: "loading", connection: "connecting", order: [], rows: {}, cursor: null };

export const useBoard = create<BoardState>(() => INITIAL);

const READ_AGAIN_MS = 400;
const LOAD_AGAIN_MS = 3_000;

/** The live list of sessions: loaded once, then kept true by the feed. */
export class Board {
  private readonly kept: KeptSocket;
  private reader: FeedReader | null = null;
  private readonly rereads = new Map<string, ReturnType<typeof setTimeout>>();
  private again: ReturnType<typeof setTimeout> | null = null;
  private loads = 0;
  private filter: SessionFilter = { interviewId: "", status: "", q: "", sort: "" };

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
  }

  /** Show what `filter` finds, from its first page. */
  async load(filter: SessionFilter = this.filter): Promise<void> {
    this.filter = filter;
    this.loads += 1;
    const load = this.loads;
    try {
      const page = await recruiterApi.sessions(filter, null);
      if (load !== this.loads) return; // another filter was chosen meanwhile
      const now = performance.now();
      useBoard.setState({
        state: "ready",
        order: page.sessions.map((summary) => summary.id),
        rows: Object.fromEntries(page.sessions.map((summary) => [summary.id, rowOf(summary, now)])),
        cursor: page.next_cursor,
      });
      this.follow(page.feed);
    } catch (error) {
      if (load !== this.loads || !this.mayRetry(error)) return;
      if (useBoard.getState().state === "loading") useBoard.setState({ state: "failed" });
      this.again = setTimeout(() => void this.load(), LOAD_AGAIN_MS);
    }
  }

  async loadMore(): Promise<void> {
    const { cursor, order, rows } = useBoard.getState();
    if (cursor === null) return;
    const page = await recruiterApi.sessions(this.filter, cursor);
    const now = performance.now();
    const fresh = page.sessions.filter((summary) => rows[summary.id] === undefined);
    useBoard.setState({
      order: [...order, ...fresh.map((summary) => summary.id)],
      rows: { ...rows, ...Object.fromEntries(fresh.map((summary) => [summary.id, rowOf(summary, now)])) },
      cursor: page.next_cursor,
    });
  }

  close(): void {
    this.loads += 1;
    if (this.again !== null) clearTimeout(this.again);
    for (const timer of this.rereads.values()) clearTimeout(timer);
    this.reader?.close();
    this.kept.close();
  }

  private follow(place: FeedPlace): void {
    this.reader?.close();
    this.reader = new FeedReader(place, {
      fetch: async (after) => (await recruiterApi.feed(after)) as FeedPage, // payloads are told apart by name
      onEvent: (event) => this.happened(event),
      onResync: () => void this.load(),
    });
    // What was said between the reading of the list and now may have passed us by.
    this.reader.catchUp();
  }

  private happened(event: FeedEvent): void {
    const id = event.payload.session_id;
    if (id === undefined) return;
    const { rows } = useBoard.getState();
    const row = rows[id];
    void this.client.invalidateQueries({ queryKey: ["recruiter-session", id] });
    if (row === undefined) {
      if (event.event === "session_started") this.readAgain(id);
      return;
    }
    const now = { steady: performance.now(), server: serverNow() };
    const next = applied(row, event, now);
    if (next !== row) useBoard.setState({ rows: { ...rows, [id]: next } });
    if (saysTooLittle(next, event)) this.readAgain(id);
  }

  /** Read one summary again, once for all events of a moment. */
  private readAgain(id: string): void {
    if (this.rereads.has(id)) return;
    const timer = setTimeout(() => {
      this.rereads.delete(id);
      void this.read(id);
    }, READ_AGAIN_MS);
    this.rereads.set(id, timer);
  }

  private async read(id: string): Promise<void> {
    try {
      const summary = await recruiterApi.session(id);
      const { rows, order } = useBoard.getState();
      const known = rows[id] !== undefined;
      if (!known && !this.fits(summary.interview_id, summary.status)) return;
      useBoard.setState({
        rows: { ...rows, [id]: rowOf(summary, performance.now()) },
        order: known ? order : [id, ...order],
      });
    } catch (error) {
      if (this.mayRetry(error) && error instanceof Unreachable) this.readAgain(id);
    }
  }

  /** Whether a session that has just begun belongs on the list that is shown. */
  private fits(interviewId: string, status: string): boolean {
    const { filter } = this;
    return (
      filter.q === "" &&
      (filter.interviewId === "" || filter.interviewId === interviewId) &&
      (filter.status === "" || filter.status === status)
    );
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
