import type {
  ActiveSession,
  CandidateEvents,
  ClockAck,
  JoinedAck,
  JoinSession,
} from "../generated/contracts";
import { Refused, Unreachable } from "../api/errors";
import { currentToken, renewToken } from "../api/identity";
import { ask } from "../socket/acks";
import { CANDIDATE_EVENTS } from "../socket/candidate-events";
import { KeptSocket, type Connection } from "../socket/connection";
import type { ServerClock } from "./clock";
import type { Tab } from "./tab";

export type CandidateEvent = {
  [Name in keyof CandidateEvents]: { name: Name; payload: CandidateEvents[Name] };
}[keyof CandidateEvents];

export interface LinkListener {
  onConnection: (connection: Connection) => void;
  onJoined: (session: ActiveSession) => void;
  onJoinRefused: (error: Refused) => void;
  onEvent: (event: CandidateEvent) => void;
  onSignedOut: () => void;
}

const CLOCK_SAMPLES = 3;
const JOIN_AGAIN_MS = 700;
// Ticks come every second; when nothing has come for this long, ask whether anybody is there.
const SILENCE_MS = 6_000;

/** The live connection of one candidate's session: comes back by itself, and joins again each time. */
export class SessionLink {
  private readonly kept: KeptSocket;
  private wanted: { sessionId: string; takeover: boolean } | null = null;
  private isJoined = false;
  private heardAt = 0;
  private listening: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly tab: Tab,
    private readonly clock: ServerClock,
    private readonly listener: LinkListener,
  ) {
    this.kept = new KeptSocket("/candidate", currentToken, {
      onConnection: listener.onConnection,
      onUp: () => void this.up(),
      onRefused: () => listener.onSignedOut(),
    });
    this.kept.socket.on("disconnect", () => (this.isJoined = false));
    for (const name of CANDIDATE_EVENTS) {
      this.kept.socket.on(name, (payload: CandidateEvents[typeof name]) => {
        this.heardAt = Date.now();
        listener.onEvent({ name, payload } as CandidateEvent);
      });
    }
  }

  get joined(): boolean {
    return this.isJoined;
  }

  /** The newest lock token of this tab; it goes on counting over HTTP while the socket is away. */
  lockToken(sessionId: string): string | null {
    return this.tab.hold(sessionId)?.lockToken ?? null;
  }

  /** Connect without a session: the system check, and a head start for the first question. */
  warm(): void {
    this.kept.open();
  }

  /** Hold `sessionId` from now on; `takeover` counts until it has worked once. */
  join(sessionId: string, { takeover }: { takeover: boolean }): void {
    this.wanted = { sessionId, takeover };
    this.isJoined = false;
    if (this.kept.socket.connected) void this.enter();
    else this.kept.open();
    this.listening ??= setInterval(() => void this.listen(), 2_000);
  }

  /** Let go and stay away. */
  leave(): void {
    this.wanted = null;
    this.isJoined = false;
    if (this.listening !== null) clearInterval(this.listening);
    this.listening = null;
    this.kept.close();
  }

  /** A request got through, so the socket may as well: try it now. */
  hurry(): void {
    this.kept.hurry();
  }

  ask<T>(event: string, payload: object): Promise<T> {
    return ask<T>(this.kept.socket, event, payload);
  }

  /** Measure the server's clock; the round trip in milliseconds. */
  async syncClock(): Promise<number> {
    const sentAt = this.clock.local();
    const answer = await this.ask<ClockAck>("sync_clock", { client_time_ms: Date.now() });
    this.clock.roundTrip(sentAt, answer.server_time_ms);
    return this.clock.local() - sentAt;
  }

  private async up(): Promise<void> {
    this.heardAt = Date.now();
    if (this.wanted) void this.enter();
    try {
      for (let sample = 0; sample < CLOCK_SAMPLES; sample += 1) await this.syncClock();
    } catch (error) {
      // The connection went again, or is rate limited; ticks put the clock right as well.
      if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
    }
  }

  private async enter(): Promise<void> {
    const { wanted } = this;
    if (!wanted) return;
    const resumeToken = this.tab.hold(wanted.sessionId)?.resumeToken;
    try {
      const request: JoinSession = {
        session_id: wanted.sessionId,
        ...(resumeToken === undefined ? {} : { resume_token: resumeToken }),
        ...(wanted.takeover ? { takeover: true } : {}),
      };
      const joined = await this.ask<JoinedAck>("join_session", request);
      if (wanted === this.wanted) this.entered(wanted.sessionId, joined);
    } catch (error) {
      if (wanted === this.wanted) this.notEntered(error);
    }
  }

  private entered(sessionId: string, joined: JoinedAck): void {
    this.wanted = { sessionId, takeover: false };
    this.isJoined = true;
    this.tab.keepHold(sessionId, { lockToken: joined.lock_token, resumeToken: joined.resume_token });
    if (joined.token !== null) renewToken(joined.token);
    this.listener.onJoined(joined.session);
  }

  private notEntered(error: unknown): void {
    if (error instanceof Refused && error.code !== "too_many_requests") {
      this.wanted = null;
      this.listener.onJoinRefused(error);
      return;
    }
    if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    const pause = error instanceof Refused ? (error.retryAfterMs ?? JOIN_AGAIN_MS) : JOIN_AGAIN_MS;
    setTimeout(() => {
      if (this.kept.socket.connected && !this.isJoined) void this.enter();
    }, pause);
  }

  private async listen(): Promise<void> {
    if (!this.isJoined || Date.now() - this.heardAt < SILENCE_MS) return;
    try {
      await this.syncClock();
      this.heardAt = Date.now();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.kept.bounce();
    }
  }
}
