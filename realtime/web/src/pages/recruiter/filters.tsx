import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { recruiterApi } from "../../api/recruiter";
import { useRecruiterWords } from "../../i18n/recruiter";
import { useBoard } from "../../board/board";
import { useBlind } from "./blind";
import { ONLY, SORTS, STATUSES, useFilter } from "./use-filter";

const TYPING_MS = 300;

interface FiltersProps {
  /** Whether there is little room. */
  narrow: boolean;
}

export function Filters({ narrow }: FiltersProps) {
  const say = useRecruiterWords();
  const filter = useFilter();
  const { blind } = useBlind();
  const interviews = useQuery({ queryKey: ["recruiter-interviews"], queryFn: recruiterApi.interviews });
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <Glance />
      <Search />
      <Fold narrow={narrow}>
        <label className="field">
          <span>{say("filter.interview")}</span>
          <select
            className="input"
            value={filter.interviewId}
            onChange={(event) => filter.change({ interviewId: event.target.value })}
          >
            <option value="">{say("filter.all")}</option>
            {interviews.data?.interviews.map((interview) => (
              <option key={interview.id} value={interview.id}>
                {interview.title}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{say("filter.status")}</span>
          <select
            className="input"
            value={filter.status}
            onChange={(event) => filter.change({ status: event.target.value })}
          >
            <option value="">{say("filter.all")}</option>
            {STATUSES.map((status) => (
              <option key={status} value={status}>
                {say(`status.${status}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{say("filter.sort")}</span>
          <select
            className="input"
            value={filter.sort}
            onChange={(event) => filter.change({ sort: event.target.value })}
          >
            {SORTS.filter((sort) => !(blind && sort === "candidate_name")).map((sort) => (
              <option key={sort} value={sort}>
                {say(`sort.${sort}`)}
              </option>
            ))}
          </select>
        </label>
      </Fold>
    </form>
  );
}

/** On a small screen the list comes first: what is seldom changed waits behind a word. */
function Fold({ narrow, children }: FiltersProps & { children: ReactNode }) {
  const say = useRecruiterWords();
  if (!narrow) return children;
  return (
    <details className="fold">
      <summary>{say("filter.more")}</summary>
      <div className="filters">{children}</div>
    </details>
  );
}

/** How many there are of what one looks for; each is a filter. */
function Glance() {
  const say = useRecruiterWords();
  const { only, change } = useFilter();
  const counts = useBoard((board) => board.counts);
  return (
    <div className="glance" role="group" aria-label={say("filter.only")}>
      {ONLY.map((one) =>
        one === "" ? null : (
          <button
            key={one}
            type="button"
            className="figure"
            data-only={one}
            aria-pressed={only === one}
            onClick={() => change({ only: only === one ? "" : one })}
          >
            <span className="figure-count">{counts[one]}</span>
            <span className="small">{say(`only.${one}`)}</span>
          </button>
        ),
      )}
    </div>
  );
}

/** Asks the server once typing rests. */
function Search() {
  const say = useRecruiterWords();
  const { q, change } = useFilter();
  const { blind } = useBlind();
  const [typed, setTyped] = useState(q);
  const [applied, setApplied] = useState(q);
  if (applied !== q) {
    setApplied(q); // changed from outside: "clear filters", or the browser's back
    setTyped(q);
  }
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => change({ q: typed }), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <label className="field search">
      <span>{say("filter.search")}</span>
      <input
        type="search"
        className="input"
        placeholder={say(blind ? "filter.searchBlind" : "filter.searchHint")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}
