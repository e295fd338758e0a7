import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../api/errors";
import { EMPTY } from "./draft";
import { DraftSync, type SaveState } from "./draft-sync";
import { Keep } from "./keep";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function desk(answers: (number | Error)[] = []) {
  const saved: { index: number; revision: number; text: string | null }[] = [];
  const states: SaveState[] = [];
  const keep = new Keep("u1");
  const sync = new DraftSync({
    keep,
    save: (draft) => {
      saved.push(draft);
      const answer = answers.shift() ?? draft.revision;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    onState: (state) => states.push(state),
  });
  sync.open("s1", 0, EMPTY);
  return { sync, saved, states, keep };
}

describe("saving a draft", () => {
  test("waits until typing rests, then sends the newest text once", async () => {
    const { sync, saved, states } = desk();
    sync.change("h");
    sync.change("he");
    await vi.advanceTimersByTimeAsync(599);
    expect(saved).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(saved).toEqual([{ index: 0, revision: 2, text: "he" }]);
    expect(states.at(-1)).toBe("saved");
  });

  test("does not wait for ever while somebody types without a pause", async () => {
    const { sync, saved } = desk();
    for (let at = 0; at < 20; at += 1) {
      sync.change("x".repeat(at + 1));
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(saved.length).toBeGreaterThanOrEqual(1);
  });

  test("keeps every keystroke in this browser at once", () => {
    const { sync, keep } = desk();
    sync.change("not yet sent");
    expect(keep.draft("s1", 0)?.text).toBe("not yet sent");
  });

  test("tries again when nobody answered, and says that the text is kept here", async () => {
    const { sync, saved, states } = desk([new Unreachable("offline")]);
    sync.change("kept");
    await vi.advanceTimersByTimeAsync(600);
    expect(states.at(-1)).toBe("kept");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(saved).toHaveLength(2);
    expect(states.at(-1)).toBe("saved");
  });

  test("does not hammer a server that refused", async () => {
    const { sync, saved, states } = desk([new Refused({ code: "session_paused", message: "" })]);
    sync.change("while paused");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saved).toHaveLength(1);
    expect(states.at(-1)).toBe("kept");
  });

  test("sends what was typed while the last one was under way", async () => {
    const { sync, saved } = desk();
    sync.change("a");
    sync.flush();
    sync.change("ab");
    await vi.advanceTimersByTimeAsync(600);
    expect(saved.map((draft) => draft.text)).toEqual(["a", "ab"]);
  });

  test("goes above a revision that another device stored", async () => {
    const { sync, saved } = desk([9]);
    sync.change("mine");
    sync.flush();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved.map((draft) => draft.revision)).toEqual([1, 10]);
  });

  test("an answer that comes after the question has changed touches nothing", async () => {
    const { sync, keep } = desk();
    sync.change("first");
    sync.flush();
    sync.open("s1", 1, EMPTY);
    await vi.advanceTimersByTimeAsync(10);
    expect(sync.current).toEqual(EMPTY);
    expect(keep.draft("s1", 1)).toBeNull();
  });
});
