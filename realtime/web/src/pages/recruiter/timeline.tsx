import type { AuditRecord, TimelineEntry } from "../../generated/contracts";
import { useLanguage } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";

/** What happened in a session, in order. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const say = useRecruiterWords();
  return (
    <section className="stack tight" aria-labelledby="timeline">
      <h3 id="timeline">{say("detail.timeline")}</h3>
      {entries.length === 0 && <p className="soft">{say("detail.nothing")}</p>}
      <ol className="timeline">
        {entries.map((entry, at) => (
          <Entry
            key={at}
            at={entry.at}
            what={entry.kind}
            actor={entry.actor}
            reason={entry.reason}
            detail={entry.detail}
          />
        ))}
      </ol>
    </section>
  );
}

/** What people did to a session, and why. */
export function Audit({ records }: { records: readonly AuditRecord[] }) {
  const say = useRecruiterWords();
  if (records.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="audit">
      <h3 id="audit">{say("detail.audit")}</h3>
      <ol className="timeline">
        {records.map((record, at) => (
          <Entry
            key={at}
            at={record.at}
            what={record.action}
            actor={record.actor}
            reason={record.reason}
            detail={record.detail}
          />
        ))}
      </ol>
    </section>
  );
}

interface EntryProps {
  at: string;
  what: string;
  actor: string | null;
  reason: string | null;
  detail: Record<string, unknown>;
}

function Entry({ at, what, actor, reason, detail }: EntryProps) {
  const { language } = useLanguage();
  const words = Object.entries(detail).flatMap(([name, value]) => describe(name, value));
  return (
    <li>
      <time dateTime={at} className="soft small">
        {new Date(at).toLocaleTimeString(language)}
      </time>
      <span>
        {spelled(what)}
        {actor !== null && <span className="soft"> {actor}</span>}
        {words.length > 0 && <span className="soft small"> {words.join(", ")}</span>}
        {reason !== null && <span className="reason">{reason}</span>}
      </span>
    </li>
  );
}

/** `question_advanced` is an event's name; people read "Question advanced". */
function spelled(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function describe(name: string, value: unknown): string[] {
  if (name === "question_index" && typeof value === "number") return [`#${value + 1}`];
  if (typeof value !== "string" && typeof value !== "number" && value !== true) return [];
  return [`${name.replaceAll("_", " ")} ${value.toString()}`];
}
