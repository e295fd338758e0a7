import { useEffect, useState } from "react";
import type { CandidateAnswer } from "../../generated/contracts";
import { useLanguage, useWords } from "../../i18n";
import { checkReceipt, type Check } from "../../session/receipts";
import { Button } from "../../ui/button";
import { saveBlob } from "../../ui/save-blob";

interface ReceiptsProps {
  sessionId: string;
  answers: readonly CandidateAnswer[];
}

/** What was handed in, answer by answer, with the receipt of each held against the stored text. */
export function Receipts({ sessionId, answers }: ReceiptsProps) {
  const say = useWords();
  return (
    <div className="stack">
      <p className="soft small">{say("done.receiptsHow")}</p>
      <ol className="receipts">
        {answers.map((answer) => (
          <Line key={answer.id} sessionId={sessionId} answer={answer} />
        ))}
      </ol>
      <div>
        <Button onClick={() => save(sessionId, answers)}>{say("done.download")}</Button>
      </div>
    </div>
  );
}

function Line({ sessionId, answer }: { sessionId: string; answer: CandidateAnswer }) {
  const say = useWords();
  const { language } = useLanguage();
  const check = useCheck(sessionId, answer);
  const time = new Date(answer.receipt.server_time);
  return (
    <li className="receipt">
      <div className="row">
        <strong>{`${say("done.number")} ${answer.question_index + 1}`}</strong>
        <span className="soft small">
          {say(`how.${answer.how}`)},{" "}
          <time dateTime={answer.receipt.server_time}>{time.toLocaleTimeString(language)}</time>
        </span>
        {check && (
          <span className={`tag ${check === "verified" ? "good" : check === "differs" ? "bad" : ""}`}>
            {say(`done.${check}`)}
          </span>
        )}
      </div>
      <p className="mono hash">{answer.receipt.sha256}</p>
      <p className="soft small mono hash">{answer.receipt.answer_id}</p>
    </li>
  );
}

function useCheck(sessionId: string, answer: CandidateAnswer): Check | null {
  const [check, setCheck] = useState<Check | null>(null);
  useEffect(() => {
    let gone = false;
    const sent = { sessionId, questionId: answer.question_id, answer: answer.answer };
    void checkReceipt(answer.receipt, sent).then((result) => {
      if (!gone) setCheck(result);
    });
    return () => {
      gone = true;
    };
  }, [sessionId, answer]);
  return check;
}

function save(sessionId: string, answers: readonly CandidateAnswer[]): void {
  const kept = answers.map(({ question_index, question_id, answer, receipt }) => ({
    question_number: question_index + 1,
    question_id,
    answer,
    receipt,
  }));
  const blob = new Blob([JSON.stringify({ session_id: sessionId, answers: kept }, null, 2)], {
    type: "application/json",
  });
  saveBlob(blob, `interlock-receipts-${sessionId.slice(0, 8)}.json`);
}
