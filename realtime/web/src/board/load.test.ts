import { expect, test } from "vitest";
import type { SessionFilter } from "../api/recruiter";
import type { SessionPage, SessionSummary, Status } from "../generated/contracts";
import type { View } from "./arrange";
import { loadOf } from "./load";

const VIEW: View = { interviewId: "i1", status: "", q: "ada", only: "", sort: "attention", blind: false };

/** A server with pages of `size` out of so many running and ended sessions. */
function server(running: number, ended: number, size: number) {
  const asked: SessionFilter[] = [];
  const all = [
    ...Array.from({ length: running }, (_, at) => session(`r${at}`, "in_progress")),
    ...Array.from({ length: ended }, (_, at) => session(`e${at}`, "completed")),
  ];
  const read = (filter: SessionFilter, cursor: string | null): Promise<SessionPage> => {
    asked.push(filter);
    const from = Number(cursor ?? 0);
    const found = all.filter(({ status }) => filter.status === "" || filter.status === status);
    const next = from + size < found.length ? String(from + size) : null;
    return Promise.resolve({
      sessions: found.slice(from, from + size),
      next_cursor: next,
      feed: { epoch: "e", offset: 1 },
    });
  };
  return { read, asked };
}

const session = (id: string, status: Status) => ({ id, status }) as SessionSummary;

async function everything(view: View, { read }: ReturnType<typeof server>) {
  const load = loadOf(view, read);
  const ids = new Set<string>();
  do for (const one of (await load.next()).sessions) ids.add(one.id);
  while (load.wantsMore());
  return { ids, load };
}

test("reads every running session, however many there are, and the latest of those that ended", async () => {
  const { ids, load } = await everything(VIEW, server(1_000, 5_000, 200));
  expect([...ids].filter((id) => id.startsWith("r"))).toHaveLength(1_000);
  expect([...ids].filter((id) => id.startsWith("e")).length).toBeGreaterThanOrEqual(200);
  expect(load.hasMore()).toBe(true);
});

test("has no more where all is read", async () => {
  const { ids, load } = await everything(VIEW, server(3, 4, 200));
  expect(ids.size).toBe(7);
  expect(load.hasMore()).toBe(false);
});

test("asks for what the filters say, in an order that the server knows", async () => {
  const { asked, read } = server(1, 1, 200);
  await everything({ ...VIEW, status: "completed", sort: "left" }, { asked, read });
  expect(asked).toEqual([{ interviewId: "i1", q: "ada", status: "completed", sort: "-activity" }]);
});

test("sends no name in blind review", async () => {
  const { asked, read } = server(1, 1, 200);
  await everything({ ...VIEW, blind: true }, { asked, read });
  expect(asked.map(({ q }) => q)).toEqual(["", ""]);
});
