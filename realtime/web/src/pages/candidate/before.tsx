import type { AvailableInterview } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useInterview } from "../../session/store";
import { Button } from "../../ui/button";
import { useEngine } from "./candidate";
import { Size } from "./home";
import { SystemCheck } from "./system-check";
import { Failure } from "./welcome-back";

/** What will happen, how long, what is recorded; then the one button. */
export function Before({ interview }: { interview: AvailableInterview }) {
  const say = useWords();
  const engine = useEngine();
  const busy = useInterview((state) => state.busy);
  const none = interview.attempts_left === 0;
  return (
    <article className="stack loose">
      <header className="stack tight">
        <p className="soft">{say("start.before")}</p>
        <h1>{interview.title}</h1>
        {interview.description !== null && <p className="description">{interview.description}</p>}
        <Size interview={interview} />
      </header>
      <div className="instructions">
        <section className="stack tight">
          <h2>{say("start.howTitle")}</h2>
          <ul className="plain-list">
            <li>
              {say("start.howOne", { count: interview.question_count })}{" "}
              {say("start.howTotal", { count: Math.ceil(interview.total_seconds / 60) })}
            </li>
            <li>{say("start.howForward")}</li>
            <li>{say("start.howZero")}</li>
            <li>{say("start.howClock")}</li>
          </ul>
        </section>
        <section className="stack tight">
          <h2>{say("start.safeTitle")}</h2>
          <p>{say("start.safe")}</p>
          <SystemCheck />
        </section>
        <section className="stack tight">
          <h2>{say("start.recordedTitle")}</h2>
          <ul className="plain-list">
            <li>{say("start.recordedAnswers")}</li>
            <li>{say("start.recordedSignals")}</li>
          </ul>
          <p>{say("start.recordedUse")}</p>
        </section>
      </div>
      <div className="card stack begin">
        <p id="consent">{say(none ? "start.noAttempts" : "start.consent")}</p>
        <Failure />
        <div>
          <Button
            look="primary"
            className="large"
            aria-describedby="consent"
            disabled={busy || none}
            onClick={() => void engine.start(interview)}
          >
            {say(busy ? "start.starting" : "start.button")}
          </Button>
        </div>
      </div>
    </article>
  );
}
