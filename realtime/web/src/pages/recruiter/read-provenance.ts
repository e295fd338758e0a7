/** A fact about how a result came to be, under the name that the page has words for. */
export interface Fact {
  name: "model" | "prompt" | "rubric" | "tokens" | "latency" | "attempt" | "failure";
  value: string;
}

export interface ReadProvenance {
  grader: string;
  version: number | null;
  facts: Fact[];
}

/** As many digits of a hash as tell two apart at a glance; the whole one stands below. */
const HASH_DIGITS = 12;

/** Read what a grader says of itself: it may say less than we know of, and what we do not is passed over. */
export function readProvenance(provenance: Record<string, unknown>): ReadProvenance {
  const { grader, grader_version: version, prompt, tokens, latency_ms: latency } = provenance;
  const { name, sha256 } = record(prompt);
  const { input, output } = record(tokens);
  const facts: [Fact["name"], string][] = [
    ["model", text(provenance.model) || text(provenance.requested_model)],
    ["prompt", [text(name), text(sha256).slice(0, HASH_DIGITS)].join(" ").trim()],
    ["rubric", text(provenance.rubric_sha256).slice(0, HASH_DIGITS)],
    ["tokens", typeof input === "number" && typeof output === "number" ? `${input} / ${output}` : ""],
    ["latency", typeof latency === "number" ? String(latency) : ""],
    ["attempt", typeof provenance.attempt === "number" ? String(provenance.attempt) : ""],
    ["failure", text(provenance.failure)],
  ];
  return {
    grader: text(grader),
    version: typeof version === "number" ? version : null,
    facts: facts.flatMap(([fact, value]) => (value === "" ? [] : [{ name: fact, value }])),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
