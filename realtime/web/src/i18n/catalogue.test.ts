import { describe, expect, test } from "vitest";
import { say, type Catalogue, type Message } from "./catalogue";
import { de } from "./de";
import { deAuthoring } from "./de-authoring";
import { deRecruiter } from "./de-recruiter";
import { deStatistics } from "./de-statistics";
import { en } from "./en";
import { enAuthoring } from "./en-authoring";
import { enRecruiter } from "./en-recruiter";
import { enStatistics } from "./en-statistics";

const names = (message: Message): string[] => {
  const texts = typeof message === "string" ? [message] : [message.one, message.other];
  return texts.map((text) =>
    [...text.matchAll(/\{(\w+)\}/g)]
      .map((match) => match[1])
      .sort()
      .join(),
  );
};

describe.each<[string, Catalogue, Catalogue]>([
  ["the candidate's pages", en, de],
  ["the recruiter's pages", enRecruiter, deRecruiter],
  ["the statistics", enStatistics, deStatistics],
  ["writing interviews", enAuthoring, deAuthoring],
])("%s in German", (_, english, german) => {
  test.each(Object.keys(english))("%s says the same words", (key) => {
    const [original, translated] = [english[key], german[key]];
    expect(typeof translated).toBe(typeof original);
    expect(names(translated ?? "")).toEqual(names(original ?? ""));
  });
});

test.each([
  [1, "1 question"],
  [2, "2 questions"],
  [1200, "1,200 questions"],
])("%i: %s", (count, text) => {
  expect(say(en["home.questions"], { count }, "en")).toBe(text);
});

test("a word that was not given stays visible rather than vanishing", () => {
  expect(say("Hello {name}", {}, "en")).toBe("Hello {name}");
});
