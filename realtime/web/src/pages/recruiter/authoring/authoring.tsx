import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Refused } from "../../../api/errors";
import { recruiterApi } from "../../../api/recruiter";
import { useAuthoringWords } from "../../../i18n/authoring";
import { useServerWords } from "../../../i18n/server-words";
import { minutesAndSeconds } from "../../../session/clock";
import { Button } from "../../../ui/button";
import { Link } from "../../../ui/link";
import { saveBlob } from "../../../ui/save-blob";
import { Bank } from "./bank";
import {
  blankInterview,
  blankQuestion,
  faultsOf,
  fromInterview,
  keep,
  kept,
  totals,
  type DraftInterview,
  type DraftQuestion,
} from "./draft";
import { SelectField, TextField } from "./field";
import { Outline } from "./outline";
import { Preview } from "./preview";
import { QuestionForm } from "./question-form";
import { NEW, Save } from "./save";
import { useCheck } from "./use-check";
import { Versions } from "./versions";
import "./authoring.css";

export default function Authoring({ id }: { id: string }) {
  const say = useAuthoringWords();
  const stored = useQuery({
    queryKey: ["interview", id],
    queryFn: () => recruiterApi.interview(id),
    enabled: id !== NEW,
    staleTime: 0,
    refetchOnWindowFocus: false,
    retry: (count, error) => !(error instanceof Refused) && count < 3,
  });
  if (id === NEW) return <Editor key={NEW} id={NEW} version={0} stored={blankInterview} />;
  if (stored.isError)
    return (
      <p className="banner warn">{say(stored.error instanceof Refused ? "edit.gone" : "edit.unreachable")}</p>
    );
  if (!stored.data) return <p className="soft">{say("edit.loading")}</p>;
  const { version, interview } = stored.data;
  return <Editor key={id} id={id} version={version} stored={() => fromInterview(interview)} />;
}

interface EditorProps {
  id: string;
  version: number;
  stored: () => DraftInterview;
}

function Editor({ id, version, stored }: EditorProps) {
  const say = useAuthoringWords();
  const [begun] = useState(() => kept(id));
  const [draft, setDraft] = useState(() => begun?.draft ?? stored());
  const [base, setBase] = useState(begun?.version ?? version);
  const [changed, setChanged] = useState(begun !== null);
  const [open, setOpen] = useState(draft.questions[0]?.key ?? "");
  const [view, setView] = useState<"write" | "preview">("write");
  const [dialog, setDialog] = useState<"bank" | "versions" | null>(null);
  const inWords = useServerWords();
  const checked = useCheck(draft);
  const write = (next: DraftInterview): void => {
    setDraft(next);
    setChanged(true);
    keep(id, { version: base, draft: next });
  };
  const questions = (next: DraftQuestion[]): void => write({ ...draft, questions: next });
  const add = (question: DraftQuestion): void => {
    questions([...draft.questions, question]);
    setOpen(question.key);
  };
  const show = (shown: DraftInterview, of: number): void => {
    keep(id, null);
    setDraft(shown);
    setBase(of);
    setChanged(false);
    setOpen(shown.questions[0]?.key ?? "");
  };
  useEffect(() => {
    document.title = `${draft.title || say("edit.new")} · Interlock`;
  });
  const at = Math.max(
    0,
    draft.questions.findIndex((question) => question.key === open),
  );
  const question = draft.questions[at];
  const own = faultsOf(checked.faults, null);
  const sum = totals(draft);
  return (
    <div className="stack loose authoring">
      <div className="stack tight">
        <Link href="/recruiter?view=interviews">← {say("edit.back")}</Link>
        <div className="row">
          <h1>{draft.title.trim() || say("edit.new")}</h1>
          <div className="row push">
            {id !== NEW && <Button onClick={() => setDialog("versions")}>{say("edit.versions")}</Button>}
            {id !== NEW && <Export id={id} />}
            <Save
              id={id}
              version={base}
              draft={draft}
              changed={changed}
              onSaved={(made) => {
                keep(id, null);
                setBase(made);
                setChanged(false);
              }}
              onTheirs={(read) => show(fromInterview(read.interview), read.version)}
            />
          </div>
        </div>
        <p className="soft small" role="status">
          {state(checked.current, checked.faults.length)}
          {changed && ` · ${say("edit.unsaved")}`}
          {!changed && id !== NEW && ` · ${say("edit.saved", { version: base })}`}
        </p>
      </div>
      {begun !== null && changed && (
        <div className="banner">
          <p>{say("edit.restored")}</p>
          <Button className="push" onClick={() => show(stored(), version)}>
            {say("edit.discard")}
          </Button>
        </div>
      )}
      <section className="card stack">
        <TextField
          label={say("edit.title")}
          value={draft.title}
          fault={own.get("title")}
          onChange={(title) => write({ ...draft, title })}
        />
        <TextField
          label={say("edit.description")}
          rows={3}
          value={draft.description}
          fault={own.get("description")}
          onChange={(description) => write({ ...draft, description })}
        />
        <SelectField
          label={say("edit.pacing")}
          value={draft.pacing}
          options={[
            ["self_paced", say("edit.self_paced")],
            ["scheduled", say("edit.scheduled")],
          ]}
          onChange={(pacing) => write({ ...draft, pacing })}
        />
      </section>
      <div className="desk">
        <section className="stack" aria-labelledby="questions">
          <h2 id="questions">{say("edit.questions")}</h2>
          <p className="soft small">
            {say("edit.total", {
              count: draft.questions.length,
              time: minutesAndSeconds(sum.seconds * 1000),
              points: sum.points,
            })}
          </p>
          <Outline
            questions={draft.questions}
            faults={checked.faults}
            open={question?.key ?? ""}
            onOpen={setOpen}
            onChange={questions}
          />
          <p className="fault small">{inWords(own.get("questions") ?? "")}</p>
          <div className="row" role="group" aria-label={say("edit.add")}>
            <Button onClick={() => add(blankQuestion("mcq"))}>+ {say("edit.addMcq")}</Button>
            <Button onClick={() => add(blankQuestion("short_answer"))}>+ {say("edit.addShort")}</Button>
            <Button onClick={() => add(blankQuestion("code"))}>+ {say("edit.addCode")}</Button>
            <Button look="quiet" onClick={() => setDialog("bank")}>
              {say("edit.fromBank")}
            </Button>
          </div>
        </section>
        {question && (
          <section className="card stack" aria-labelledby="this-question">
            <div className="row">
              <h2 id="this-question">{say("edit.question", { number: at + 1 })}</h2>
              <div className="row push">
                <Button
                  look="quiet"
                  aria-pressed={view === "preview"}
                  onClick={() => setView(view === "write" ? "preview" : "write")}
                >
                  {say(view === "write" ? "edit.preview" : "edit.write")}
                </Button>
                <Button
                  look="quiet"
                  onClick={() => add({ ...question, key: blankQuestion(question.type).key })}
                >
                  {say("edit.duplicate")}
                </Button>
                <Button
                  look="quiet"
                  disabled={draft.questions.length === 1}
                  onClick={() => {
                    questions(draft.questions.filter((each) => each !== question));
                    setOpen(draft.questions[at === 0 ? 1 : at - 1]?.key ?? "");
                  }}
                >
                  {say("edit.delete")}
                </Button>
              </div>
            </div>
            {view === "preview" ? (
              <Preview key={question.key} question={question} index={at} />
            ) : (
              <QuestionForm
                key={question.key}
                question={question}
                faults={faultsOf(checked.faults, at)}
                onChange={(next) =>
                  questions(draft.questions.map((each) => (each === question ? next : each)))
                }
              />
            )}
          </section>
        )}
      </div>
      {dialog === "bank" && <Bank onUse={add} onClose={() => setDialog(null)} />}
      {dialog === "versions" && (
        <Versions
          id={id}
          onLoad={(loaded) => {
            write(loaded);
            setOpen(loaded.questions[0]?.key ?? "");
          }}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );

  function state(current: boolean, faults: number): string {
    if (!current) return say("edit.checking");
    return faults === 0 ? say("edit.good") : say("edit.faults", { count: faults });
  }
}

function Export({ id }: { id: string }) {
  const say = useAuthoringWords();
  const file = useMutation({
    networkMode: "always",
    mutationFn: () => recruiterApi.yaml(id),
    onSuccess: (blob) => saveBlob(blob, `interview-${id.slice(0, 8)}.yaml`),
  });
  return (
    <Button disabled={file.isPending} onClick={() => file.mutate()}>
      {say("edit.export")}
    </Button>
  );
}
