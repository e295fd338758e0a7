import { lazy, Suspense, useEffect, useState } from "react";
import { persistImport } from "../../app/persist-import";
import type { CandidateQuestion } from "../../generated/contracts";
import { useWords, type CandidateKey } from "../../i18n";
import { minutesAndSeconds } from "../../session/clock";
import { storable } from "../../session/receipts";
import { useInterview, type InterviewState } from "../../session/store";
import { Button } from "../../ui/button";
import { Alternative } from "./alternative";
import { useEngine } from "./candidate";
import { Choice } from "./choice";
import { Prose } from "./prose";
import { useRemaining } from "./use-remaining";

const Code = lazy(() => persistImport(() => import("./code")));

export interface AnswerProps {
  question: CandidateQuestion;
  value: string | null;
  onChange: (text: string) => void;
  /** The answer is on its way: it can be read, not changed. */
  fixed: boolean;
}

export function QuestionPage({ question }: { question: CandidateQuestion }) {
  const say = useWords();
  const { runner } = useEngine();
  const text = useInterview((state) => state.text);
  const submitting = useInterview((state) => state.submitting);
  const left = useRemaining();
  const [doubtful, setDoubtful] = useState(false);
  const own = submitting?.index === question.index ? submitting : null;
  const over = left !== null && left <= 0;
  const change = (next: string): void => {
    setDoubtful(false);
    runner.change(next);
  };
  const submit = (): void => {
    const empty = storable(text) === null || (question.type === "code" && text === question.starter_code);
    if (empty && !doubtful) setDoubtful(true);
    else runner.submit({ timeExpired: false });
  };
  const key = word(own, over);
  const answer: AnswerProps = { question, value: text, onChange: change, fixed: own !== null || over };
  return (
    <form
      className="question"
      data-type={question.type}
      onBlur={() => runner.flush()}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Facts question={question} />
      <Suspense fallback={<UntilEditor {...answer} />}>
        {question.type === "mcq" && <Choice {...answer} />}
        {question.type === "short_answer" && <Prose {...answer} />}
        {question.type === "code" && <Code {...answer} />}
      </Suspense>
      <Alternative />
      <div className="hand-in">
        <p className="hand-in-word" role="status">
          {key === null ? "" : say(key)}
        </p>
        {doubtful && !own && (
          <p className="hand-in-word warn" role="alert">
            {say("question.empty")}
          </p>
        )}
        <Button type="submit" look="primary" className="submit" disabled={own !== null || over}>
          {say("question.submit")}
        </Button>
      </div>
    </form>
  );
}

/** What is happening to the answer, in words; null while it is being written. */
function word(own: InterviewState["submitting"], over: boolean): CandidateKey | null {
  if (own?.state === "retrying") return "question.retrying";
  if (own?.timeExpired || (over && !own)) return "question.timeUp";
  return own ? "question.sending" : null;
}

const PATIENCE_MS = 2_500;

/** The clock runs while the editor loads: when it takes long, a plain field stands in for it. */
function UntilEditor(answer: AnswerProps) {
  const say = useWords();
  const [plain, setPlain] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPlain(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  const { value, question } = answer;
  if (plain) return <Prose {...answer} value={value ?? question.starter_code ?? null} />;
  return <p className="soft">{say("question.loading")}</p>;
}

function Facts({ question }: { question: CandidateQuestion }) {
  const say = useWords();
  const kind =
    question.type === "code"
      ? say("question.code", { language: question.language ?? "" })
      : say(`question.${question.type}`);
  return (
    <p className="facts soft small">
      <span>{kind}</span>
      <span>{say("question.points", { count: question.points })}</span>
      <span>{say("question.limit", { time: minutesAndSeconds(question.time_limit * 1000) })}</span>
    </p>
  );
}
