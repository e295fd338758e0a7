import { useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import type { RecruiterAnswer } from "../../generated/contracts";
import { minutesAndSeconds } from "../../session/clock";
import { useLanguage } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { ActionDialog } from "./action-dialog";
import { Feedback } from "./feedback";
import { readProvenance } from "./read-provenance";

const TONES: Partial<Record<RecruiterAnswer["evaluation_state"], string>> = {
  scored: "good",
  needs_review: "warn",
  failed: "warn",
};

interface AnswerCardProps {
  sessionId: string;
  answer: RecruiterAnswer;
}

/** One answer: what was asked and given on one side, what it earned and why on the other. */
export function AnswerCard({ sessionId, answer }: AnswerCardProps) {
  const say = useRecruiterWords();
  const [scoring, setScoring] = useState(false);
  const { score, points } = answer;
  const number = say("answer.number", { number: answer.question_index + 1 });
  return (
    <article className="answer" aria-labelledby={`answer-${answer.id}`}>
      <header className="row">
        <h4 id={`answer-${answer.id}`}>{number}</h4>
        <span className={`tag ${TONES[answer.evaluation_state] ?? ""}`}>
          {say(`state.${answer.evaluation_state}`)}
        </span>
        <strong className="push">
          {score === null ? say("answer.noScore", { points }) : say("answer.points", { score, points })}
        </strong>
        <Button look="quiet" aria-describedby={`answer-${answer.id}`} onClick={() => setScoring(true)}>
          {say("act.score")}
        </Button>
      </header>
      <div className="stack tight">
        <details>
          <summary className="asked">{answer.question.question_text}</summary>
          <Key answer={answer} />
        </details>
        <Given answer={answer} label={number} />
        <Facts answer={answer} />
        <Drafts answer={answer} />
      </div>
      <div className="stack tight">
        <Feedback feedback={answer.feedback} />
        <Overrides answer={answer} />
        <Provenance answer={answer} />
      </div>
      {scoring && (
        <ActionDialog
          title={say("act.score")}
          how={say("act.to", { name: number, how: say("act.scoreHow") })}
          fields={["points", "reason"]}
          points={points}
          targets={[{ id: answer.id, name: number }]}
          run={(id, { points: given, reason }) => recruiterApi.score(id, given, reason)}
          changes={[sessionId]}
          onClose={() => setScoring(false)}
        />
      )}
    </article>
  );
}

function Given({ answer, label }: { answer: RecruiterAnswer; label: string }) {
  const say = useRecruiterWords();
  if (answer.answer_text === null || answer.answer_text === "") {
    return <p className="soft">{say("answer.empty")}</p>;
  }
  return (
    <pre className="given" data-type={answer.question.type} tabIndex={0} role="group" aria-label={label}>
      {answer.answer_text}
    </pre>
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
      <pre
        className="given"
        data-type={question.type}
        tabIndex={0}
        role="group"
        aria-label={say("answer.key")}
      >
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
        <span>
          {say("answer.draftAt", {
            number: at + 1,
            total: drafts.length,
            time: new Date(shown.saved_at).toLocaleTimeString(language),
          })}
        </span>
        <input
          type="range"
          min={0}
          max={drafts.length - 1}
          value={at}
          aria-valuetext={new Date(shown.saved_at).toLocaleTimeString(language)}
          onChange={(event) => setAt(Number(event.target.value))}
        />
      </label>
      <pre
        className="given draft"
        data-type={answer.question.type}
        tabIndex={0}
        role="group"
        aria-label={say("answer.drafts", { count: drafts.length })}
      >
        {shown.answer ?? ""}
      </pre>
    </details>
  );
}

function Provenance({ answer }: { answer: RecruiterAnswer }) {
  const say = useRecruiterWords();
  if (answer.provenance === null) return null;
  const { grader, version, facts } = readProvenance(answer.provenance);
  return (
    <details>
      <summary className="small">{say("answer.provenance")}</summary>
      <dl className="scores">
        <div>
          <dt>{say("by.grader")}</dt>
          <dd>{version === null ? grader : say("by.version", { grader, version })}</dd>
        </div>
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{say(`by.${name}`)}</dt>
            <dd className="long">{name === "latency" ? say("by.ms", { ms: value }) : value}</dd>
          </div>
        ))}
      </dl>
      <pre className="given" tabIndex={0} role="group" aria-label={say("answer.provenance")}>
        {JSON.stringify(answer.provenance, null, 2)}
      </pre>
    </details>
  );
}
