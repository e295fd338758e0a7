import { useWords } from "../../i18n";
import { minutesAndSeconds } from "../../session/clock";
import type { Progress } from "../../session/progress";

export function Paused({ paused }: { paused: NonNullable<Progress["paused"]> }) {
  const say = useWords();
  return (
    <section className="stack interlude" role="status">
      <h1>{say("paused.title")}</h1>
      {paused.reason !== null && <p>{say("paused.reason", { reason: paused.reason })}</p>}
      <p>{say("paused.how")}</p>
      {paused.remainingMs !== null && (
        <p className="soft">{say("paused.left", { time: minutesAndSeconds(paused.remainingMs) })}</p>
      )}
    </section>
  );
}
