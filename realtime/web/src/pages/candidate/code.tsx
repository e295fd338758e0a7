import { useEffect, useId, useRef } from "react";
import { useWords } from "../../i18n";
import { useInterview } from "../../session/store";
import { CodeEditor } from "./editor";
import type { AnswerProps } from "./question";
import { QuestionText } from "./question-text";

/** A program, in an editor that comes with this chunk. */
export default function Code({ question, value, onChange, fixed }: AnswerProps) {
  const say = useWords();
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const sessionId = useInterview((state) => state.progress?.sessionId);
  const report = useRef(onChange);
  const shown = value ?? question.starter_code ?? "";
  useEffect(() => {
    report.current = onChange;
  });
  useEffect(() => {
    if (!host.current) return;
    const made = new CodeEditor(host.current, {
      text: shown,
      language: question.language ?? "",
      label: say("question.answer"),
      describedBy: `${id}-text ${id}-help`,
      historyKey: `interlock.undo.${sessionId ?? ""}.${question.index}`,
      onChange: (text) => report.current(text),
    });
    editor.current = made;
    return () => made.destroy();
    // The editor owns its text from here on; what changes from outside is handed to it below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [question.id]);
  useEffect(() => editor.current?.show(shown), [shown]);
  useEffect(() => editor.current?.fix(fixed), [fixed]);
  return (
    <div className="code-question">
      <div id={`${id}-text`} className="question-text">
        <QuestionText text={question.question_text ?? ""} />
      </div>
      <div className="field">
        <span aria-hidden="true">{say("question.answer")}</span>
        <div ref={host} className="editor" />
        <span id={`${id}-help`} className="soft small">
          {say("question.editorHelp")}
        </span>
      </div>
    </div>
  );
}
