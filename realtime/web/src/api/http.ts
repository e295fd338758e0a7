import { Refused, Unreachable } from "./errors";
import { noteDate } from "./server-date";

const TIMEOUT_MS = 10_000;
// What a failing or starting node, or the proxy before it, says: nothing was decided, try again.
const NOT_NOW = new Set([500, 502, 503, 504]);

export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  token?: string | null;
  /** Lets the request outlive the page (the last draft when a tab closes). */
  keepalive?: boolean;
  timeoutMs?: number;
}

interface ProblemBody {
  code?: unknown;
  title?: unknown;
  detail?: unknown;
}

/** Ask the server and read its JSON; throws `Refused` with the server's code, or `Unreachable`. */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const response = await send(path, options);
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The same for a file: the body as a blob. */
export async function download(path: string, token: string): Promise<Blob> {
  const response = await send(path, { token });
  if (!response.ok) throw await refusal(response);
  return response.blob();
}

async function send(path: string, options: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  if (options.body !== undefined) headers["content-type"] = "application/json";
  try {
    const response = await fetch(path, {
      method: options.method ?? "GET",
      headers,
      cache: "no-store",
      credentials: "omit",
      keepalive: options.keepalive ?? false,
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    noteDate(response.headers.get("date"));
    return response;
  } catch (error) {
    throw new Unreachable(error instanceof Error ? error.message : "no answer");
  }
}

async function refusal(response: Response): Promise<Error> {
  if (NOT_NOW.has(response.status)) return new Unreachable(`status ${response.status}`);
  let body: ProblemBody = {};
  try {
    body = (await response.json()) as ProblemBody;
  } catch {
    // A proxy answered in its own words: the status is all there is.
  }
  const seconds = Number(response.headers.get("retry-after"));
  return new Refused({
    code: typeof body.code === "string" ? body.code : `status_${response.status}`,
    message: text(body.detail) ?? text(body.title) ?? response.statusText,
    status: response.status,
    facts: { ...body },
    retryAfterMs: seconds > 0 ? seconds * 1000 : null,
  });
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
