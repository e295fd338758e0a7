import { useWords } from "../../i18n";
import { Timer } from "./timer";

/** Scheduled pacing: the next question has not opened yet. */
export function Waiting({ number }: { number: number }) {
  const say = useWords();
  return (
    <section className="stack interlude">
      <h1>{say("waiting.title")}</h1>
      <p>{say("waiting.how", { number })}</p>
      <Timer label="waiting.timer" />
    </section>
  );
}
