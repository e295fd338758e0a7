import { expect, test } from "vitest";
import { missingParts } from "./system-check";

const WHOLE = { WebSocket: 1, indexedDB: 1, AbortSignal: 1, structuredClone: 1, crypto: { subtle: {} } };

test("a browser that has everything lacks nothing", () => {
  expect(missingParts(WHOLE)).toEqual([]);
});

test("what is missing is named", () => {
  const { indexedDB: _, ...rest } = WHOLE;
  expect(missingParts({ ...rest, crypto: {} })).toEqual(["indexedDB", "crypto.subtle"]);
});
