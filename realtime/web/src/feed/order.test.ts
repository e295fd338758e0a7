import { describe, expect, test } from "vitest";
import { FeedOrder, type FeedEvent } from "./order";

const at = (offset: number, epoch = "e1"): FeedEvent => ({
  event: "answer_submitted",
  payload: { feed: { epoch, offset } },
});
const offsets = (events: FeedEvent[]) => events.map((event) => event.payload.feed.offset);

describe("the order of a feed", () => {
  test("gives out the next one and nothing twice", () => {
    const order = new FeedOrder({ epoch: "e1", offset: 7 });
    expect(offsets(order.take(at(8)))).toEqual([8]);
    expect(order.take(at(8))).toEqual([]);
    expect(order.take(at(3))).toEqual([]);
    expect(order.applied.offset).toBe(8);
  });

  test("holds back what came early until the gap is filled, then gives out all in order", () => {
    const order = new FeedOrder({ epoch: "e1", offset: 0 });
    expect(order.take(at(3))).toEqual([]);
    expect(order.take(at(2))).toEqual([]);
    expect(order.missing).toBe(true);
    expect(offsets(order.take(at(1)))).toEqual([1, 2, 3]);
    expect(order.missing).toBe(false);
  });

  test("a position shows a gap without an event", () => {
    const order = new FeedOrder({ epoch: "e1", offset: 5 });
    order.reveal({ epoch: "e1", offset: 5 });
    expect(order.missing).toBe(false);
    order.reveal({ epoch: "e1", offset: 6 });
    expect(order.missing).toBe(true);
    order.reveal({ epoch: "e1", offset: 4 });
    expect(order.missing).toBe(true);
  });

  test("another epoch is another history", () => {
    const order = new FeedOrder({ epoch: "e1", offset: 5 });
    expect(order.isOther({ epoch: "e2", offset: 1 })).toBe(true);
    expect(order.take(at(6, "e2"))).toEqual([]);
    expect(order.missing).toBe(false);
  });

  test("any arrival order of any subset with repeats ends in the same sequence", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const order = new FeedOrder({ epoch: "e1", offset: 0 });
      const given: number[] = [];
      const arrivals = Array.from(
        { length: 60 },
        (_, n) => 1 + ((seed * 7919 + n * n * 104729 + n * 31) % 20),
      );
      for (const offset of [...arrivals, ...Array.from({ length: 20 }, (_, n) => 20 - n)]) {
        given.push(...offsets(order.take(at(offset))));
      }
      expect(given).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    }
  });
});
