import { expect, test } from "vitest";
import { blocks } from "./question-text";

test.each([
  ["one\ntwo", [{ code: false, text: "one\ntwo" }]],
  [
    "one\n\n\ntwo",
    [
      { code: false, text: "one" },
      { code: false, text: "two" },
    ],
  ],
  [
    "Look:\n\n    if x:\n\n        y()\n\nWhy?",
    [
      { code: false, text: "Look:" },
      { code: true, text: "if x:\n\n    y()" },
      { code: false, text: "Why?" },
    ],
  ],
  ["", []],
])("%j falls into its blocks", (text, expected) => {
  expect(blocks(text)).toEqual(expected);
});
