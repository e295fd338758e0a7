import { useQuery } from "@tanstack/react-query";
import type { HistoryEntry } from "../../generated/contracts";
import { useLanguage, useWords } from "../../i18n";
import { historyQuery } from "../../session/cache";
import { Receipts } from "./receipts";

/** Interviews that are over, with their receipts, and the result once it was released. */
export function History() {
  const say = useWords();
  const history = useQuery(historyQuery);
  if (!history.data || history.data.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="past">
      <h2 id="past">{say("home.past")}</h2>
      {history.data.map((entry) => (
        <Past key={entry.id} entry={entry} />
      ))}
    </section>
  );
}

function Past({ entry }: { entry: HistoryEntry }) {
  const say = useWords();
  const { language } = useLanguage();
  const ended = new Date(entry.ended_at);
  const when = ended.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <article className="card stack tight">
      <h3>{entry.interview_title}</h3>
      <p className="facts soft small">
        <span>{say(`status.${entry.status}`)}</span>
        <span>{say("home.attempt", { number: entry.attempt })}</span>
        <time dateTime={entry.ended_at}>{when}</time>
      </p>
      {entry.result && <Result result={entry.result} />}
      {entry.answers.length > 0 && (
        <details>
          <summary>{say("home.showReceipts")}</summary>
          <Receipts sessionId={entry.id} answers={entry.answers} />
        </details>
      )}
    </article>
  );
}

function Result({ result }: { result: NonNullable<HistoryEntry["result"]> }) {
  const say = useWords();
  const words = { score: result.score, max: result.max_score, percentage: result.percentage };
  return (
    <div className="stack tight">
      <h4>{say("done.result")}</h4>
      <p>{say("done.score", words)}</p>
      <Points title={say("done.strengths")} points={result.strengths} />
      <Points title={say("done.improvements")} points={result.improvements} />
    </div>
  );
}

function Points({ title, points }: { title: string; points: readonly string[] }) {
  if (points.length === 0) return null;
  return (
    <div>
      <h5>{title}</h5>
      <ul className="plain-list">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}
