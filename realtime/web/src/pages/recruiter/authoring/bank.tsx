import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recruiterApi } from "../../../api/recruiter";
import { useAuthoringWords } from "../../../i18n/authoring";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { fromQuestion, type DraftQuestion } from "./draft";
import { SelectField, TextField } from "./field";

/** Questions that this recruiter has written before; a copy of each can be taken. */
export function Bank({ onUse, onClose }: { onUse: (question: DraftQuestion) => void; onClose: () => void }) {
  const say = useAuthoringWords();
  const [q, setQ] = useState("");
  const [type, setType] = useState("");
  const [used, setUsed] = useState<ReadonlySet<string>>(new Set());
  const pages = useInfiniteQuery({
    queryKey: ["bank", q, type],
    queryFn: ({ pageParam }) => recruiterApi.bank({ q, type, after: pageParam }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_after,
    placeholderData: (before) => before,
  });
  const found = pages.data?.pages.flatMap((page) => page.questions) ?? [];
  return (
    <Dialog title={say("bank.title")} onClose={onClose}>
      <div className="two">
        <TextField label={say("bank.search")} value={q} onChange={setQ} />
        <SelectField
          label={say("bank.type")}
          value={type}
          options={[
            ["", say("bank.any")],
            ["mcq", say("edit.addMcq")],
            ["short_answer", say("edit.addShort")],
            ["code", say("edit.addCode")],
          ]}
          onChange={setType}
        />
      </div>
      {pages.isError && <p className="banner warn">{say("edit.unreachable")}</p>}
      {pages.data && found.length === 0 && <p className="soft">{say("bank.none")}</p>}
      <ul className="bank" tabIndex={0}>
        {found.map((each) => (
          <li key={each.id}>
            <div className="grow">
              <p className="bank-text">{each.question.question_text}</p>
              <p className="soft small">{say("bank.from", { title: each.interview_title })}</p>
            </div>
            <Button
              onClick={() => {
                onUse(fromQuestion(each.question));
                setUsed(new Set([...used, each.id]));
              }}
            >
              {say(used.has(each.id) ? "bank.used" : "bank.use")}
            </Button>
          </li>
        ))}
      </ul>
      <div className="actions">
        {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>{say("bank.more")}</Button>}
        <Button look="primary" onClick={onClose}>
          {say("edit.close")}
        </Button>
      </div>
    </Dialog>
  );
}
