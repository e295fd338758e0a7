import { beforeEach, expect, test } from "vitest";
import { EMPTY, typed } from "./draft";
import { Keep } from "./keep";

beforeEach(() => localStorage.clear());

const pending = { sessionId: "s1", questionId: "q0", index: 0, answer: "a", timeExpired: false };

test("what is kept outlives the page", () => {
  new Keep("ada").saveDraft("s1", 2, typed(EMPTY, "half a sentence"));
  new Keep("ada").savePending(pending);
  expect(new Keep("ada").draft("s1", 2)?.text).toBe("half a sentence");
  expect(new Keep("ada").pending("s1")).toEqual(pending);
});

test("two people in one browser do not touch each other's", () => {
  const [ada, grace] = [new Keep("ada"), new Keep("grace")];
  ada.saveDraft("s1", 0, typed(EMPTY, "ada's"));
  expect(grace.draft("s1", 0)).toBeNull();
  grace.dropAllBut(null);
  expect(ada.draft("s1", 0)?.text).toBe("ada's");
  ada.dropAllBut("s2");
  expect(ada.draft("s1", 0)).toBeNull();
});

test("an acknowledgement of an earlier answer leaves a later one alone", () => {
  const keep = new Keep("ada");
  keep.savePending({ ...pending, index: 1 });
  keep.dropPending({ sessionId: "s1", index: 0 });
  expect(keep.pending("s1")?.index).toBe(1);
  keep.dropPending({ sessionId: "s1", index: 1 });
  expect(keep.pending("s1")).toBeNull();
});

test("half a write of a crashed browser is no draft", () => {
  localStorage.setItem("interlock.kept.ada.s1.draft.0", '{"text": "ab');
  expect(new Keep("ada").draft("s1", 0)).toBeNull();
});
