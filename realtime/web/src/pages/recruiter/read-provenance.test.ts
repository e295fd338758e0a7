import { expect, test } from "vitest";
import { readProvenance } from "./read-provenance";

const HASH = "0123456789abcdef".repeat(4);

test("reads what the AI's grader says of itself", () => {
  const read = readProvenance({
    grader: "keywords+ai",
    grader_version: 1,
    model: "some-model-2026",
    requested_model: "some-model",
    prompt: { name: "short_answer", sha256: HASH },
    rubric_sha256: HASH,
    tokens: { input: 321, output: 45 },
    latency_ms: 812,
    attempt: 2,
    raw_output: "{}",
  });
  expect([read.grader, read.version]).toEqual(["keywords+ai", 1]);
  expect(read.facts.map(({ name, value }) => [name, value])).toEqual([
    ["model", "some-model-2026"],
    ["prompt", "short_answer 0123456789ab"],
    ["rubric", "0123456789ab"],
    ["tokens", "321 / 45"],
    ["latency", "812"],
    ["attempt", "2"],
  ]);
});

test("says whom it asked, and what failed, where nothing usable came", () => {
  const read = readProvenance({ grader: "none", requested_model: "some-model", failure: "timed_out: 30 s" });
  expect(read).toEqual({
    grader: "none",
    version: null,
    facts: [
      { name: "model", value: "some-model" },
      { name: "failure", value: "timed_out: 30 s" },
    ],
  });
});

test("takes anything that was stored", () => {
  expect(readProvenance({ grader: 3, prompt: null, tokens: "many", latency_ms: "long" }).facts).toEqual([]);
});
