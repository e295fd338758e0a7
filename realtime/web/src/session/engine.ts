import type { QueryClient } from "@tanstack/react-query";
import { candidateApi } from "../api/candidate";
import { isRefused, Refused, Unreachable } from "../api/errors";
import { renewToken, signOut } from "../api/identity";
import type { ActiveSession, AvailableInterview, StartedSession } from "../generated/contracts";
import * as cache from "./cache";
import { ServerClock } from "./clock";
import { findEnded, showEnded } from "./ended";
import { hear } from "./hear";
import { Keep } from "./keep";
import { SessionLink } from "./link";
import { findActive, findPosition } from "./position";
import type { Progress } from "./progress";
import { Runner } from "./runner";
import { Signals } from "./signals";
import { get, INITIAL, notify, set } from "./store";
import type { Tab } from "./tab";
import { Timers } from "./timers";
import { Watch } from "./watch";

const DOUBT_EVERY_MS = 1_500;
const BEHIND_MS = 1_200;
const BOOT_AGAIN_MS = 3_000;
// Where WebSockets do not get through, the interview runs over plain requests after this.
const WITHOUT_SOCKET_MS = 4_000;

/** The candidate's page as a whole: finds, starts and holds a session, and says how it ended. */
export class InterviewEngine {
  readonly clock = new ServerClock();
  readonly runner: Runner;
  private readonly link: SessionLink;
  readonly keep: Keep;
  private readonly signals: Signals;
  private readonly watch: Watch;
  private readonly timers = new Timers();
  private doubtedAt = -Infinity;
  private behind = false;

  constructor(
    private readonly tab: Tab,
    private readonly client: QueryClient,
    userId: string,
  ) {
    this.keep = new Keep(userId);
    this.link = new SessionLink(tab, this.clock, {
      onConnection: (connection) => set({ connection }),
      onJoined: (session) => this.joined(session),
      onJoinRefused: (error) => this.joinRefused(error),
      onEvent: (event) => hear(event, this.hearing()),
      onSignedOut: () => this.signedOut(),
    });
    this.runner = new Runner({
      link: this.link,
      clock: this.clock,
      keep: this.keep,
      client,
      onElsewhere: () => this.elsewhere(),
      onEnded: (progress) => this.ended(progress),
      onSignedOut: () => this.signedOut(),
      onDoubt: () => void this.ask(),
    });
    this.signals = new Signals((signal) => {
      const sessionId = get().progress?.sessionId ?? "";
      const stamp = { session_id: sessionId, lock_token: this.link.lockToken(sessionId) };
      return this.link.ask("report_signal", { ...stamp, ...signal });
    });
    this.watch = new Watch(this.clock, {
      onSave: () => this.runner.flush(),
      onZero: () => this.runner.submit({ timeExpired: true }),
      onDoubt: () => void this.ask(),
      onBack: () => this.runner.wake(),
      onAway: () => this.runner.flushLast(),
    });
    set(INITIAL);
    void this.boot();
  }

  /** Look whether a session is running, and say so; comes back by itself while nobody answers. */
  async boot(): Promise<void> {
    this.link.warm();
    try {
      const session = await findActive(this.clock);
      set({ busy: false, failure: null });
      if (session === null) {
        this.keep.dropAllBut(null);
        set({ screen: (await findEnded()) ?? { at: "home" }, progress: null });
        return;
      }
      this.keep.dropAllBut(session.id);
      this.welcome(session);
    } catch (error) {
      if (!this.explained(error)) return;
      set({ screen: { at: "unreachable" } });
      this.timers.after(BOOT_AGAIN_MS, () => void this.boot());
    }
  }

  async start(interview: AvailableInterview): Promise<void> {
    await this.begin(async () => {
      const session = await candidateApi.start(interview.interview_id);
      this.run(session, interview.title);
    });
  }

  async startOver(): Promise<void> {
    const { progress, title } = get();
    if (!progress) return;
    await this.begin(async () => {
      const session = await candidateApi.startOver(
        progress.sessionId,
        this.link.lockToken(progress.sessionId),
      );
      this.keep.dropAllBut(session.id);
      cache.forgetSession(this.client, progress.sessionId);
      this.run(session, title);
    });
  }

  /** Go back into the session that was found, as the same tab or, with `takeover`, from another one. */
  resume({ takeover }: { takeover: boolean }): void {
    const { progress } = get();
    if (!progress) return;
    set({ busy: true, failure: null });
    this.link.join(progress.sessionId, { takeover });
    this.timers.after(WITHOUT_SOCKET_MS, () => {
      if (!takeover) void this.runWithoutSocket(progress.sessionId);
      else if (get().busy) set({ busy: false, failure: { key: "start.unreachable" } });
    });
  }

  /** The round trip to the server over the socket, in milliseconds. */
  measure(): Promise<number> {
    return this.link.syncClock();
  }

  close(): void {
    this.runner.flushLast();
    this.timers.clear();
    this.watch.stop();
    this.signals.stop();
    this.runner.stop();
    this.link.leave();
  }

  private async begin(work: () => Promise<void>): Promise<void> {
    set({ busy: true, failure: null });
    try {
      await work();
    } catch (error) {
      set({ busy: false });
      if (isRefused(error, "already_in_progress", "session_ended", "not_found")) await this.boot();
      else if (isRefused(error, "locked_elsewhere")) this.elsewhere();
      else if (isRefused(error, "no_attempts_left")) set({ failure: { key: "start.noAttempts" } });
      else if (this.explained(error)) set({ failure: { key: "start.unreachable" } });
    }
  }

  private run(session: StartedSession, title: string): void {
    const { token, ...rest } = session;
    renewToken(token);
    this.clock.oneWay(Date.parse(session.server_time));
    const whole = { ...rest, answers: [], draft: null, interview: { id: session.interview_id, title } };
    this.running(whole);
    this.link.join(session.id, { takeover: false });
  }

  private running(session: ActiveSession): void {
    set({ busy: false, failure: null, screen: { at: "running" } });
    this.runner.adopt(session);
    if (get().screen.at !== "running") return;
    this.watch.start();
    this.signals.start();
  }

  private welcome(session: ActiveSession): void {
    cache.rememberSession(this.client, session);
    set({ title: session.interview.title, screen: { at: "welcome" } });
    this.runner.preview(session);
    this.watch.start();
  }

  private joined(session: ActiveSession): void {
    this.clock.oneWay(Date.parse(session.server_time));
    this.running(session);
    void this.signals.drain();
  }

  private joinRefused(error: Refused): void {
    set({ busy: false });
    if (error.code === "locked_elsewhere") this.elsewhere();
    else if (error.code === "unauthenticated") this.signedOut();
    else void this.ask();
  }

  private elsewhere(): void {
    this.hold();
    set({ screen: { at: "elsewhere" } });
  }

  private superseded(reason: "taken_over" | "started_over"): void {
    const { progress } = get();
    if (progress) this.tab.dropHold(progress.sessionId);
    this.hold();
    set({ screen: { at: "superseded", reason } });
  }

  /** Stop everything that acts by itself; the person decides what comes next. */
  private hold(): void {
    this.link.leave();
    this.watch.stop();
    this.signals.stop();
    this.runner.stop();
    set({ busy: false, submitting: null });
  }

  private ended(progress: Progress): void {
    this.hold();
    this.tab.dropHold(progress.sessionId);
    this.keep.dropAllBut(null);
    cache.forgetSession(this.client, progress.sessionId);
    void this.client.invalidateQueries({ queryKey: cache.keys.history });
    void this.client.invalidateQueries({ queryKey: cache.keys.available });
    const status = progress.status === "in_progress" ? "abandoned" : progress.status;
    const { sessionId, endReason: reason } = progress;
    showEnded({ at: "ended", sessionId, title: get().title, status, reason });
  }

  private signedOut(): void {
    this.close();
    signOut({ lapsed: true });
  }

  private hearing() {
    return {
      runner: this.runner,
      clock: this.clock,
      client: this.client,
      onSuperseded: (reason: "taken_over" | "started_over") => this.superseded(reason),
      onBehind: () => this.fellBehind(),
    };
  }

  /** A tick knows more than we do: the event is probably right behind it; if not, ask. */
  private fellBehind(): void {
    if (this.behind) return;
    this.behind = true;
    const known = get().progress?.revision;
    this.timers.after(BEHIND_MS, () => {
      this.behind = false;
      if (get().progress?.revision === known) void this.ask();
    });
  }

  /** Ask where the session stands; at most every so often, and quietly while nobody answers. */
  private async ask(): Promise<void> {
    const { progress, screen } = get();
    const now = performance.now();
    if (!progress || now - this.doubtedAt < DOUBT_EVERY_MS) return;
    this.doubtedAt = now;
    try {
      const position = await findPosition(progress.sessionId, this.clock);
      if (position.at === "running") {
        if (screen.at === "running") this.runner.adopt(position.session);
        else if (screen.at === "welcome") this.welcome(position.session);
      } else if (position.at === "ended") {
        if (position.status === "abandoned") this.superseded("started_over");
        else this.ended({ ...progress, status: position.status });
      }
    } catch (error) {
      this.explained(error);
    }
  }

  private async runWithoutSocket(sessionId: string): Promise<void> {
    if (this.link.joined || get().screen.at !== "welcome" || !get().busy) return;
    try {
      const session = await findActive(this.clock);
      if (session?.id !== sessionId) await this.boot();
      else if (get().screen.at === "welcome") {
        this.running(session);
        notify({ tone: "info", key: "notice.withoutSocket" });
      }
    } catch (error) {
      if (this.explained(error)) set({ failure: { key: "start.unreachable" } });
    }
  }

  /** False where the error has led to a page of its own; true for what a retry may mend. */
  private explained(error: unknown): boolean {
    if (isRefused(error, "unauthenticated", "wrong_role")) {
      this.signedOut();
      return false;
    }
    if (error instanceof Unreachable || error instanceof Refused) return true;
    throw error;
  }
}
