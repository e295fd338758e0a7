import { describe, expect, test } from "vitest";
import { minutesAndSeconds, ServerClock } from "./clock";

/** A computer whose two clocks can be moved by hand, beside a server that is `ahead` of its steady clock. */
function computer({ ahead }: { ahead: number }) {
  const time = { steady: 1_000, wall: 1_700_000_000_000 };
  const clock = new ServerClock(
    () => time.steady,
    () => time.wall,
  );
  return {
    clock,
    pass: (ms: number) => {
      time.steady += ms;
      time.wall += ms;
    },
    sleep: (ms: number) => (time.wall += ms),
    server: () => time.steady + ahead,
  };
}

describe("the server's clock", () => {
  test("a round trip puts the server's time in the middle of it", () => {
    const { clock, pass, server } = computer({ ahead: 5_000_000 });
    const sentAt = clock.local();
    pass(100);
    const serverTime = server();
    pass(100);
    clock.roundTrip(sentAt, serverTime);
    expect(clock.now()).toBe(server());
    expect(clock.uncertainty).toBe(100);
  });

  test("ticks narrow what a slow round trip left open", () => {
    const { clock, pass, server } = computer({ ahead: 42_000 });
    const sentAt = clock.local();
    const serverTime = server();
    pass(400); // all of the delay was on the way back
    clock.roundTrip(sentAt, serverTime);
    expect(Math.abs(clock.now() - server())).toBe(200);
    for (const delay of [35, 20, 60]) {
      const ticked = server();
      pass(delay);
      clock.oneWay(ticked);
    }
    expect(Math.abs(clock.now() - server())).toBeLessThanOrEqual(20);
  });

  test("with ticks alone it is late by the shortest delay, never early", () => {
    const { clock, pass, server } = computer({ ahead: -9_000 });
    for (const delay of [80, 15, 200]) {
      const ticked = server();
      pass(delay);
      clock.oneWay(ticked);
    }
    expect(server() - clock.now()).toBe(15);
  });

  test("is trusted only once the server has spoken", () => {
    const { clock, server } = computer({ ahead: 0 });
    expect(clock.trusted).toBe(false);
    clock.oneWay(server());
    expect(clock.trusted).toBe(true);
  });

  test("setting the computer's clock moves nothing, and is noticed once", () => {
    const { clock, pass, sleep, server } = computer({ ahead: 7_000 });
    clock.oneWay(server());
    sleep(3_600_000); // the wall clock alone: somebody set it an hour forward
    expect(clock.now()).toBe(server());
    expect(clock.jumped()).toBe(true);
    expect(clock.trusted).toBe(false);
    expect(clock.now()).toBe(server());
    pass(1_000);
    expect(clock.jumped()).toBe(false);
    clock.oneWay(server());
    expect(clock.trusted).toBe(true);
  });

  test("a steady clock that stood still in sleep is put right by the first tick", () => {
    const { clock, pass, server } = computer({ ahead: 1_000 });
    const sentAt = clock.local();
    pass(10);
    clock.roundTrip(sentAt, server());
    const afterSleep = server() + 600_000;
    clock.oneWay(afterSleep);
    expect(clock.now()).toBe(afterSleep);
  });
});

test.each([
  [65_000, "1:05"],
  [60_000, "1:00"],
  [59_001, "1:00"],
  [1, "0:01"],
  [0, "0:00"],
  [-5_000, "0:00"],
  [5_400_000, "90:00"],
])("%i ms left reads %s", (ms, text) => {
  expect(minutesAndSeconds(ms)).toBe(text);
});
