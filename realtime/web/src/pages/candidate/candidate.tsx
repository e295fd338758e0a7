import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState } from "react";
import { useIdentity } from "../../api/identity";
import { persistImport } from "../../app/persist-import";
import { useWords } from "../../i18n";
import { InterviewEngine } from "../../session/engine";
import { codeIsNear } from "../../session/progress";
import { useInterview } from "../../session/store";
import { Tab } from "../../session/tab";
import { Shell } from "../../ui/shell";
import { Done } from "./done";
import { Elsewhere, Superseded } from "./elsewhere";
import { Home } from "./home";
import { Notices } from "./notices";
import { Running } from "./running";
import { WelcomeBack } from "./welcome-back";
import "./candidate.css";

const EngineContext = createContext<InterviewEngine | null>(null);

/** The engine of this page; only below `Candidate`. */
export function useEngine(): InterviewEngine {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error("useEngine outside of the candidate's page");
  return engine;
}

export default function Candidate() {
  const client = useQueryClient();
  const userId = useIdentity((state) => state.identity?.user.id ?? "");
  const [engine, setEngine] = useState<InterviewEngine | null>(null);
  useEffect(() => {
    let started: InterviewEngine | null = null;
    let left = false;
    void Tab.claim().then((tab) => {
      if (left) return;
      started = new InterviewEngine(tab, client, userId);
      setEngine(started);
    });
    return () => {
      left = true;
      started?.close();
    };
  }, [client, userId]);
  const near = useInterview((state) => state.progress !== null && codeIsNear(state.progress));
  // The editor is the one big chunk: it comes one question early, not when the clock of its own runs.
  useEffect(() => {
    if (near) void persistImport(() => import("./code"));
  }, [near]);
  if (!engine) return <Quiet />;
  return (
    <EngineContext value={engine}>
      <Screen />
      <Notices />
    </EngineContext>
  );
}

function Screen() {
  const screen = useInterview((state) => state.screen);
  switch (screen.at) {
    case "loading":
      return <Quiet />;
    case "unreachable":
      return <Unreachable />;
    case "home":
      return <Home />;
    case "welcome":
      return <WelcomeBack />;
    case "elsewhere":
      return <Elsewhere />;
    case "superseded":
      return <Superseded reason={screen.reason} />;
    case "ended":
      return <Done ended={screen} />;
    case "running":
      return <Running />;
  }
}

function Quiet() {
  const say = useWords();
  return (
    <Shell settled={false}>
      <p className="soft" role="status">
        {say("app.loading")}
      </p>
    </Shell>
  );
}

function Unreachable() {
  const say = useWords();
  return (
    <Shell>
      <div className="stack" role="alert">
        <h1>{say("unreachable.title")}</h1>
        <p>{say("unreachable.how")}</p>
      </div>
    </Shell>
  );
}
