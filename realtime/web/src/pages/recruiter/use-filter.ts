import { navigate, useAddress } from "../../app/router";
import type { Only } from "../../board/arrange";

export const SORTS = [
  "attention",
  "left",
  "-activity",
  "started_at",
  "-percentage",
  "candidate_name",
] as const;
export const STATUSES = ["in_progress", "completed", "abandoned", "terminated"] as const;
export const ONLY: readonly Only[] = ["running", "attention", "away", "review"];
const USUAL_SORT = SORTS[0];

export interface Filter {
  interviewId: string;
  status: string;
  q: string;
  only: Only;
  sort: string;
}

/** What the board shows lives in the address, so that it can be linked to and comes back with a refresh. */
export function useFilter(): Filter & { change: (changes: Partial<Filter>) => void } {
  const address = useAddress();
  const read = (name: string): string => address.searchParams.get(name) ?? "";
  const filter: Filter = {
    interviewId: read("interview"),
    status: read("status"),
    q: read("q"),
    only: ONLY.find((only) => only === read("only")) ?? "",
    sort: SORTS.find((sort) => sort === read("sort")) ?? USUAL_SORT,
  };
  const change = (changes: Partial<Filter>): void => {
    const next = { ...filter, ...changes };
    put({
      interview: next.interviewId,
      status: next.status,
      q: next.q,
      only: next.only,
      sort: next.sort === USUAL_SORT ? "" : next.sort,
    });
  };
  return { ...filter, change };
}

/** Which session's details are open. */
export function useOpenSession(): string | null {
  return useAddress().searchParams.get("session");
}

export function openSession(id: string | null): void {
  put({ session: id ?? "" });
}

function put(fields: Record<string, string>): void {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(fields)) {
    if (value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  navigate(address.pathname + address.search, { replace: true });
}
