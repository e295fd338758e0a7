import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { candidateApi } from "../../api/candidate";
import { navigate, useAddress } from "../../app/router";
import type { AvailableInterview } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { keys, PERSISTED } from "../../session/cache";
import { Button } from "../../ui/button";
import { Link } from "../../ui/link";
import { Shell } from "../../ui/shell";
import { Before } from "./before";
import { History } from "./history";

/** Where a candidate lands: with one invitation its instructions, with several a list to choose from. */
export function Home() {
  const say = useWords();
  const interviews = useQuery({
    queryKey: keys.available,
    queryFn: candidateApi.available,
    meta: PERSISTED,
    refetchOnMount: "always",
  });
  const chosen = useAddress().searchParams.get("interview");
  useEffect(() => {
    document.title = `${say("home.title")} · ${say("app.name")}`;
  });
  const open = interviews.data ?? [];
  const only = open.length === 1 ? open[0] : open.find((interview) => interview.interview_id === chosen);
  return (
    <Shell settled={!interviews.isPending}>
      <div className="stack loose">
        {only ? (
          <>
            {open.length > 1 && <Link href="/interview">← {say("start.all")}</Link>}
            <Before interview={only} />
          </>
        ) : (
          <>
            <h1>{say("home.title")}</h1>
            {interviews.isPending && <p className="soft">{say("app.loading")}</p>}
            {interviews.isError && <Failed onRetry={() => void interviews.refetch()} />}
            {interviews.data?.length === 0 && <None />}
            {open.map((interview) => (
              <Choice key={interview.interview_id} interview={interview} />
            ))}
          </>
        )}
        <History />
      </div>
    </Shell>
  );
}

function Choice({ interview }: { interview: AvailableInterview }) {
  const say = useWords();
  return (
    <article className="card stack">
      <div className="stack tight">
        <h2>{interview.title}</h2>
        {interview.description !== null && <p className="description">{interview.description}</p>}
        <Size interview={interview} />
      </div>
      <div>
        <Button onClick={() => navigate(`/interview?interview=${interview.interview_id}`)}>
          {say("home.choose")}
        </Button>
      </div>
    </article>
  );
}

/** How much it is, in one line. */
export function Size({ interview }: { interview: AvailableInterview }) {
  const say = useWords();
  return (
    <p className="facts soft small">
      <span>{say("home.questions", { count: interview.question_count })}</span>
      <span>{say("home.minutes", { count: Math.ceil(interview.total_seconds / 60) })}</span>
      <span>{say("home.attempts", { count: interview.attempts_left })}</span>
    </p>
  );
}

function None() {
  const say = useWords();
  return (
    <div className="card stack tight">
      <h2>{say("home.none")}</h2>
      <p className="soft">{say("home.noneHow")}</p>
    </div>
  );
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const say = useWords();
  return (
    <div className="banner warn" role="alert">
      <p>{say("signIn.unreachable")}</p>
      <Button onClick={onRetry}>{say("app.tryAgain")}</Button>
    </div>
  );
}
