import { useState } from "react";
import { useAuthoringWords } from "../../../i18n/authoring";
import { Button } from "../../../ui/button";
import { faultsOf, moved, type DraftQuestion } from "./draft";

interface OutlineProps {
  questions: readonly DraftQuestion[];
  faults: readonly { path: string; message: string }[];
  open: string;
  onOpen: (key: string) => void;
  onChange: (questions: DraftQuestion[]) => void;
}

/** All questions in their order, which is changed by dragging or by buttons. */
export function Outline({ questions, faults, open, onOpen, onChange }: OutlineProps) {
  const say = useAuthoringWords();
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const drop = (to: number): void => {
    if (dragged !== null && dragged !== to) onChange(moved(questions, dragged, to));
    setDragged(null);
    setOver(null);
  };
  return (
    <ol className="outline" aria-label={say("edit.questions")}>
      {questions.map((question, at) => (
        <li
          key={question.key}
          draggable
          data-open={question.key === open || undefined}
          data-over={over === at && dragged !== at ? true : undefined}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            setDragged(at);
          }}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(at);
          }}
          onDrop={(event) => {
            event.preventDefault();
            drop(at);
          }}
          onDragEnd={() => {
            setDragged(null);
            setOver(null);
          }}
        >
          <button
            type="button"
            className="outline-name"
            aria-current={question.key === open ? "true" : undefined}
            onClick={() => onOpen(question.key)}
          >
            <span className="soft small">{at + 1}</span>
            <span className="outline-text">{question.question_text.trim() || say("edit.untitled")}</span>
            {faultsOf(faults, at).size > 0 && <span className="tag warn">!</span>}
          </button>
          <Button
            look="quiet"
            aria-label={`${say("edit.up")}: ${at + 1}`}
            disabled={at === 0}
            onClick={() => onChange(moved(questions, at, at - 1))}
          >
            ↑
          </Button>
          <Button
            look="quiet"
            aria-label={`${say("edit.down")}: ${at + 1}`}
            disabled={at === questions.length - 1}
            onClick={() => onChange(moved(questions, at, at + 1))}
          >
            ↓
          </Button>
        </li>
      ))}
    </ol>
  );
}
