import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { navigate } from "../../app/router";
import { useWords } from "../../i18n";
import { historyQuery } from "../../session/cache";
import type { Ended } from "../../session/store";
import { Button } from "../../ui/button";
import { Shell } from "../../ui/shell";
import { useEngine } from "./candidate";
import { Receipts } from "./receipts";

/** The end, however it came: said plainly, with the receipts. */
export function Done({ ended: { sessionId, title, status, reason } }: { ended: Ended }) {
  const say = useWords();
  const engine = useEngine();
  const heading = useRef<HTMLHeadingElement>(null);
  const history = useQuery(historyQuery);
  const entry = history.data?.find((past) => past.id === sessionId);
  const head = say(TITLES[status]);
  useEffect(() => {
    heading.current?.focus();
    document.title = `${head} · ${say("app.name")}`;
  });
  const goHome = (): void => {
    navigate("/interview");
    void engine.boot();
  };
  return (
    <Shell>
      <div className="stack loose">
        <div className="stack tight">
          <p className="soft">{title}</p>
          <h1 ref={heading} tabIndex={-1}>
            {head}
          </h1>
          <p>{say(LEADS[status])}</p>
          {reason !== null && <p>{say("done.reason", { reason })}</p>}
          {status === "completed" && <p className="soft">{say("done.next")}</p>}
        </div>
        {entry && entry.answers.length > 0 && (
          <section className="card stack" aria-labelledby="receipts">
            <h2 id="receipts">{say("done.receipts")}</h2>
            <Receipts sessionId={sessionId} answers={entry.answers} />
          </section>
        )}
        <div>
          <Button onClick={goHome}>{say("done.home")}</Button>
        </div>
      </div>
    </Shell>
  );
}

const TITLES = {
  completed: "done.title",
  terminated: "done.terminatedTitle",
  abandoned: "done.abandonedTitle",
} as const;

const LEADS = { completed: "done.lead", terminated: "done.terminated", abandoned: "done.abandoned" } as const;
