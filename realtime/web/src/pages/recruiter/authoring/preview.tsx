import { lazy, Suspense, useState } from "react";
import { persistImport } from "../../../app/persist-import";
import type { CandidateQuestion } from "../../../generated/contracts";
import { useAuthoringWords } from "../../../i18n/authoring";
import { Choice } from "../../candidate/choice";
import { Prose } from "../../candidate/prose";
import "../../candidate/candidate.css";
import type { DraftQuestion } from "./draft";

const Code = lazy(() => persistImport(() => import("../../candidate/code")));

/** A question as candidates see it, to be tried. */
export function Preview({ question, index }: { question: DraftQuestion; index: number }) {
  const say = useAuthoringWords();
  const [value, setValue] = useState<string | null>(null);
  const seen: CandidateQuestion = {
    id: question.key,
    index,
    type: question.type,
    time_limit: question.time_limit ?? 0,
    points: question.points ?? 0,
    question_text: question.question_text,
    options: question.options.filter((option) => option !== ""),
    language: question.language,
    starter_code: question.starter_code,
  };
  const answer = { question: seen, value, onChange: setValue, fixed: false };
  return (
    <section className="stack preview" aria-label={say("edit.preview")}>
      <p className="soft small">{say("edit.previewHow")}</p>
      <div className="question" data-type={question.type}>
        <Suspense fallback={<p className="soft">{say("edit.loading")}</p>}>
          {question.type === "mcq" && <Choice {...answer} />}
          {question.type === "short_answer" && <Prose {...answer} />}
          {question.type === "code" && <Code {...answer} />}
        </Suspense>
      </div>
    </section>
  );
}
