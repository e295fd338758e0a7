import { webcrypto } from "node:crypto";
import { beforeAll, expect, test, vi } from "vitest";
import { checkReceipt, receiptHash, storable } from "./receipts";

beforeAll(() => {
  vi.stubGlobal("crypto", webcrypto);
  vi.stubGlobal("isSecureContext", true);
});

test("the hash is over session, question and answer, a line each", async () => {
  // printf 's\nq\nGrüße' | sha256sum
  expect(await receiptHash("s", "q", "Grüße")).toBe(
    "1a1b61939ac10b77ab0a96c4652d91b087b8773849a8265c2bd39f85cbdb183f",
  );
});

test("a receipt for other text is told from a good one", async () => {
  const sha256 = (await receiptHash("s", "q", null)) ?? "";
  const receipt = { answer_id: "a", sha256, server_time: "" };
  expect(await checkReceipt(receipt, { sessionId: "s", questionId: "q", answer: "" })).toBe("verified");
  expect(await checkReceipt(receipt, { sessionId: "s", questionId: "q", answer: "x" })).toBe("differs");
});

test.each([
  ["  \n ", null],
  [null, null],
  ["a\u0000b", "ab"],
  ["half \ud83d of a pair", "half \ufffd of a pair"],
  ["whole 😀", "whole 😀"],
])("%j is sent as %j", (text, expected) => {
  expect(storable(text)).toBe(expected);
});
