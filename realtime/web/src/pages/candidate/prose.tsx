import { useId } from "react";
import { useWords } from "../../i18n";
import type { AnswerProps } from "./question";
import { QuestionText } from "./question-text";

export const MOST_CHARACTERS = 20_000;
const TELL_FROM = 16_000;

/** A few sentences. */
export function Prose({ question, value, onChange, fixed }: AnswerProps) {
  const say = useWords();
  const id = useId();
  const used = value?.length ?? 0;
  return (
    <div className="stack">
      <div id={`${id}-text`} className="question-text">
        <QuestionText text={question.question_text ?? ""} />
      </div>
      <div className="field">
        <label htmlFor={id}>{say("question.answer")}</label>
        <textarea
          id={id}
          className="input prose"
          rows={10}
          maxLength={MOST_CHARACTERS}
          aria-describedby={`${id}-text`}
          value={value ?? ""}
          readOnly={fixed}
          onChange={(event) => onChange(event.target.value)}
        />
        {used > TELL_FROM && (
          <span className="soft small">{say("question.length", { used, most: MOST_CHARACTERS })}</span>
        )}
      </div>
    </div>
  );
}
