import { useBoard } from "../../board/board";
import type { SessionDetail } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";
import { minutesAndSeconds } from "../../session/clock";
import { useSecond } from "./second";

/** Where a running session stands this second; as the board knows it, which hears of everything first. */
export function Now({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const row = useBoard((board) => board.rows[session.id]);
  const now = useSecond();
  if (session.status !== "in_progress") return null;
  const { current_question_index: index, question_count: total, connected } = row ?? session;
  const left = row?.endsAt ?? null;
  return (
    <dl className="figures">
      <div>
        <dt>{say("column.question")}</dt>
        <dd>{say("row.of", { number: Math.min(index + 1, total), total })}</dd>
      </div>
      <div>
        <dt>{say("column.left")}</dt>
        <dd className="digits-cell">{left === null ? "–" : minutesAndSeconds(left - now)}</dd>
      </div>
      <div>
        <dt>{say("column.connection")}</dt>
        <dd className="presence" data-connected={connected}>
          {say(connected ? "row.connected" : "row.away")}
        </dd>
      </div>
    </dl>
  );
}
