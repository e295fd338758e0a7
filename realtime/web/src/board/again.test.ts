import { beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../api/errors";
import type { SessionDetail, SessionPage, SessionSummary } from "../generated/contracts";
import { Again } from "./again";

beforeEach(() => {
  vi.useFakeTimers();
});

const summary = (id: string) => ({ id }) as SessionSummary;

function setUp(page: readonly string[]) {
  const read: string[] = [];
  const session = vi.fn((id: string) => Promise.resolve({ id } as SessionDetail));
  const sessions = vi.fn(() =>
    Promise.resolve({ sessions: page.map(summary), next_cursor: null } as unknown as SessionPage),
  );
  const again = new Again({ onRead: ({ id }) => read.push(id), mayRetry: () => true }, { session, sessions });
  return { again, read, session, sessions };
}

test("a session is read once for all that was said of it in a moment", async () => {
  const { again, read, session } = setUp([]);
  for (let times = 0; times < 5; times += 1) again.want("a");
  await vi.runAllTimersAsync();
  expect(read).toEqual(["a"]);
  expect(session).toHaveBeenCalledTimes(1);
});

test("what happens while a summary is on its way is read again, and only then", async () => {
  const { again, read, session } = setUp([]);
  again.outdate("a"); // nobody has asked for it
  again.want("a");
  again.outdate("a"); // it is not asked for yet
  let arrive: (summary: SessionDetail) => void = () => undefined;
  session.mockReturnValueOnce(new Promise((resolve) => (arrive = resolve)));
  await vi.runAllTimersAsync();
  again.outdate("a");
  again.outdate("b");
  arrive({ id: "a" } as SessionDetail);
  await vi.runAllTimersAsync();
  expect(read).toEqual(["a", "a"]);
  again.outdate("a");
  await vi.runAllTimersAsync();
  expect(session).toHaveBeenCalledTimes(2);
});

test("a crowd is read by the page, and one by one only who is not on it", async () => {
  const crowd = Array.from({ length: 100 }, (_, at) => `s${at}`);
  const { again, read, session, sessions } = setUp(crowd.slice(1));
  for (const id of crowd) again.want(id);
  await vi.runAllTimersAsync();
  expect(read.sort()).toEqual([...crowd].sort());
  expect(sessions).toHaveBeenCalledTimes(1);
  expect(session).toHaveBeenCalledTimes(1);
});

test("tries again where nobody answered, and not where it is gone", async () => {
  const { again, read, session } = setUp([]);
  session.mockRejectedValueOnce(new Unreachable("no answer"));
  session.mockRejectedValueOnce(new Refused({ code: "not_found", message: "Not found" }));
  again.want("a");
  await vi.runAllTimersAsync();
  expect(session).toHaveBeenCalledTimes(2);
  again.want("b");
  await vi.runAllTimersAsync();
  expect(read).toEqual(["b"]);
});

test("asks nothing after it was closed", async () => {
  const { again, session } = setUp([]);
  again.want("a");
  again.close();
  await vi.runAllTimersAsync();
  expect(session).not.toHaveBeenCalled();
});
