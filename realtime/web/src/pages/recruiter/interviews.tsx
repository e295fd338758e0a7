import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import type { InterviewListed } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { Link } from "../../ui/link";
import { Invitations } from "./invitations";
import { InviteDialog } from "./invite";
import { LoadInterview } from "./load-interview";

export function Interviews() {
  const say = useRecruiterWords();
  const interviews = useQuery({ queryKey: ["recruiter-interviews"], queryFn: recruiterApi.interviews });
  useEffect(() => {
    document.title = `${say("interviews.title")} · Interlock`;
  });
  return (
    <div className="stack loose narrow">
      <div className="row">
        <h1>{say("interviews.title")}</h1>
        <LoadInterview />
      </div>
      {interviews.isPending && <p className="soft">{say("board.loading")}</p>}
      {interviews.isError && (
        <p className="banner warn" role="alert">
          {say("act.unreachable")}
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
  const say = useRecruiterWords();
  const [inviting, setInviting] = useState(false);
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
        <Button look="primary" onClick={() => setInviting(true)}>
          {say("interviews.invite")}
        </Button>
        <Link className="button" href={`/recruiter?interview=${interview.id}`}>
          {say("interviews.sessions")}
        </Link>
        <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say("interviews.invitations")}
        </Button>
      </div>
      {open && <Invitations interviewId={interview.id} />}
      {inviting && <InviteDialog interview={interview} onClose={() => setInviting(false)} />}
    </article>
  );
}
