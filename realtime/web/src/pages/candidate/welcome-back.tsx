import { useState } from "react";
import { useWords } from "../../i18n";
import { minutesAndSeconds } from "../../session/clock";
import type { Progress } from "../../session/progress";
import { useInterview } from "../../session/store";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Shell } from "../../ui/shell";
import { useEngine } from "./candidate";
import { useRemaining } from "./use-remaining";

/** Every load that finds a running session begins here: what runs, how long still, and two ways on. */
export function WelcomeBack() {
  const progress = useInterview((state) => state.progress);
  const [over, setOver] = useState(false);
  if (!progress) return null;
  return (
    <>
      <Shell>
        <div />
      </Shell>
      {over ? (
        <ConfirmStartOver progress={progress} onBack={() => setOver(false)} />
      ) : (
        <Greeting progress={progress} onStartOver={() => setOver(true)} />
      )}
    </>
  );
}

function Greeting({ progress, onStartOver }: { progress: Progress; onStartOver: () => void }) {
  const say = useWords();
  const engine = useEngine();
  const title = useInterview((state) => state.title);
  const busy = useInterview((state) => state.busy);
  return (
    <Dialog title={say("welcome.title")}>
      <p>{say("welcome.lead")}</p>
      <dl className="facts-list">
        <dt className="unseen">{say("app.name")}</dt>
        <dd className="interview-title">{title}</dd>
        <dt className="unseen">{say("question.progress")}</dt>
        <dd>{say("question.of", { number: progress.index + 1, total: progress.total })}</dd>
        <Left progress={progress} />
      </dl>
      <Failure />
      <div className="actions">
        <Button look="primary" disabled={busy} onClick={() => engine.resume({ takeover: false })}>
          {say(busy ? "welcome.resuming" : "welcome.resume")}
        </Button>
        <Button disabled={busy || progress.attemptsLeft === 0} onClick={onStartOver}>
          {say("welcome.startOver")}
        </Button>
      </div>
      {progress.attemptsLeft === 0 && <p className="soft small">{say("welcome.noneLeft")}</p>}
    </Dialog>
  );
}

function Left({ progress }: { progress: Progress }) {
  const say = useWords();
  const left = useRemaining();
  if (progress.paused) return <PlainFact words={say("welcome.paused")} />;
  if (left === null) return null;
  return (
    <>
      <dt>{say(progress.waiting ? "welcome.opens" : "welcome.left")}</dt>
      <dd className="digits">{minutesAndSeconds(left)}</dd>
    </>
  );
}

function PlainFact({ words }: { words: string }) {
  const say = useWords();
  return (
    <>
      <dt className="unseen">{say("welcome.left")}</dt>
      <dd>{words}</dd>
    </>
  );
}

function ConfirmStartOver({ progress, onBack }: { progress: Progress; onBack: () => void }) {
  const say = useWords();
  const engine = useEngine();
  const busy = useInterview((state) => state.busy);
  return (
    <Dialog title={say("welcome.overTitle")} onClose={onBack}>
      <p>{say("welcome.over")}</p>
      <p>
        <strong>{say("welcome.overLeft", { count: progress.attemptsLeft })}</strong>
      </p>
      <Failure />
      <div className="actions">
        <Button look="primary" disabled={busy} onClick={onBack}>
          {say("welcome.keep")}
        </Button>
        <Button look="danger" disabled={busy} onClick={() => void engine.startOver()}>
          {say("welcome.startOver")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Why the last request did not work, where one did not. */
export function Failure() {
  const say = useWords();
  const failure = useInterview((state) => state.failure);
  return failure === null ? null : (
    <p className="banner warn" role="alert">
      {say(failure.key, failure.words)}
    </p>
  );
}
