import type { SubmitReply } from "../api/candidate";
import { isRefused, Refused, Unreachable } from "../api/errors";
import type { Pending } from "./keep";

export type Outcome =
  | { kind: "accepted"; reply: SubmitReply }
  /** The server closed the question before this reached it; its last draft counts. */
  | { kind: "closed" }
  /** The session is paused; the answer stays a draft. */
  | { kind: "paused" }
  /** Another tab or device holds the session. */
  | { kind: "elsewhere" }
  | { kind: "ended" }
  | { kind: "signed_out" }
  | { kind: "refused"; message: string };

export interface Ways {
  /** Null while no socket holds the session. */
  socket: ((pending: Pending, lockToken: string | null) => Promise<SubmitReply>) | null;
  http: (pending: Pending, lockToken: string | null) => Promise<SubmitReply>;
  lockToken: string | null;
}

export interface Post {
  /** The ways that are open now; asked again before every try. */
  ways: () => Ways;
  /** Resolves after `ms`, or earlier when the network or the socket comes back. */
  rest: (ms: number) => Promise<void>;
  /** Called when a try failed and another will follow. */
  onRetry: () => void;
}

const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 8_000;

/**
 * How often the newest lock token has to be refused in a row before that is believed: a request over HTTP can
 * overtake the answer to this tab's own join, which carries the token that counts by then.
 */
export const REFUSALS_BELIEVED = 3;

/**
 * Hand an answer in, however long it takes: over the socket, else over HTTP, again and again with the same
 * question index, which the server accepts once. Returns only when the server has decided.
 */
export async function deliver(pending: Pending, post: Post): Promise<Outcome> {
  let restMs = FIRST_REST_MS;
  let doubts = 0;
  for (;;) {
    const ways = post.ways();
    try {
      return { kind: "accepted", reply: await attempt(pending, ways) };
    } catch (error) {
      if (error instanceof Refused) {
        if (error.code === "locked_elsewhere") {
          doubts = ways.lockToken === post.ways().lockToken ? doubts + 1 : 0;
          if (doubts === REFUSALS_BELIEVED) return { kind: "elsewhere" };
        }
        const outcome = decided(error);
        if (outcome) return outcome;
      } else if (!(error instanceof Unreachable)) {
        throw error;
      }
      post.onRetry();
      await post.rest(isRefused(error) ? (error.retryAfterMs ?? restMs) : restMs);
      restMs = Math.min(LONGEST_REST_MS, restMs * 2);
    }
  }
}

async function attempt(pending: Pending, ways: Ways): Promise<SubmitReply> {
  if (ways.socket === null) return ways.http(pending, ways.lockToken);
  try {
    return await ways.socket(pending, ways.lockToken);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return ways.http(pending, ways.lockToken); // the same index: a lost ack comes back as a duplicate
  }
}

/** What a refusal means; null where trying again is right. */
function decided(error: Refused): Outcome | null {
  switch (error.code) {
    case "time_limit_exceeded":
    case "invalid_question_index":
    case "invalid_submission_time":
      return { kind: "closed" };
    case "session_paused":
      return { kind: "paused" };
    case "session_ended":
    case "not_found":
      return { kind: "ended" };
    case "unauthenticated":
      return { kind: "signed_out" };
    case "locked_elsewhere":
    case "too_many_requests":
      return null;
    default:
      return { kind: "refused", message: error.message };
  }
}
