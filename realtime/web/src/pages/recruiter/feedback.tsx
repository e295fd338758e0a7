import { useRecruiterWords } from "../../i18n/recruiter";
import { Points } from "./points";
import { readFeedback, type CriterionScore } from "./read-feedback";

/** Why an answer earned what it earned; one form for multiple choice, short answers and code. */
export function Feedback({ feedback }: { feedback: unknown }) {
  const say = useRecruiterWords();
  const read = readFeedback(feedback);
  if (read === null) return null;
  const { keywords } = read;
  return (
    <div className="feedback stack tight">
      {read.text !== "" && <p>{read.text}</p>}
      {keywords && (
        <p className="small">
          {say("feedback.keywords", { found: keywords.found.length, total: keywords.total })}
          {keywords.found.length > 0 && `: ${keywords.found.join(", ")}`}
          {keywords.missing.length > 0 && (
            <span className="soft">
              {" "}
              {say("feedback.missing", { keywords: keywords.missing.join(", ") })}
            </span>
          )}
        </p>
      )}
      {read.scores.length > 0 && (
        <dl className="scores">
          {read.scores.map((score) => (
            <Line key={score.name} score={score} />
          ))}
        </dl>
      )}
      <Points title={say("feedback.strengths")} points={read.strengths} />
      <Points title={say("feedback.improvements")} points={read.improvements} />
    </div>
  );
}

function Line({ score: { name, score, points, comment } }: { score: CriterionScore }) {
  const say = useRecruiterWords();
  const named = name === "keyword_score" || name === "semantic_score" ? say(`feedback.${name}`) : name;
  return (
    <div>
      <dt>
        {named}
        {comment !== "" && <span className="soft small"> {comment}</span>}
      </dt>
      <dd>{points === null ? score : say("answer.points", { score, points })}</dd>
    </div>
  );
}
