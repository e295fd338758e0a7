import { serverNow } from "../api/server-date";
import { wordOf, type Row } from "./row";

/** What a recruiter wants to see of what is loaded, and in which order. */
export interface View {
  interviewId: string;
  status: string;
  q: string;
  only: Only;
  sort: string;
  /** Names are hidden: they are neither searched nor sorted by. */
  blind: boolean;
}

export type Only = "" | "running" | "attention" | "away" | "review";

/** Why a session asks for a person now; the worst first. */
export type Incident = "away" | "signals" | "paused";

/** A candidate who has just started is not there yet: that is no incident. */
const ARRIVING_MS = 5_000;

export function incidentsOf(row: Row): Incident[] {
  if (row.status !== "in_progress") return [];
  const found: Incident[] = [];
  if (isAway(row)) found.push("away");
  if (row.flags.length > 0) found.push("signals");
  if (row.paused_at !== null) found.push("paused");
  return found;
}

function isAway(row: Row): boolean {
  return (
    !row.connected && row.paused_at === null && serverNow() - Date.parse(row.last_activity_at) > ARRIVING_MS
  );
}

const RANKS: readonly Incident[] = ["away", "signals", "paused"];

/** Lower asks louder. */
export function rankOf(row: Row): number {
  const [worst] = incidentsOf(row);
  if (worst !== undefined) return RANKS.indexOf(worst);
  if (row.status === "in_progress") return 3;
  return wordOf(row) === "needs_review" ? 4 : 5;
}

export function isOnly(row: Row, only: Only): boolean {
  switch (only) {
    case "":
      return true;
    case "running":
      return row.status === "in_progress";
    case "attention":
      return incidentsOf(row).length > 0;
    case "away":
      return incidentsOf(row).includes("away");
    case "review":
      return wordOf(row) === "needs_review";
  }
}

/** Whether the server's filters let the row through; `only` comes on top. */
export function fits(row: Row, { interviewId, status, q, blind }: View): boolean {
  if (interviewId !== "" && row.interview_id !== interviewId) return false;
  if (status !== "" && row.status !== status) return false;
  const wanted = q.toLowerCase();
  if (wanted === "" || row.interview_title.toLowerCase().includes(wanted)) return true;
  return !blind && row.candidate_name.toLowerCase().includes(wanted);
}

/** The ids of the rows to show, in their order. */
export function arrange(rows: Readonly<Record<string, Row>>, view: View): string[] {
  const shown = Object.values(rows).filter((row) => fits(row, view) && isOnly(row, view.only));
  const compare = comparison(view);
  return shown.sort((one, other) => compare(one, other) || (one.id < other.id ? -1 : 1)).map((row) => row.id);
}

type Compare = (one: Row, other: Row) => number;

function comparison({ sort, blind }: View): Compare {
  switch (sort) {
    case "-activity":
      return lately;
    case "started_at":
      return (one, other) => one.place - other.place;
    case "-percentage":
      return (one, other) => (other.percentage ?? -1) - (one.percentage ?? -1);
    case "left":
      return (one, other) => (one.endsAt ?? Infinity) - (other.endsAt ?? Infinity) || 0;
    case "candidate_name":
      return blind ? byAttention() : byName;
    default:
      return byAttention();
  }
}

const NAMES = new Intl.Collator();
const byName: Compare = (one, other) => NAMES.compare(one.candidate_name, other.candidate_name);

/** Text of one form and zone: its order is that of the times. */
function lately(one: Row, other: Row): number {
  if (one.last_activity_at === other.last_activity_at) return 0;
  return one.last_activity_at < other.last_activity_at ? 1 : -1;
}

/** Incidents first, those who run in the order in which they came, then what waits, then the newest. */
function byAttention(): Compare {
  const ranks = new Map<string, number>();
  const rank = (row: Row): number => {
    const known = ranks.get(row.id) ?? rankOf(row);
    ranks.set(row.id, known);
    return known;
  };
  return (one, other) => {
    const between = rank(one) - rank(other);
    if (between !== 0) return between;
    return one.status === "in_progress" ? one.place - other.place : lately(one, other);
  };
}

export interface Counts {
  running: number;
  attention: number;
  away: number;
  review: number;
}

export function countsOf(rows: Readonly<Record<string, Row>>, view: View): Counts {
  const counts: Counts = { running: 0, attention: 0, away: 0, review: 0 };
  for (const row of Object.values(rows)) {
    if (!fits(row, view)) continue;
    for (const only of ["running", "attention", "away", "review"] as const) {
      if (isOnly(row, only)) counts[only] += 1;
    }
  }
  return counts;
}
