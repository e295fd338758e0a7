import { navigate, useAddress } from "../../app/router";
import type { SessionFilter } from "../../api/recruiter";

export const SORTS = ["-activity", "started_at", "-percentage", "candidate_name"] as const;
export const STATUSES = ["in_progress", "completed", "abandoned", "terminated"] as const;
const USUAL_SORT = SORTS[0];

/** What the board shows lives in the address, so that it can be linked to and comes back with a refresh. */
export function useFilter(): SessionFilter & { change: (changes: Partial<SessionFilter>) => void } {
  const address = useAddress();
  const read = (name: string): string => address.searchParams.get(name) ?? "";
  const filter: SessionFilter = {
    interviewId: read("interview"),
    status: read("status"),
    q: read("q"),
    sort: read("sort") || USUAL_SORT,
  };
  const change = (changes: Partial<SessionFilter>): void => {
    const next = { ...filter, ...changes };
    put({
      interview: next.interviewId,
      status: next.status,
      q: next.q,
      sort: next.sort === USUAL_SORT ? "" : next.sort,
    });
  };
  return { ...filter, change };
}

/** Which session's details are open. */
export function useOpenSession(): [string | null, (id: string | null) => void] {
  const id = useAddress().searchParams.get("session");
  return [id, (next) => put({ session: next ?? "" })];
}

function put(fields: Record<string, string>): void {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(fields)) {
    if (value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  navigate(address.pathname + address.search, { replace: true });
}
