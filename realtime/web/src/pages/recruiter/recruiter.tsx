import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useAddress } from "../../app/router";
import { Board, useBoard } from "../../board/board";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Link } from "../../ui/link";
import { Shell } from "../../ui/shell";
import { tickAll } from "./selection";
import { Sessions } from "./sessions";
import "./recruiter.css";
import "./board.css";
import "./detail.css";

const Interviews = lazy(() => import("./interviews"));
const Statistics = lazy(() => import("./statistics"));
const Authoring = lazy(() => import("./authoring/authoring"));

export default function Recruiter() {
  const client = useQueryClient();
  const [board] = useState(() => new Board(client));
  const address = useAddress().searchParams;
  const view = address.get("view");
  useEffect(() => {
    board.open();
    return () => {
      board.close();
      tickAll([]);
    };
  }, [board]);
  return (
    <Shell wide bar={<Bar view={view} />}>
      <View view={view} id={address.get("id") ?? "new"} board={board} />
    </Shell>
  );
}

function View({ view, id, board }: { view: string | null; id: string; board: Board }) {
  const say = useRecruiterWords();
  const loading = <p className="soft">{say("board.loading")}</p>;
  switch (view) {
    case "interviews":
      return (
        <Suspense fallback={loading}>
          <Interviews />
        </Suspense>
      );
    case "edit":
      return (
        <Suspense fallback={loading}>
          <Authoring key={id} id={id} />
        </Suspense>
      );
    case "statistics":
      return (
        <Suspense fallback={loading}>
          <Statistics />
        </Suspense>
      );
    default:
      return <Sessions board={board} />;
  }
}

function Bar({ view }: { view: string | null }) {
  const say = useRecruiterWords();
  const connection = useBoard((state) => state.connection);
  return (
    <>
      <nav aria-label={say("nav.label")} className="tabs">
        <Link href="/recruiter" aria-current={view === null ? "page" : undefined}>
          {say("nav.sessions")}
        </Link>
        <Link
          href="/recruiter?view=interviews"
          aria-current={view === "interviews" || view === "edit" ? "page" : undefined}
        >
          {say("nav.interviews")}
        </Link>
        <Link href="/recruiter?view=statistics" aria-current={view === "statistics" ? "page" : undefined}>
          {say("nav.statistics")}
        </Link>
      </nav>
      <span className="live soft small" role="status" data-connection={connection}>
        <span className="live-dot" aria-hidden="true" />
        {say(`live.${connection}`)}
      </span>
    </>
  );
}
