import { describe, expect, test } from "vitest";
import { acked, EMPTY, isSaved, reconcile, sent, typed } from "./draft";

const server = (revision: number, answer: string | null) => ({ question_index: 0, revision, answer });

describe("a draft", () => {
  test("counts every change once", () => {
    const draft = typed(typed(typed(EMPTY, "a"), "ab"), "ab");
    expect(draft).toMatchObject({ text: "ab", revision: 2, acked: 0 });
    expect(isSaved(draft)).toBe(false);
  });

  test("is saved when the server has its newest revision, not an older one", () => {
    const draft = typed(sent(typed(EMPTY, "a")), "ab");
    expect(isSaved(acked(draft, { sentRevision: 1, stored: 1 }))).toBe(false);
    expect(isSaved(acked(draft, { sentRevision: 2, stored: 2 }))).toBe(true);
  });

  test("goes on above a higher revision that another device stored", () => {
    const draft = acked(sent(typed(EMPTY, "mine")), { sentRevision: 1, stored: 7 });
    expect(draft.revision).toBe(8);
    expect(isSaved(draft)).toBe(false);
  });
});

describe("coming back", () => {
  test("with nothing here, the server's draft is taken", () => {
    expect(reconcile(null, server(4, "hello")).draft).toMatchObject({ text: "hello", revision: 4, acked: 4 });
    expect(reconcile(null, null).draft).toEqual(EMPTY);
  });

  test("what was typed offline wins over what the server had then", () => {
    const local = { text: "hello world", revision: 6, acked: 4, sent: null };
    const { draft, alternative } = reconcile(local, server(4, "hello"));
    expect(draft).toMatchObject({ text: "hello world", revision: 6, acked: 4 });
    expect(isSaved(draft)).toBe(false);
    expect(alternative).toBeNull();
  });

  test("a lost ack is no conflict", () => {
    const local = { text: "hello world", revision: 6, acked: 3, sent: { revision: 5, text: "hello wor" } };
    expect(reconcile(local, server(5, "hello wor")).draft).toMatchObject({ text: "hello world", acked: 5 });
  });

  test("text from another device wins, and ours is offered", () => {
    const local = { text: "old laptop", revision: 6, acked: 4, sent: { revision: 6, text: "old laptop" } };
    const { draft, alternative } = reconcile(local, server(6, "from the phone"));
    expect(draft).toMatchObject({ text: "from the phone", revision: 6, acked: 6 });
    expect(alternative).toBe("old laptop");
  });

  test("text that had been saved is not offered again", () => {
    const local = { text: "old", revision: 4, acked: 4, sent: null };
    expect(reconcile(local, server(9, "newer")).alternative).toBeNull();
  });

  test("a server that lost its draft gets ours again", () => {
    const { draft } = reconcile({ text: "kept", revision: 3, acked: 3, sent: null }, null);
    expect(draft).toMatchObject({ text: "kept", acked: 0 });
    expect(isSaved(draft)).toBe(false);
  });
});
