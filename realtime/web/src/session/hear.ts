import type { QueryClient } from "@tanstack/react-query";
import type { CandidateEvents } from "../generated/contracts";
import * as cache from "./cache";
import { minutesAndSeconds, type ServerClock } from "./clock";
import type { CandidateEvent } from "./link";
import * as of from "./progress";
import type { Runner } from "./runner";
import { get, notify } from "./store";
import { tellClosed } from "./tell-closed";

export interface HearPorts {
  runner: Runner;
  clock: ServerClock;
  client: QueryClient;
  onSuperseded: (reason: CandidateEvents["session_superseded"]["reason"]) => void;
  /** The server is ahead of what was heard here. */
  onBehind: () => void;
}

/** Take in one event of the running session; what is older than what is known changes nothing. */
export function hear(event: CandidateEvent, ports: HearPorts): void {
  const { progress } = get();
  if (event.payload.session_id !== progress?.sessionId) return;
  const { runner, clock, client } = ports;
  switch (event.name) {
    case "tick":
      clock.oneWay(event.payload.server_time_ms);
      if (event.payload.revision > progress.revision) ports.onBehind();
      runner.move(of.ticked(progress, event.payload));
      return;
    case "question_opened":
      clock.oneWay(event.payload.server_time_ms);
      cache.rememberQuestion(client, progress.sessionId, event.payload.question);
      runner.move(of.questionOpened(progress, event.payload));
      return;
    case "question_expired":
      if (!of.isNews(progress, event.payload)) return;
      tellClosed(progress.sessionId, event.payload.question_index, {
        empty: event.payload.submitted === "empty",
      });
      return;
    case "deadline_changed":
      deadlineChanged(progress, event.payload, runner);
      return;
    case "session_paused":
      runner.flush();
      runner.move(of.paused(progress, event.payload, clock.now()));
      return;
    case "session_resumed":
      runner.move(of.resumed(progress, event.payload));
      notify({ tone: "info", key: "notice.resumed" });
      return;
    case "session_terminated":
      runner.move(of.ended(progress, event.payload, "terminated"));
      return;
    case "session_completed":
      runner.move(of.ended(progress, event.payload, "completed"));
      return;
    case "session_superseded":
      ports.onSuperseded(event.payload.reason);
      return;
    case "message":
      notify({
        tone: "message",
        key: "notice.message",
        words: { from: event.payload.from },
        quote: event.payload.text,
      });
  }
}

function deadlineChanged(
  progress: of.Progress,
  event: CandidateEvents["deadline_changed"],
  runner: Runner,
): void {
  const next = of.deadlineChanged(progress, event);
  if (next === progress) return;
  runner.move(next);
  if (event.reason === "resumed") return;
  const gained = (next.deadline ?? 0) - (progress.deadline ?? next.deadline ?? 0);
  if (gained <= 0) return;
  const key = event.reason === "outage" ? "notice.outage" : "notice.extended";
  notify({ tone: "good", key, words: { time: minutesAndSeconds(gained - 499) } });
}
