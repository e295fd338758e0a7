import { memo, type CSSProperties, type MouseEvent, type Ref } from "react";
import { serverNow } from "../../api/server-date";
import { incidentsOf } from "../../board/arrange";
import { useBoard } from "../../board/board";
import { wordOf, type Row, type Word } from "../../board/row";
import { useLanguage } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { minutesAndSeconds } from "../../session/clock";
import { useNames } from "./blind";
import { useSecond } from "./second";
import { tick, useSelection } from "./selection";
import { useFlagWord } from "./spelled";
import { openSession } from "./use-filter";

const TONES: Readonly<Record<Word, string>> = {
  in_progress: "info",
  paused: "warn",
  complete: "good",
  needs_review: "warn",
  grading: "",
  abandoned: "",
  terminated: "bad",
};

interface SessionRowProps {
  id: string;
  at: number;
  open: boolean;
  /** Where it stands in the list. */
  start: number;
  measure: Ref<HTMLTableRowElement>;
}

/** One session; only what has changed is drawn anew. */
export const SessionRow = memo(function SessionRow({ id, at, open, start, measure }: SessionRowProps) {
  const say = useRecruiterWords();
  const nameOf = useNames();
  const row = useBoard((board) => board.rows[id]);
  if (!row) return null;
  const show = (event: MouseEvent<HTMLElement>): void => {
    // back to the name when the details are closed, wherever in the row the click was
    event.currentTarget.querySelector<HTMLElement>(".name")?.focus({ preventScroll: true });
    openSession(id);
  };
  const style: CSSProperties = { transform: `translateY(${start}px)` };
  return (
    <tr
      role="row"
      ref={measure}
      data-index={at}
      data-open={open || undefined}
      data-incident={incidentsOf(row)[0]}
      aria-rowindex={at + 2}
      aria-labelledby={["name", "status", "interview", "question"].map((part) => `${part}-${id}`).join(" ")}
      style={style}
      onClick={show}
    >
      <td role="cell" data-column="select" onClick={(event) => event.stopPropagation()}>
        <Tick id={id} name={nameOf(row)} />
      </td>
      <th role="rowheader" scope="row" data-column="candidate">
        <button type="button" id={`name-${id}`} className="name" aria-expanded={open}>
          {nameOf(row)}
        </button>
        {row.attempt > 1 && (
          <span className="soft small attempt"> {say("row.attempt", { number: row.attempt })}</span>
        )}
      </th>
      <td role="cell" data-column="status" id={`status-${id}`}>
        <Status row={row} />
        <Flags flags={row.flags} />
      </td>
      <td role="cell" data-column="interview" id={`interview-${id}`} title={row.interview_title}>
        {row.interview_title}
      </td>
      <td role="cell" data-column="question" id={`question-${id}`}>
        <Position row={row} />
      </td>
      <td role="cell" data-column="left" className="digits-cell">
        <Left row={row} />
      </td>
      <td role="cell" data-column="connection">
        <Connected row={row} />
      </td>
      <td role="cell" data-column="score" className="digits-cell">
        {row.final_score === null ? "" : say("row.points", { score: row.final_score, max: row.max_score })}
      </td>
      <td role="cell" data-column="activity" className="soft small">
        <Activity time={row.last_activity_at} />
      </td>
    </tr>
  );
});

function Tick({ id, name }: { id: string; name: string }) {
  const say = useRecruiterWords();
  const ticked = useSelection(({ ids }) => ids.has(id));
  return (
    <label className="tick">
      <input type="checkbox" checked={ticked} onChange={(event) => tick(id, event.target.checked)} />
      <span className="unseen">{say("bulk.select", { name })}</span>
    </label>
  );
}

export function Status({ row }: { row: Parameters<typeof wordOf>[0] }) {
  const say = useRecruiterWords();
  const word = wordOf(row);
  return <span className={`tag ${TONES[word]}`}>{say(`word.${word}`)}</span>;
}

/** The first signals in words, the number of the others. */
export function Flags({ flags }: { flags: readonly string[] }) {
  const word = useFlagWord();
  if (flags.length === 0) return null;
  return (
    <>
      {flags.map((flag) => (
        <span key={flag} className="tag warn flag">
          {word(flag)}
        </span>
      ))}
    </>
  );
}

function Position({ row }: { row: Row }) {
  const say = useRecruiterWords();
  const number = Math.min(row.current_question_index + 1, row.question_count);
  return <>{say("row.of", { number, total: row.question_count })}</>;
}

function Left({ row }: { row: Row }) {
  const now = useSecond();
  return row.endsAt === null ? "" : minutesAndSeconds(row.endsAt - now);
}

function Connected({ row }: { row: Row }) {
  const say = useRecruiterWords();
  if (row.status !== "in_progress") return null;
  return (
    <span className="presence" data-connected={row.connected}>
      {say(row.connected ? "row.connected" : "row.away")}
    </span>
  );
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago, for that is what one looks for; the time itself is in the title. */
function Activity({ time }: { time: string }) {
  const { language } = useLanguage();
  useSecond();
  const seconds = Math.max(0, (serverNow() - Date.parse(time)) / 1000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const [unit, length] = STEPS.find(([, length]) => seconds >= length) ?? ["second", 1];
  return (
    <time dateTime={time} title={new Date(time).toLocaleString(language)}>
      {format.format(-Math.floor(seconds / length), unit)}
    </time>
  );
}
