import type { QueryClient } from "@tanstack/react-query";
import { candidateApi, hasEnded, type SubmitReply } from "../api/candidate";
import { isRefused, Refused, Unreachable } from "../api/errors";
import type { ActiveSession, DraftSaved } from "../generated/contracts";
import * as cache from "./cache";
import type { ServerClock } from "./clock";
import { deliver, REFUSALS_BELIEVED, type Outcome, type Ways } from "./deliver";
import { EMPTY, isSaved, reconcile } from "./draft";
import { DraftSync } from "./draft-sync";
import type { Keep, Pending } from "./keep";
import type { SessionLink } from "./link";
import * as of from "./progress";
import { checkReceipt, storable } from "./receipts";
import { get, notify, set } from "./store";
import { tellClosedSince } from "./tell-closed";
import { Waker } from "./waker";

export interface RunnerPorts {
  link: SessionLink;
  clock: ServerClock;
  keep: Keep;
  client: QueryClient;
  onElsewhere: () => void;
  onEnded: (progress: of.Progress) => void;
  onSignedOut: () => void;
  /** Something does not add up: ask the server where the session stands. */
  onDoubt: () => void;
}

/** A running session: what is typed, what is handed in, and what the server says about it. */
export class Runner {
  private readonly drafts: DraftSync;
  private readonly waker = new Waker();
  private openIndex: number | null = null;
  private refusals = 0;

  constructor(private readonly ports: RunnerPorts) {
    this.drafts = new DraftSync({
      keep: ports.keep,
      save: (draft) => this.saveDraft(draft),
      onState: (save) => set({ save }),
    });
  }

  /** Go on from a whole session, at the start, after a join, or because something was in doubt. */
  adopt(session: ActiveSession): void {
    cache.rememberSession(this.ports.client, session);
    set({ title: session.interview.title });
    const before = get().progress;
    const next = of.adopt(before, session);
    if (before?.sessionId === next.sessionId) tellClosedSince(before.index, session);
    if (next !== before) this.openIndex = null;
    this.move(next, session);
    const pending = this.ports.keep.pending(session.id);
    if (pending && get().submitting === null) void this.handIn(pending);
    this.waker.wake();
  }

  /** Show where a session stands without holding it yet; hands over what this tab could not send before. */
  preview(session: ActiveSession): void {
    this.stop();
    const progress = of.adopt(get().progress, session);
    set({ progress });
    const token = this.ports.link.lockToken(session.id);
    const local = this.ports.keep.draft(session.id, progress.index);
    if (token === null || local === null || isSaved(local)) return;
    this.openIndex = progress.index;
    this.drafts.open(session.id, progress.index, local);
  }

  /** Take a later position; opens the question that it stands at. */
  move(next: of.Progress, session: ActiveSession | null = null): void {
    const before = get().progress;
    if (next !== before) set({ progress: next });
    if (next.status !== "in_progress") {
      this.stop();
      this.ports.onEnded(next);
      return;
    }
    if (next.waiting) this.stop();
    else if (this.openIndex !== next.index) this.openQuestion(next, session);
  }

  change(text: string): void {
    set({ text });
    this.drafts.change(text);
  }

  /** Bring the server's draft up to date now. */
  flush(): void {
    this.drafts.flush();
  }

  /** The same while the page goes away: over a request that outlives it. */
  flushLast(): void {
    const { progress } = get();
    const draft = this.drafts.current;
    if (!progress || !draft || isSaved(draft) || this.openIndex === null) return;
    const body = { question_index: this.openIndex, revision: draft.revision, answer: storable(draft.text) };
    const token = this.ports.link.lockToken(progress.sessionId);
    candidateApi
      .saveDraft(progress.sessionId, { ...body, ...stamped(token) }, { keepalive: true })
      .catch(() => undefined); // nobody is left to tell; the text is kept in this browser
  }

  useAlternative(): void {
    const { alternative } = get();
    if (alternative !== null) this.change(alternative);
    set({ alternative: null });
  }

  submit({ timeExpired }: { timeExpired: boolean }): void {
    const { progress, text, submitting } = get();
    if (!progress || progress.paused || progress.waiting || submitting?.index === progress.index) return;
    const pending: Pending = {
      sessionId: progress.sessionId,
      questionId: progress.questionIds[progress.index] ?? "",
      index: progress.index,
      answer: storable(text),
      timeExpired,
    };
    this.ports.keep.savePending(pending);
    void this.handIn(pending);
  }

  /** Try again at once what waits for the network. */
  wake(): void {
    this.waker.wake();
    this.drafts.flush();
  }

  stop(): void {
    this.drafts.close();
    this.openIndex = null;
  }

  private openQuestion(progress: of.Progress, session: ActiveSession | null): void {
    this.openIndex = progress.index;
    const { keep } = this.ports;
    const stored = session?.draft?.question_index === progress.index ? session.draft : null;
    const local = keep.draft(progress.sessionId, progress.index);
    // Only a snapshot knows what the server has; a question that has just opened has nothing yet.
    const { draft, alternative } = session
      ? reconcile(local, stored)
      : { draft: local ?? EMPTY, alternative: null };
    set({ text: draft.text, alternative });
    this.drafts.open(progress.sessionId, progress.index, draft);
  }

  private async saveDraft(draft: { index: number; revision: number; text: string | null }): Promise<number> {
    const sessionId = get().progress?.sessionId ?? "";
    const token = this.ports.link.lockToken(sessionId);
    const body = { question_index: draft.index, revision: draft.revision, answer: storable(draft.text) };
    try {
      const event = { session_id: sessionId, lock_token: token, ...body };
      const saved = this.ports.link.joined
        ? await this.ports.link.ask<DraftSaved>("save_draft", event)
        : await candidateApi.saveDraft(sessionId, { ...body, ...stamped(token) });
      this.refusals = 0;
      return saved.revision;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.draftRefused(error, { stale: token !== this.ports.link.lockToken(sessionId) });
      throw isRefused(error, "locked_elsewhere", "too_many_requests") ? new Unreachable(error.code) : error;
    }
  }

  private draftRefused(error: Refused, { stale }: { stale: boolean }): void {
    if (error.code === "unauthenticated") this.ports.onSignedOut();
    else if (error.code === "locked_elsewhere") this.doubt({ stale });
    else if (error.code !== "too_many_requests") this.ports.onDoubt();
  }

  /** A refused token may only be older than an answer to our own join that is still under way. */
  private doubt({ stale }: { stale: boolean }): void {
    this.refusals = stale || this.ports.link.joined ? 0 : this.refusals + 1;
    if (this.refusals === REFUSALS_BELIEVED) this.ports.onElsewhere();
  }

  private async handIn(pending: Pending): Promise<void> {
    const { index, timeExpired } = pending;
    set({ submitting: { index, state: "sending", timeExpired } });
    const outcome = await deliver(pending, {
      ways: () => this.ways(),
      rest: (ms) => this.waker.rest(ms),
      onRetry: () => set({ submitting: { index, state: "retrying", timeExpired } }),
    });
    if (get().submitting?.index === index) set({ submitting: null });
    this.ports.keep.dropPending(pending);
    this.handedIn(pending, outcome);
  }

  private ways(): Ways {
    const { link } = this.ports;
    const sessionId = get().progress?.sessionId ?? "";
    return {
      lockToken: link.lockToken(sessionId),
      socket: link.joined
        ? (pending, token) => {
            const event = { session_id: pending.sessionId, lock_token: token, ...asAnswer(pending) };
            return link.ask<SubmitReply>("submit_answer", event);
          }
        : null,
      http: (pending, token) => {
        const body = { ...asAnswer(pending), submitted_at: new Date().toISOString(), ...stamped(token) };
        return candidateApi.submit(pending.sessionId, body);
      },
    };
  }

  private handedIn(pending: Pending, outcome: Outcome): void {
    switch (outcome.kind) {
      case "accepted":
        this.accepted(pending, outcome.reply);
        return;
      case "closed":
        this.ports.keep.dropDraft(pending.sessionId, pending.index);
        this.ports.onDoubt();
        return;
      case "paused":
      case "ended":
        this.ports.onDoubt();
        return;
      case "elsewhere":
        this.ports.onElsewhere();
        return;
      case "signed_out":
        this.ports.onSignedOut();
        return;
      case "refused":
        notify({ tone: "warn", key: "notice.refused", quote: outcome.message });
    }
  }

  private accepted(pending: Pending, reply: SubmitReply): void {
    const { keep, client } = this.ports;
    keep.dropDraft(pending.sessionId, pending.index);
    if (!this.ports.link.joined) this.ports.link.hurry();
    void this.keepReceipt(pending, reply);
    cache.rememberAnswer(client, pending.sessionId, {
      id: reply.receipt.answer_id,
      question_id: pending.questionId,
      question_index: pending.index,
      answer: pending.answer,
      how: pending.timeExpired ? "auto" : "submitted",
      late: false,
      submitted_at: reply.receipt.server_time,
      receipt: reply.receipt,
    });
    const { progress } = get();
    if (progress?.sessionId !== pending.sessionId) return;
    if (hasEnded(reply)) {
      this.move(of.ended(progress, { session_id: pending.sessionId, revision: reply.revision }, "completed"));
      return;
    }
    cache.rememberQuestion(client, pending.sessionId, reply.next_question);
    this.move(of.submitted(progress, reply));
    if (pending.timeExpired)
      notify({ tone: "warn", key: "notice.timeUp", words: { number: pending.index + 1 } });
  }

  private async keepReceipt(pending: Pending, reply: SubmitReply): Promise<void> {
    const { sha256 } = reply.receipt;
    const check = await checkReceipt(reply.receipt, pending);
    set({ received: { number: pending.index + 1, sha256, check } });
    if (check !== "differs") return;
    notify({
      tone: "warn",
      key: "notice.receiptDiffers",
      words: { number: pending.index + 1, receipt: sha256.slice(0, 8) },
    });
  }
}

function asAnswer(pending: Pending): {
  question_index: number;
  answer: string | null;
  time_expired: boolean;
} {
  return { question_index: pending.index, answer: pending.answer, time_expired: pending.timeExpired };
}

function stamped(token: string | null): { lock_token?: string } {
  return token === null ? {} : { lock_token: token };
}
