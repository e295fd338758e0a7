import { expect, test } from "vitest";
import { translated } from "./server-words";

test.each([
  ["is missing", "fehlt"],
  ["must be at least 5", "muss mindestens 5 sein"],
  ["max_attempts must be at most 100", "max_attempts darf höchstens 100 sein"],
  [
    "email is missing; extra_time_percent must be a whole number",
    "email fehlt; extra_time_percent muss eine ganze Zahl sein",
  ],
  ["A score for this answer is between 0 and 15", "Diese Antwort hat zwischen 0 und 15 Punkte"],
  ["something quite new", "something quite new"],
])("%s", (english, german) => {
  expect(translated(english, "de")).toBe(german);
  expect(translated(english, "en")).toBe(english);
});
