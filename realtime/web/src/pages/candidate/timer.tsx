import { useEffect, useRef, useState } from "react";
import { local } from "../../app/storage";
import { useWords, type CandidateKey } from "../../i18n";
import { minutesAndSeconds } from "../../session/clock";
import { useInterview } from "../../session/store";
import { Button } from "../../ui/button";
import { spokenBetween, thresholdAt } from "./spoken";
import { useRemaining } from "./use-remaining";

interface TimerProps {
  label: CandidateKey;
  /** Whether the person may put it out of sight; it comes back for the last minute. */
  hideable?: boolean;
}

export function Timer({ label, hideable = false }: TimerProps) {
  const say = useWords();
  const left = useRemaining();
  const [hidden, setHidden] = useState(() => local.getItem(HIDE_KEY) === "1");
  const hide = (hide: boolean): void => {
    local.setItem(HIDE_KEY, hide ? "1" : "0");
    setHidden(hide);
  };
  const limit = useInterview((state) => state.progress?.timeLimits[state.progress.index] ?? 0);
  const threshold = hideable && left !== null ? thresholdAt(left, limit * 1000) : null;
  const last = threshold === "last";
  const covered = hideable && hidden && !last;
  return (
    <div className="timer" data-threshold={threshold ?? undefined}>
      <span className="timer-label" data-at={threshold ?? "early"} aria-hidden="true">
        {say(threshold === null ? label : `timer.${threshold}`)}
      </span>
      <span role="timer" aria-live="off" aria-label={say(label)} className="timer-digits">
        {covered ? say("timer.hidden") : left === null ? "–:––" : minutesAndSeconds(left)}
      </span>
      {hideable && !last && (
        <Button look="quiet" onClick={() => hide(!hidden)}>
          {say(hidden ? "timer.show" : "timer.hide")}
        </Button>
      )}
      <Spoken left={left} />
    </div>
  );
}

const HIDE_KEY = "interlock.hide-timer";

/** The live region: filled when a threshold is crossed while looking, not on arrival below it. */
function Spoken({ left }: { left: number | null }) {
  const say = useWords();
  const before = useRef<number | null>(null);
  const [spoken, setSpoken] = useState<CandidateKey | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = left;
    if (left === null || was === null) return;
    const crossed = spokenBetween(was, left);
    if (crossed) setSpoken(crossed);
    else if (left > was) setSpoken(null);
  }, [left]);
  return (
    <span className="unseen" role="status">
      {spoken === null ? "" : say(spoken)}
    </span>
  );
}
