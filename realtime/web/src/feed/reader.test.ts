import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../api/errors";
import type { FeedEvent, Place } from "./order";
import { FeedReader, type FeedPage } from "./reader";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const at = (offset: number): FeedEvent => ({ event: "e", payload: { feed: { epoch: "e1", offset } } });

/** A server whose history is 1..top, given out in pages of three. */
function feed({ top, failures = [] }: { top: number; failures?: Error[] }) {
  const given: number[] = [];
  const asked: Place[] = [];
  const state = { top, resyncs: 0 };
  const reader = new FeedReader(
    { epoch: "e1", offset: 0 },
    {
      fetch: (after): Promise<FeedPage> => {
        asked.push(after);
        const failure = failures.shift();
        if (failure) return Promise.reject(failure);
        const last = Math.min(after.offset + 3, state.top);
        const events = Array.from({ length: last - after.offset }, (_, n) => at(after.offset + n + 1));
        return Promise.resolve({ events, feed: { epoch: "e1", offset: last }, has_more: last < state.top });
      },
      onEvent: (event) => given.push(event.payload.feed.offset),
      onResync: () => (state.resyncs += 1),
    },
  );
  return { reader, given, asked, state };
}

describe("reading a feed", () => {
  test("fetches nothing while events come in order", async () => {
    const { reader, given, asked } = feed({ top: 3 });
    for (const offset of [1, 2, 3]) reader.hear(at(offset));
    reader.reveal({ epoch: "e1", offset: 3 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(given).toEqual([1, 2, 3]);
    expect(asked).toEqual([]);
  });

  test("is patient with an event that is only late", async () => {
    const { reader, given, asked } = feed({ top: 2 });
    reader.hear(at(2));
    await vi.advanceTimersByTimeAsync(249);
    reader.hear(at(1));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(given).toEqual([1, 2]);
    expect(asked).toEqual([]);
  });

  test("fetches a gap, page after page, and applies nothing twice", async () => {
    const { reader, given, asked } = feed({ top: 8 });
    reader.hear(at(8));
    await vi.advanceTimersByTimeAsync(250);
    expect(given).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(asked.map((place) => place.offset)).toEqual([0, 3, 6]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(3);
  });

  test("a position alone reveals what is missing", async () => {
    const { reader, given } = feed({ top: 2 });
    reader.reveal({ epoch: "e1", offset: 2 });
    await vi.advanceTimersByTimeAsync(250);
    expect(given).toEqual([1, 2]);
  });

  test("goes on asking when the server cannot be reached", async () => {
    const { reader, given } = feed({ top: 2, failures: [new Unreachable("down"), new Unreachable("down")] });
    reader.catchUp();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(given).toEqual([1, 2]);
  });

  test("history that is gone is loaded anew, once", async () => {
    const gone = new Refused({ code: "resync_required", message: "", status: 410 });
    const { reader, state, given } = feed({ top: 9, failures: [gone] });
    reader.catchUp();
    await vi.advanceTimersByTimeAsync(5_000);
    reader.hear({ event: "e", payload: { feed: { epoch: "e2", offset: 1 } } });
    expect(state.resyncs).toBe(1);
    expect(given).toEqual([]);
  });

  test("another epoch is loaded anew", () => {
    const { reader, state } = feed({ top: 0 });
    reader.reveal({ epoch: "e2", offset: 4 });
    expect(state.resyncs).toBe(1);
  });
});
