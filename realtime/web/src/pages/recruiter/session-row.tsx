import { memo, useSyncExternalStore } from "react";
import { useBoard } from "../../board/board";
import { wordOf, type Row, type Word } from "../../board/row";
import { useLanguage } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { minutesAndSeconds } from "../../session/clock";

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
  open: boolean;
  onOpen: (id: string) => void;
}

/** One session; only what has changed is drawn anew. */
export const SessionRow = memo(function SessionRow({ id, open, onOpen }: SessionRowProps) {
  const say = useRecruiterWords();
  const row = useBoard((board) => board.rows[id]);
  if (!row) return null;
  return (
    <tr data-open={open || undefined} onClick={() => onOpen(id)}>
      <th scope="row" data-column="candidate">
        <button type="button" className="name" aria-expanded={open} onClick={() => onOpen(id)}>
          {row.candidate_name}
        </button>
        {row.attempt > 1 && (
          <span className="soft small attempt"> {say("row.attempt", { number: row.attempt })}</span>
        )}
      </th>
      <td data-column="status">
        <Status row={row} />
        {row.flags.map((flag) => (
          <span key={flag} className="tag warn flag">
            {flag.replaceAll("_", " ")}
          </span>
        ))}
      </td>
      <td data-column="interview">{row.interview_title}</td>
      <td data-column="question">
        {say("row.of", {
          number: Math.min(row.current_question_index + 1, row.question_count),
          total: row.question_count,
        })}
      </td>
      <td data-column="left" className="digits-cell">
        <Left row={row} />
      </td>
      <td data-column="connection">
        {row.status === "in_progress" ? say(row.connected ? "row.connected" : "row.away") : ""}
      </td>
      <td data-column="score" className="digits-cell">
        {row.final_score === null ? "–" : say("row.points", { score: row.final_score, max: row.max_score })}
      </td>
      <td data-column="activity">
        <Activity time={row.last_activity_at} />
      </td>
    </tr>
  );
});

export function Status({ row }: { row: Parameters<typeof wordOf>[0] }) {
  const say = useRecruiterWords();
  const word = wordOf(row);
  return <span className={`tag ${TONES[word]}`}>{say(`word.${word}`)}</span>;
}

function Left({ row }: { row: Row }) {
  const now = useSecond();
  return row.endsAt === null ? "–" : minutesAndSeconds(row.endsAt - now);
}

function Activity({ time }: { time: string }) {
  const { language } = useLanguage();
  const at = new Date(time);
  const today = new Date().toDateString() === at.toDateString();
  const text = today
    ? at.toLocaleTimeString(language)
    : at.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  return <time dateTime={time}>{text}</time>;
}

const SECOND_MS = 1000;
let second = performance.now();
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;

/** One beat a second for all rows together. */
function useSecond(): number {
  return useSyncExternalStore(subscribe, () => second);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(beat, SECOND_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || ticking === null) return;
    clearInterval(ticking);
    ticking = null;
  };
}

function beat(): void {
  second = performance.now();
  for (const listener of [...listeners]) listener();
}
