import { useId } from "react";
import type { AnswerProps } from "./question";
import { QuestionText } from "./question-text";

/** One of several: radios named by their text. */
export function Choice({ question, value, onChange, fixed }: AnswerProps) {
  const name = useId();
  return (
    <fieldset className="choice" disabled={fixed}>
      <legend className="question-text">
        <QuestionText text={question.question_text ?? ""} />
      </legend>
      <div className="options">
        {question.options?.map((option) => (
          <label key={option} className="option">
            <input
              type="radio"
              name={name}
              value={option}
              checked={value === option}
              onChange={() => onChange(option)}
            />
            <span>{option}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
