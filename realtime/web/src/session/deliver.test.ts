import { describe, expect, test } from "vitest";
import type { SubmitReply } from "../api/candidate";
import { Refused, Unreachable } from "../api/errors";
import { deliver, REFUSALS_BELIEVED, type Post, type Ways } from "./deliver";
import type { Pending } from "./keep";

const PENDING: Pending = { sessionId: "s1", questionId: "q0", index: 0, answer: "42", timeExpired: false };
const REPLY: SubmitReply = {
  success: true,
  completed: true,
  message: "",
  server_time: "2026-11-22T12:00:00.000Z",
  revision: 2,
  duplicate: false,
  receipt: { answer_id: "a1", sha256: "", server_time: "2026-11-22T12:00:00.000Z" },
};
const refused = (code: string) => new Refused({ code, message: code, status: 409 });

type Step = SubmitReply | Error | (() => SubmitReply | Error);

/** A network that answers step by step, and a record of what went out over it. */
function network({ socket, http }: { socket?: Step[]; http?: Step[] }) {
  const log: string[] = [];
  const rests: number[] = [];
  const state = { lockToken: "t1" as string | null };
  const play = (name: string, steps: Step[]) => (pending: Pending, token: string | null) => {
    log.push(`${name}:${pending.index}:${token ?? "-"}`);
    const step = steps.shift() ?? new Unreachable("nothing left to say");
    const result = typeof step === "function" ? step() : step;
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  const post: Post = {
    ways: (): Ways => ({
      socket: socket ? play("socket", socket) : null,
      http: play("http", http ?? []),
      lockToken: state.lockToken,
    }),
    rest: (ms) => {
      rests.push(ms);
      return Promise.resolve();
    },
    onRetry: () => undefined,
  };
  return { log, rests, post, state };
}

describe("handing an answer in", () => {
  test("goes over the socket while there is one", async () => {
    const { post, log } = network({ socket: [REPLY] });
    expect(await deliver(PENDING, post)).toEqual({ kind: "accepted", reply: REPLY });
    expect(log).toEqual(["socket:0:t1"]);
  });

  test("a socket that does not answer is followed by HTTP with the same index", async () => {
    const { post, log } = network({ socket: [new Unreachable("no ack")], http: [REPLY] });
    expect((await deliver(PENDING, post)).kind).toBe("accepted");
    expect(log).toEqual(["socket:0:t1", "http:0:t1"]);
  });

  test("is tried again, more and more slowly, until the network is back", async () => {
    const gone = () => new Unreachable("offline");
    const { post, log, rests } = network({ http: [gone, gone, gone, gone, gone, gone, REPLY] });
    expect((await deliver(PENDING, post)).kind).toBe("accepted");
    expect(log).toHaveLength(7);
    expect(rests).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  });

  test("waits as long as the server asks", async () => {
    const busy = new Refused({ code: "too_many_requests", message: "", status: 429, retryAfterMs: 3_000 });
    const { post, rests } = network({ http: [busy, REPLY] });
    await deliver(PENDING, post);
    expect(rests).toEqual([3_000]);
  });

  test("a refusal of an older lock token is ignored", async () => {
    const net = network({
      http: [
        () => {
          net.state.lockToken = "t2"; // the socket came back while the request was under way
          return refused("locked_elsewhere");
        },
        REPLY,
      ],
    });
    expect((await deliver(PENDING, net.post)).kind).toBe("accepted");
    expect(net.log).toEqual(["http:0:t1", "http:0:t2"]);
  });

  test("a join whose answer is overtaken is not taken for somebody else's", async () => {
    const net = network({
      http: [
        refused("locked_elsewhere"),
        () => {
          net.state.lockToken = "t2"; // only now is the answer to our own join here
          return refused("locked_elsewhere");
        },
        refused("locked_elsewhere"),
        refused("locked_elsewhere"),
        REPLY,
      ],
    });
    expect((await deliver(PENDING, net.post)).kind).toBe("accepted");
  });

  test("the newest token refused again and again is another's session", async () => {
    const again = refused("locked_elsewhere");
    const net = network({ http: [again, again, again, REPLY] });
    expect((await deliver(PENDING, net.post)).kind).toBe("elsewhere");
    expect(net.log).toHaveLength(REFUSALS_BELIEVED);
  });

  test.each([
    ["time_limit_exceeded", "closed"],
    ["invalid_question_index", "closed"],
    ["session_paused", "paused"],
    ["session_ended", "ended"],
    ["unauthenticated", "signed_out"],
    ["invalid_body", "refused"],
  ])("%s ends it as %s", async (code, kind) => {
    const { post, log } = network({ http: [refused(code)] });
    expect((await deliver(PENDING, post)).kind).toBe(kind);
    expect(log).toHaveLength(1);
  });

  test("a fault of our own is not retried for ever", async () => {
    const { post } = network({ http: [new TypeError("a bug")] });
    await expect(deliver(PENDING, post)).rejects.toThrow("a bug");
  });
});
