import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useWords } from "../../i18n";
import { questionQuery } from "../../session/cache";
import type { Progress } from "../../session/progress";
import { useInterview } from "../../session/store";
import { Mark } from "../../ui/mark";
import { Paused } from "./paused";
import { QuestionPage } from "./question";
import { StatusLine } from "./status-line";
import { Timer } from "./timer";
import { Waiting } from "./waiting";

/** A session that this page holds: the bar that stays, and below it what is to be done now. */
export function Running() {
  const say = useWords();
  const progress = useInterview((state) => state.progress);
  const title = useInterview((state) => state.title);
  const number = (progress?.index ?? 0) + 1;
  useEffect(() => {
    document.title = `${say("question.of", { number, total: progress?.total ?? 0 })} · ${title}`;
  });
  if (!progress) return null;
  const asking = !progress.waiting && !progress.paused;
  return (
    <>
      <a className="skip" href="#content">
        {say("app.skip")}
      </a>
      <header className="exam-bar">
        <span className="brand" title={title}>
          <Mark />
          <span className="exam-title">{title}</span>
        </span>
        {asking && <Timer label="timer.label" hideable />}
        <Steps progress={progress} />
      </header>
      <main id="content" tabIndex={-1} className="exam">
        <Now progress={progress} />
      </main>
      <StatusLine />
    </>
  );
}

function Now({ progress }: { progress: Progress }) {
  if (progress.paused) return <Paused paused={progress.paused} />;
  if (progress.waiting) return <Waiting number={progress.index + 1} />;
  return <Asked key={`${progress.sessionId}/${progress.index}`} progress={progress} />;
}

function Asked({ progress }: { progress: Progress }) {
  const say = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const question = useQuery(questionQuery(progress.sessionId, progress.index));
  // A new question begins at its top, for eyes and for screen readers alike.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);
  return (
    <div className="stack loose">
      <h1 ref={heading} tabIndex={-1} className="question-number">
        {say("question.of", { number: progress.index + 1, total: progress.total })}
      </h1>
      {question.data ? (
        <QuestionPage question={question.data} />
      ) : (
        <p className="soft" role="status">
          {say(question.isError ? "question.failed" : "question.loading")}
        </p>
      )}
    </div>
  );
}

function Steps({ progress }: { progress: Progress }) {
  const say = useWords();
  const words = { number: progress.index + 1, total: progress.total };
  return (
    <div
      className="steps"
      role="progressbar"
      aria-label={say("question.progress")}
      aria-valuemin={1}
      aria-valuemax={progress.total}
      aria-valuenow={progress.index + 1}
      aria-valuetext={say("question.of", words)}
    >
      {progress.timeLimits.map((_, at) => (
        <span
          key={at}
          data-state={at < progress.index ? "done" : at === progress.index ? "now" : "to-come"}
        />
      ))}
    </div>
  );
}
