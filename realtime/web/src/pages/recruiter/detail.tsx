import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { recruiterApi } from "../../api/recruiter";
import { useBoard } from "../../board/board";
import type { SessionDetail } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { Actions } from "./actions";
import { AnswerCard } from "./answer-card";
import { Status } from "./session-row";
import { Audit, Timeline } from "./timeline";

interface DetailProps {
  id: string;
  onClose: () => void;
}

/** Everything about one session, beside the board; a region named by the candidate. */
export function Detail({ id, onClose }: DetailProps) {
  const say = useRecruiterWords();
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const returnTo = useRef(document.activeElement);
  const known = useBoard((board) => board.rows[id]);
  const session = useQuery({ queryKey: ["recruiter-session", id], queryFn: () => recruiterApi.session(id) });
  const summary = session.data ?? known;
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const opener = returnTo.current;
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <section
      className="detail"
      aria-labelledby={`detail-${id}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header className="detail-head">
        <h2 id={`detail-${id}`} ref={heading} tabIndex={-1}>
          {summary?.candidate_name}
        </h2>
        {summary && <Status row={summary} />}
        <Button look="quiet" className="push" onClick={onClose}>
          {words("app.close")}
        </Button>
      </header>
      {session.isPending && <p className="soft">{say("detail.loading")}</p>}
      {session.isError && (
        <div className="banner warn" role="alert">
          <p>{say("detail.failed")}</p>
          <Button onClick={() => void session.refetch()}>{words("app.tryAgain")}</Button>
        </div>
      )}
      {session.data && <Content session={session.data} />}
    </section>
  );
}

function Content({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  return (
    <div className="stack loose">
      <p className="soft">
        {session.interview_title}, {say("row.attempt", { number: session.attempt })}
      </p>
      <Actions session={session} />
      <Result session={session} />
      <section className="stack" aria-labelledby="answers">
        <h3 id="answers">{say("detail.answers")}</h3>
        {session.answers.length === 0 && <p className="soft">{say("detail.noAnswers")}</p>}
        {session.answers.map((answer) => (
          <AnswerCard key={answer.id} sessionId={session.id} answer={answer} />
        ))}
      </section>
      <Timeline entries={session.timeline} />
      <Audit records={session.audit} />
    </div>
  );
}

function Result({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const { final_score: score, max_score: max, percentage, recommendation } = session;
  return (
    <section className="result stack">
      <dl className="figures">
        <div>
          <dt>{say("detail.score")}</dt>
          <dd>
            {score === null ? say("detail.noScore") : say("row.points", { score, max })}
            {percentage !== null && <span className="soft"> {say("row.percent", { percentage })}</span>}
          </dd>
        </div>
        {recommendation !== null && (
          <div>
            <dt>{say("detail.recommendation")}</dt>
            <dd>
              {say(`recommendation.${recommendation}`)}{" "}
              <span className="soft small">
                {session.recommendation_signed_by === null
                  ? say("detail.advisory")
                  : say("detail.signedBy", { who: session.recommendation_signed_by })}
              </span>
            </dd>
          </div>
        )}
      </dl>
      {session.status !== "in_progress" && (
        <div className="stack tight">
          <h3>{say("detail.summary")}</h3>
          <p className={session.ai_summary === null ? "soft" : ""}>
            {session.ai_summary ?? say("detail.noSummary")}
          </p>
        </div>
      )}
      <Points title={say("feedback.strengths")} points={session.strengths} />
      <Points title={say("feedback.improvements")} points={session.improvements} />
    </section>
  );
}

/** A titled list, or nothing where there is nothing. */
export function Points({ title, points }: { title: string; points: readonly string[] }) {
  if (points.length === 0) return null;
  return (
    <div className="stack tight">
      <h4>{title}</h4>
      <ul className="plain-list">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}
