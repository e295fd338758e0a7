import { useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import type { RecruiterAnswer } from "../../generated/contracts";
import { minutesAndSeconds } from "../../session/clock";
import { useLanguage } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { ActionDialog } from "./action-dialog";
import { Feedback } from "./feedback";

const TONES: Partial<Record<RecruiterAnswer["evaluation_state"], string>> = {
  scored: "good",
  needs_review: "warn",
  failed: "warn",
};

interface AnswerCardProps {
  sessionId: string;
  answer: RecruiterAnswer;
}

/** One answer beside what was asked, what it earned and why. */
export function AnswerCard({ sessionId, answer }: AnswerCardProps) {
  const say = useRecruiterWords();
  const [scoring, setScoring] = useState(false);
  const { score, points } = answer;
  return (
    <article className="answer stack" aria-labelledby={`answer-${answer.id}`}>
      <header className="row">
        <h4 id={`answer-${answer.id}`}>{say("answer.number", { number: answer.question_index + 1 })}</h4>
        <span className={`tag ${TONES[answer.evaluation_state] ?? ""}`}>
          {say(`state.${answer.evaluation_state}`)}
        </span>
        <strong className="push">
          {score === null ? say("answer.noScore", { points }) : say("answer.points", { score, points })}
        </strong>
      </header>
      <details>
        <summary className="asked">{answer.question.question_text}</summary>
        <Key answer={answer} />
      </details>
      {answer.answer_text === null || answer.answer_text === "" ? (
        <p className="soft">{say("answer.empty")}</p>
      ) : (
        <pre className="given" data-type={answer.question.type} tabIndex={0}>
          {answer.answer_text}
        </pre>
      )}
      <Facts answer={answer} />
      <Feedback feedback={answer.feedback} />
      <Overrides answer={answer} />
      <Drafts answer={answer} />
      <Provenance answer={answer} />
      <div>
        <Button look="quiet" onClick={() => setScoring(true)}>
          {say("act.score")}
        </Button>
      </div>
      {scoring && (
        <ActionDialog
          title={say("act.score")}
          how={say("act.scoreHow")}
          fields={["points", "reason"]}
          points={points}
          run={({ points: given, reason }) => recruiterApi.score(answer.id, given, reason)}
          changes={sessionId}
          onClose={() => setScoring(false)}
        />
      )}
    </article>
  );
}

function Facts({ answer }: { answer: RecruiterAnswer }) {
  const say = useRecruiterWords();
  return (
    <p className="facts soft small">
      <span>{say(`how.${answer.how}`)}</span>
      {answer.late && <span>{say("answer.late")}</span>}
      <span>{say("answer.taken", { time: minutesAndSeconds(answer.time_taken_seconds * 1000) })}</span>
      {answer.graded_by !== null && (
        <span>{say("answer.gradedBy", { who: say(`by.${answer.graded_by}`) })}</span>
      )}
    </p>
  );
}

/** What the right answer would have been. */
function Key({ answer: { question } }: { answer: RecruiterAnswer }) {
  const say = useRecruiterWords();
  const key =
    question.type === "mcq"
      ? question.correct_answer
      : question.type === "code"
        ? question.sample_solution
        : question.sample_answer;
  if (!key) return null;
  return (
    <div className="stack tight">
      <h5>{say("answer.key")}</h5>
      <pre className="given" data-type={question.type} tabIndex={0}>
        {key}
      </pre>
    </div>
  );
}

function Overrides({ answer }: { answer: RecruiterAnswer }) {
  const say = useRecruiterWords();
  const newest = answer.overrides.at(-1);
  if (!newest) return null;
  return <p className="small">{say("answer.override", { who: newest.scored_by, reason: newest.reason })}</p>;
}

/** How the answer came about: a slider over its drafts. */
function Drafts({ answer }: { answer: RecruiterAnswer }) {
  const say = useRecruiterWords();
  const { language } = useLanguage();
  const drafts = answer.draft_history;
  const [at, setAt] = useState(drafts.length - 1);
  const shown = drafts[Math.min(at, drafts.length - 1)];
  if (!shown) return null;
  return (
    <details>
      <summary className="small">{say("answer.drafts", { count: drafts.length })}</summary>
      <label className="field">
        <span>{new Date(shown.saved_at).toLocaleTimeString(language)}</span>
        <input
          type="range"
          min={0}
          max={drafts.length - 1}
          value={at}
          onChange={(event) => setAt(Number(event.target.value))}
        />
      </label>
      <pre className="given" data-type={answer.question.type} tabIndex={0}>
        {shown.answer ?? ""}
      </pre>
    </details>
  );
}

function Provenance({ answer }: { answer: RecruiterAnswer }) {
  const say = useRecruiterWords();
  if (answer.provenance === null) return null;
  return (
    <details>
      <summary className="small">{say("answer.provenance")}</summary>
      <pre className="given" tabIndex={0}>
        {JSON.stringify(answer.provenance, null, 2)}
      </pre>
    </details>
  );
}
