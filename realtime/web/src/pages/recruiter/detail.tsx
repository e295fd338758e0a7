import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { isRefused } from "../../api/errors";
import { recruiterApi } from "../../api/recruiter";
import { useBoard } from "../../board/board";
import type { SessionDetail } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { saveBlob } from "../../ui/save-blob";
import { Actions } from "./actions";
import { AnswerCard } from "./answer-card";
import { blinded, numberOf, useBlind, useNames } from "./blind";
import { jsonOf } from "./export";
import { Gradings } from "./gradings";
import { Now } from "./now";
import { Result } from "./result";
import { Flags, Status } from "./session-row";
import { Timeline } from "./timeline";

/** A grading in the shadow tells nobody how far it is: it is asked for while there is one. */
const GRADING_MS = 2_000;

interface DetailProps {
  id: string;
  onClose: () => void;
}

/** Everything about one session, beside the board; a region named by the candidate. */
export function Detail({ id, onClose }: DetailProps) {
  const say = useRecruiterWords();
  const words = useWords();
  const nameOf = useNames();
  const known = useBoard((board) => board.rows[id]);
  const heading = useHeading();
  const session = useShown(id);
  const summary = session.data ?? known;
  const name = summary ? nameOf(summary) : say("detail.loading");
  useEffect(() => {
    document.title = `${name} · Interlock`;
  }, [name]);
  return (
    <section
      className="detail"
      aria-labelledby={`detail-${id}`}
      onKeyDown={(event) => {
        // a dialog's Escape comes by here too, and is its own
        const isOurs = event.currentTarget.contains(event.target as Node);
        if (event.key === "Escape" && isOurs) onClose();
      }}
    >
      <header className="detail-head">
        <h2 id={`detail-${id}`} ref={heading} tabIndex={-1}>
          {name}
        </h2>
        {summary && <Status row={summary} />}
        {summary && <Flags flags={summary.flags} />}
        <div className="row push detail-tools">
          {session.data && <SaveJson session={session.data} />}
          <Button look="quiet" onClick={onClose}>
            {words("app.close")}
          </Button>
        </div>
      </header>
      {session.isPending && <p className="soft">{say("detail.loading")}</p>}
      {session.isError && (
        <div className="banner warn" role="alert">
          <p>{say(isRefused(session.error, "not_found") ? "detail.missing" : "detail.failed")}</p>
          <Button onClick={() => void session.refetch()}>{words("app.tryAgain")}</Button>
        </div>
      )}
      {session.data && <Content session={session.data} />}
    </section>
  );
}

/** The session as it may be seen: without its candidate's name in blind review. */
function useShown(id: string) {
  const { blind } = useBlind();
  const nameOf = useNames();
  const session = useQuery({
    queryKey: ["recruiter-session", id],
    queryFn: () => recruiterApi.session(id),
    refetchInterval: ({ state }) => (state.data && isGrading(state.data) ? GRADING_MS : false),
  });
  const called = session.data ? nameOf(session.data) : "";
  const data = useMemo(
    () => (session.data && blind ? blinded(session.data, called) : session.data),
    [session.data, blind, called],
  );
  return { ...session, data };
}

function isGrading({ gradings }: SessionDetail): boolean {
  return gradings.some((grading) => !grading.counts && grading.graded < grading.answers);
}

/** Focus goes to the name, and back to where it came from; to the list's heading where that is gone. */
function useHeading(): React.RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const returnTo = useRef(document.activeElement);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const opener = returnTo.current;
    return () => {
      const isThere = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
      const target = isThere ? opener : document.getElementById("sessions");
      // once the list, which may have been covered, can take it
      queueMicrotask(() => target?.focus({ preventScroll: true }));
    };
  }, []);
  return heading;
}

function SaveJson({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const save = (): void => saveBlob(jsonOf(session), `interlock-session-${numberOf(session.id)}.json`);
  return (
    <Button look="quiet" onClick={save}>
      {say("board.exportJson")}
    </Button>
  );
}

function Content({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  return (
    <div className="stack loose">
      <div className="stack">
        <p className="facts soft small">
          <span>{session.interview_title}</span>
          <span>{say("row.attempt", { number: session.attempt })}</span>
          {session.extra_time_percent > 0 && (
            <span>{say("detail.extraTime", { percent: session.extra_time_percent })}</span>
          )}
          {session.candidate_email !== "" && <span>{session.candidate_email}</span>}
        </p>
        <Now session={session} />
        <Actions session={session} />
      </div>
      <Result session={session} />
      <Gradings session={session} />
      <section className="stack" aria-labelledby="answers">
        <h3 id="answers">{say("detail.answers")}</h3>
        {session.answers.length === 0 && <p className="soft">{say("detail.noAnswers")}</p>}
        {session.answers.map((answer) => (
          <AnswerCard key={answer.id} sessionId={session.id} answer={answer} />
        ))}
      </section>
      <Timeline session={session} />
    </div>
  );
}
