import { useState } from "react";
import type { SessionDetail, TimelineEntry } from "../../generated/contracts";
import { useLanguage } from "../../i18n";
import { useRecruiterWords, type RecruiterKey } from "../../i18n/recruiter";
import { enRecruiter } from "../../i18n/en-recruiter";
import { minutesAndSeconds } from "../../session/clock";
import { useFlagWord, useSpelled } from "./spelled";

const SHOWN = ["all", "people", "signals"] as const;
type Shown = (typeof SHOWN)[number];

const GRADING = new Set([
  "answer_evaluated",
  "evaluation_failed",
  "interview_completed",
  "regraded",
  "promoted",
  "scored",
]);

/** What happened in a session, in order, with the reasons that people gave. */
export function Timeline({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const [shown, setShown] = useState<Shown>("all");
  const entries = entriesOf(session, shown);
  return (
    <section className="stack tight" aria-labelledby="timeline">
      <div className="row">
        <h3 id="timeline">{say("detail.timeline")}</h3>
        <div className="row choices" role="group" aria-label={say("timeline.shown")}>
          {SHOWN.map((one) => (
            <button
              key={one}
              type="button"
              className="button quiet"
              aria-pressed={one === shown}
              onClick={() => setShown(one)}
            >
              {say(`timeline.${one}`)}
            </button>
          ))}
        </div>
      </div>
      {entries.length === 0 && <p className="soft">{say("detail.nothing")}</p>}
      <ol className="timeline">
        {entries.map((entry, at) => (
          <Entry key={at} entry={entry} startedAt={session.started_at} />
        ))}
      </ol>
    </section>
  );
}

function entriesOf(session: SessionDetail, shown: Shown): readonly TimelineEntry[] {
  switch (shown) {
    case "all":
      return session.timeline;
    case "people":
      return session.audit.map((record) => ({ ...record, kind: record.action }));
    case "signals":
      return session.timeline.filter((entry) => entry.kind === "signal");
  }
}

function Entry({ entry, startedAt }: { entry: TimelineEntry; startedAt: string }) {
  const { language } = useLanguage();
  const kind = useSpelled("kind");
  const flag = useFlagWord();
  const facts = useFacts();
  const { at, actor, reason, detail } = entry;
  const what =
    entry.kind === "signal" && typeof detail.signal === "string" ? flag(detail.signal) : kind(entry.kind);
  return (
    <li data-kind={toneOf(entry)}>
      <time dateTime={at} className="soft small" title={new Date(at).toLocaleString(language)}>
        {new Date(at).toLocaleTimeString(language)}
        <span className="since">+{minutesAndSeconds(Date.parse(at) - Date.parse(startedAt))}</span>
      </time>
      <span>
        {what}
        {actor !== null && <span className="soft"> {actor}</span>}
        <span className="soft small facts-line">{facts(detail).join(" · ")}</span>
        {reason !== null && <span className="reason">{reason}</span>}
      </span>
    </li>
  );
}

function toneOf({ kind, actor }: TimelineEntry): string {
  if (kind === "signal") return "signal";
  if (GRADING.has(kind)) return "grading";
  return actor === null ? "event" : "person";
}

/** Of an entry's detail what a person can use, in words. */
function useFacts(): (detail: Record<string, unknown>) => string[] {
  const say = useRecruiterWords();
  const worded = (group: string, value: unknown): string[] => {
    const key = `${group}.${String(value)}`;
    return key in enRecruiter ? [say(key as RecruiterKey)] : [];
  };
  const number = (key: RecruiterKey, name: string, value: unknown): string[] =>
    typeof value === "number" ? [say(key, { [name]: value })] : [];
  return (detail) => [
    ...(typeof detail.question_index === "number"
      ? [say("answer.number", { number: detail.question_index + 1 })]
      : []),
    ...worded("how", detail.how),
    ...(detail.late === true ? [say("answer.late")] : []),
    ...(typeof detail.time_taken_seconds === "number"
      ? [say("answer.taken", { time: minutesAndSeconds(detail.time_taken_seconds * 1000) })]
      : []),
    ...(typeof detail.score === "number" && typeof detail.points === "number"
      ? [say("answer.points", { score: detail.score, points: detail.points })]
      : number("fact.score", "score", detail.score)),
    ...worded("state", detail.state),
    ...worded("by", detail.graded_by),
    ...number("row.percent", "percentage", detail.percentage),
    ...number("fact.seconds", "seconds", detail.seconds),
    ...number("grading.version", "version", detail.grading_version),
    ...worded("recommendation", detail.recommendation),
    ...worded("status", detail.status),
    ...(typeof detail.text === "string" ? [detail.text] : []),
  ];
}
