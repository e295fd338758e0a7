import { useId } from "react";
import { useAuthoringWords } from "../../../i18n/authoring";
import { useServerWords } from "../../../i18n/server-words";
import { Button } from "../../../ui/button";
import type { DraftQuestion } from "./draft";
import { NumberField, SelectField, TextField } from "./field";

interface QuestionFormProps {
  question: DraftQuestion;
  faults: Map<string, string>;
  onChange: (question: DraftQuestion) => void;
}

/** One question, with the fields of its type. */
export function QuestionForm({ question, faults, onChange }: QuestionFormProps) {
  const say = useAuthoringWords();
  const change = (changes: Partial<DraftQuestion>): void => onChange({ ...question, ...changes });
  return (
    <div className="stack">
      <TextField
        label={say("edit.text")}
        hint={say("edit.textHow")}
        rows={6}
        value={question.question_text}
        fault={faults.get("question_text")}
        onChange={(question_text) => change({ question_text })}
      />
      {question.type === "mcq" && <Options question={question} faults={faults} onChange={onChange} />}
      {question.type === "short_answer" && (
        <>
          <TextField
            label={say("edit.keywords")}
            hint={say("edit.keywordsHow")}
            rows={3}
            value={question.expected_keywords}
            fault={faults.get("expected_keywords")}
            onChange={(expected_keywords) => change({ expected_keywords })}
          />
          <TextField
            label={say("edit.sampleAnswer")}
            rows={4}
            value={question.sample_answer}
            fault={faults.get("sample_answer")}
            onChange={(sample_answer) => change({ sample_answer })}
          />
        </>
      )}
      {question.type === "code" && <CodeFields question={question} faults={faults} onChange={onChange} />}
      <div className="three">
        <NumberField
          label={say("edit.seconds")}
          value={question.time_limit}
          fault={faults.get("time_limit")}
          onChange={(time_limit) => change({ time_limit })}
        />
        <NumberField
          label={say("edit.points")}
          value={question.points}
          fault={faults.get("points")}
          onChange={(points) => change({ points })}
        />
        <SelectField
          label={say("edit.difficulty")}
          value={question.difficulty}
          options={[
            ["", say("edit.difficultyNone")],
            ["easy", say("edit.easy")],
            ["medium", say("edit.medium")],
            ["hard", say("edit.hard")],
          ]}
          onChange={(difficulty) => change({ difficulty })}
        />
      </div>
    </div>
  );
}

function CodeFields({ question, faults, onChange }: QuestionFormProps) {
  const say = useAuthoringWords();
  const change = (changes: Partial<DraftQuestion>): void => onChange({ ...question, ...changes });
  return (
    <>
      <TextField
        label={say("edit.language")}
        value={question.language}
        fault={faults.get("language")}
        onChange={(language) => change({ language })}
      />
      <TextField
        label={say("edit.starter")}
        rows={5}
        mono
        value={question.starter_code}
        fault={faults.get("starter_code")}
        onChange={(starter_code) => change({ starter_code })}
      />
      <TextField
        label={say("edit.solution")}
        rows={8}
        mono
        value={question.sample_solution}
        fault={faults.get("sample_solution")}
        onChange={(sample_solution) => change({ sample_solution })}
      />
      <TextField
        label={say("edit.criteria")}
        hint={say("edit.criteriaHow")}
        rows={4}
        value={question.evaluation_criteria}
        fault={faults.get("evaluation_criteria")}
        onChange={(evaluation_criteria) => change({ evaluation_criteria })}
      />
    </>
  );
}

/** The right option is chosen by its radio: its text may change, and it stays the right one. */
function Options({ question, faults, onChange }: QuestionFormProps) {
  const say = useAuthoringWords();
  const name = useId();
  const inWords = useServerWords();
  const { options, correct_answer: right } = question;
  const place = options.indexOf(right);
  const rename = (at: number, text: string): void =>
    onChange({
      ...question,
      options: options.map((option, index) => (index === at ? text : option)),
      correct_answer: at === place ? text : right,
    });
  const fault = faults.get("options") ?? faults.get("correct_answer");
  return (
    <fieldset className="stack tight" aria-describedby={`${name}-fault`}>
      <legend className="legend">{say("edit.options")}</legend>
      <p className="soft small">{say("edit.optionsHow")}</p>
      {options.map((option, at) => (
        <div key={at} className="option-line">
          <input
            type="radio"
            name={name}
            checked={at === place}
            disabled={option === ""}
            aria-label={say("edit.right", { number: at + 1 })}
            onChange={() => onChange({ ...question, correct_answer: option })}
          />
          <input
            className="input"
            aria-label={say("edit.option", { number: at + 1 })}
            value={option}
            onChange={(event) => rename(at, event.target.value)}
          />
          <Button
            look="quiet"
            aria-label={say("edit.removeOption", { number: at + 1 })}
            disabled={options.length <= 2}
            onClick={() => onChange({ ...question, options: options.filter((_, index) => index !== at) })}
          >
            ×
          </Button>
        </div>
      ))}
      <div>
        <Button look="quiet" onClick={() => onChange({ ...question, options: [...options, ""] })}>
          {say("edit.addOption")}
        </Button>
      </div>
      <span id={`${name}-fault`} className="fault small">
        {fault === undefined ? "" : inWords(fault)}
      </span>
    </fieldset>
  );
}
