import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import { useRecruiterWords } from "../../i18n/recruiter";
import { SORTS, STATUSES, useFilter } from "./use-filter";

const TYPING_MS = 300;

export function Filters() {
  const say = useRecruiterWords();
  const filter = useFilter();
  const interviews = useQuery({ queryKey: ["recruiter-interviews"], queryFn: recruiterApi.interviews });
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <Search />
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
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {say(`sort.${sort}`)}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

/** Asks the server once typing rests. */
function Search() {
  const say = useRecruiterWords();
  const { q, change } = useFilter();
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
        placeholder={say("filter.searchHint")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}
