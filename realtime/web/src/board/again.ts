import { isRefused, Unreachable } from "../api/errors";
import { recruiterApi } from "../api/recruiter";
import type { SessionSummary } from "../generated/contracts";

const MOMENT_MS = 400;
/** From so many on, pages of the latest activity are read in place of each session by itself. */
const CROWD = 4;
const PAGES = 8;

export interface AgainPorts {
  onRead: (summary: SessionSummary) => void;
  /** Whether what failed may be tried again. */
  mayRetry: (error: unknown) => boolean;
}

/** Reads summaries again whose events said too little: once for all of a moment, a crowd by the page. */
export class Again {
  private readonly wanted = new Set<string>();
  /** Those whose answer is still to come: it may have been written before what is heard meanwhile. */
  private reading = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly ports: AgainPorts,
    private readonly api: Pick<typeof recruiterApi, "session" | "sessions"> = recruiterApi,
  ) {}

  want(id: string): void {
    this.wanted.add(id);
    this.timer ??= setTimeout(() => void this.read(), MOMENT_MS);
  }

  /** Something happened to a session: a summary of it that is on its way may not know. */
  outdate(id: string): void {
    if (this.reading.has(id)) this.wanted.add(id);
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.wanted.clear();
  }

  private async read(): Promise<void> {
    const missing = new Set(this.wanted);
    this.reading = missing;
    this.wanted.clear();
    try {
      if (missing.size >= CROWD) await this.readPages(missing);
      for (const id of missing) {
        await this.readOne(id);
        missing.delete(id);
      }
    } catch (error) {
      if (this.ports.mayRetry(error) && error instanceof Unreachable) {
        for (const id of missing) this.wanted.add(id);
      }
    }
    this.reading = new Set();
    this.timer = null;
    if (this.wanted.size > 0) this.timer = setTimeout(() => void this.read(), MOMENT_MS);
  }

  private async readPages(missing: Set<string>): Promise<void> {
    const filter = { interviewId: "", status: "", q: "", sort: "-activity" };
    let cursor: string | null = null;
    for (let page = 0; page < PAGES && missing.size >= CROWD; page += 1) {
      const { sessions, next_cursor } = await this.api.sessions(filter, cursor);
      for (const summary of sessions) {
        if (missing.delete(summary.id)) this.ports.onRead(summary);
      }
      cursor = next_cursor;
      if (cursor === null) return;
    }
  }

  private async readOne(id: string): Promise<void> {
    try {
      this.ports.onRead(await this.api.session(id));
    } catch (error) {
      if (!isRefused(error, "not_found")) throw error;
    }
  }
}
