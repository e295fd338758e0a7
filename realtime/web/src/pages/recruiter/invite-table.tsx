import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { reasonOf, Refused } from "../../api/errors";
import { recruiterApi } from "../../api/recruiter";
import type { InterviewListed, InvitedLine } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useAuthoringWords } from "../../i18n/authoring";
import { useServerWords } from "../../i18n/server-words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { saveBlob } from "../../ui/save-blob";
import { spreadsheet } from "./spreadsheet";
import "./authoring/authoring.css";

const EXAMPLE = "email,name,max_attempts,extra_time_percent\nada@example.com,Ada Lovelace,1,0";

/** Many people at once: every good line is done, every bad one is told with what to change. */
export default function InviteTable({
  interview,
  onClose,
}: {
  interview: InterviewListed;
  onClose: () => void;
}) {
  const say = useAuthoringWords();
  const words = useWords();
  const inWords = useServerWords();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [csv, setCsv] = useState("");
  const send = useMutation({
    networkMode: "always",
    mutationFn: () => recruiterApi.inviteMany(interview.id, csv),
    onSuccess: () => client.invalidateQueries({ queryKey: ["invitations", interview.id] }),
  });
  const lines = send.data?.lines;
  return (
    <Dialog title={say("table.title", { title: interview.title })} onClose={onClose}>
      {lines ? (
        <Report lines={lines} />
      ) : (
        <label className="field">
          <span>{say("table.label")}</span>
          <textarea
            className="input mono"
            rows={8}
            placeholder={EXAMPLE}
            spellCheck={false}
            value={csv}
            onChange={(event) => setCsv(event.target.value)}
          />
          <span className="soft small">{say("table.how")}</span>
        </label>
      )}
      {send.error && (
        <p className="banner bad" role="alert">
          {send.error instanceof Refused ? inWords(reasonOf(send.error)) : say("edit.unreachable")}
        </p>
      )}
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        className="unseen"
        tabIndex={-1}
        aria-label={say("table.file")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) void file.text().then(setCsv);
          event.target.value = "";
        }}
      />
      <div className="actions">
        {lines ? (
          <Button onClick={() => send.reset()}>{say("table.again")}</Button>
        ) : (
          <Button onClick={() => input.current?.click()}>{say("table.file")}</Button>
        )}
        {lines ? (
          <Button look="primary" onClick={onClose}>
            {words("app.close")}
          </Button>
        ) : (
          <Button look="primary" disabled={send.isPending || csv.trim() === ""} onClick={() => send.mutate()}>
            {say("table.send")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Report({ lines }: { lines: readonly InvitedLine[] }) {
  const say = useAuthoringWords();
  const inWords = useServerWords();
  const invited = lines.filter((line) => line.status === "invited").length;
  const save = (): void => {
    const rows = lines.map((line) => [
      String(line.line),
      line.email,
      line.status,
      line.url ?? "",
      line.message ?? "",
    ]);
    const text = spreadsheet([["line", "email", "status", "link", "message"], ...rows]);
    saveBlob(new Blob([text], { type: "text/csv" }), "invitations.csv");
  };
  return (
    <div className="stack">
      <p role="status">{say("table.done", { count: invited, all: lines.length })}</p>
      <ul className="report" tabIndex={0}>
        {lines.map((line) => (
          <li key={line.line} className="row">
            <span className="soft small">{say("table.line", { line: line.line })}</span>
            <span>{line.email}</span>
            <span
              className={`tag ${line.status === "refused" ? "bad" : line.status === "invited" ? "good" : ""}`}
            >
              {say(`table.${line.status}`)}
            </span>
            {line.message !== null && <span className="full small">{inWords(line.message)}</span>}
          </li>
        ))}
      </ul>
      <div>
        <Button onClick={save}>{say("table.save")}</Button>
      </div>
    </div>
  );
}
