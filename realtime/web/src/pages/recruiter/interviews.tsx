import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import type { InterviewListed } from "../../generated/contracts";
import { useAuthoringWords } from "../../i18n/authoring";
import { Button } from "../../ui/button";
import { Link } from "../../ui/link";
import { Invitations } from "./invitations";
import { InviteDialog } from "./invite";
import { LoadInterview } from "./load-interview";

const InviteTable = lazy(() => import("./invite-table"));

export default function Interviews() {
  const say = useAuthoringWords();
  const interviews = useQuery({ queryKey: ["recruiter-interviews"], queryFn: recruiterApi.interviews });
  useEffect(() => {
    document.title = `${say("interviews.title")} · Interlock`;
  });
  return (
    <div className="stack loose narrow">
      <div className="row">
        <h1>{say("interviews.title")}</h1>
        <Link className="button primary push" href="/recruiter?view=edit&id=new">
          {say("interviews.write")}
        </Link>
        <LoadInterview />
      </div>
      {interviews.isPending && <p className="soft">{say("edit.loading")}</p>}
      {interviews.isError && (
        <p className="banner warn" role="alert">
          {say("edit.unreachable")}
        </p>
      )}
      {interviews.data?.interviews.length === 0 && (
        <div className="card stack tight">
          <h2>{say("interviews.none")}</h2>
          <p className="soft">{say("interviews.noneHow")}</p>
        </div>
      )}
      {interviews.data?.interviews.map((interview) => (
        <InterviewCard key={interview.id} interview={interview} />
      ))}
    </div>
  );
}

function InterviewCard({ interview }: { interview: InterviewListed }) {
  const say = useAuthoringWords();
  const [inviting, setInviting] = useState<"one" | "many" | null>(null);
  const [open, setOpen] = useState(false);
  return (
    <article className="card stack" aria-labelledby={`interview-${interview.id}`}>
      <div className="stack tight">
        <h2 id={`interview-${interview.id}`}>{interview.title}</h2>
        {interview.description !== null && <p className="description">{interview.description}</p>}
        <p className="facts soft small">
          <span>{say("interviews.questions", { count: interview.question_count })}</span>
          <span>{say(`interviews.${interview.pacing}`)}</span>
          <span>{say("interviews.version", { version: interview.version })}</span>
        </p>
      </div>
      <div className="row">
        <Button look="primary" onClick={() => setInviting("one")}>
          {say("interviews.invite")}
        </Button>
        <Button onClick={() => setInviting("many")}>{say("interviews.many")}</Button>
        <Link className="button" href={`/recruiter?view=edit&id=${interview.id}`}>
          {say("interviews.edit")}
        </Link>
        <Link className="button" href={`/recruiter?interview=${interview.id}`}>
          {say("interviews.sessions")}
        </Link>
        <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say("interviews.invitations")}
        </Button>
      </div>
      {open && <Invitations interviewId={interview.id} />}
      {inviting === "one" && <InviteDialog interview={interview} onClose={() => setInviting(null)} />}
      {inviting === "many" && (
        <Suspense>
          <InviteTable interview={interview} onClose={() => setInviting(null)} />
        </Suspense>
      )}
    </article>
  );
}
