/** A refusal that the server spelled out: the same whether it came as problem+json or as an ack. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number | null;

  constructor(fields: {
    code: string;
    message: string;
    status?: number;
    facts?: Record<string, unknown>;
    retryAfterMs?: number | null;
  }) {
    super(fields.message);
    this.name = "Refused";
    this.code = fields.code;
    this.status = fields.status ?? 0;
    this.facts = fields.facts ?? {};
    this.retryAfterMs = fields.retryAfterMs ?? null;
  }

  fact(name: string): unknown {
    return this.facts[name];
  }
}

/** Nobody answered: no network, a time-out, or a server that is starting. Worth trying again. */
export class Unreachable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "Unreachable";
  }
}

/** Codes that say no more than "not now". */
export const NOT_NOW: ReadonlySet<string> = new Set(["internal_error", "unavailable"]);

export function isRefused(error: unknown, ...codes: readonly string[]): error is Refused {
  return error instanceof Refused && (codes.length === 0 || codes.includes(error.code));
}

/** What is wrong in a refused request, field by field where the server says so. */
export function reasonOf(error: Refused): string {
  const errors = error.fact("errors") as { path: string; message: string }[] | undefined;
  return errors?.map(({ path, message }) => `${path} ${message}`).join("; ") ?? error.message;
}
