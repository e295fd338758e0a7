import { useEffect, useState } from "react";
import { Refused, Unreachable } from "../../api/errors";
import { forgets } from "../../app/storage";
import { useWords } from "../../i18n";
import { useInterview } from "../../session/store";
import { useEngine } from "./candidate";

const SLOW_MS = 400;
const SKEWED_MS = 5_000;

interface Line {
  good: boolean | null;
  words: string;
}

/** What the interview rests on, tried before it begins; nothing of it keeps anybody from starting. */
export function SystemCheck() {
  const say = useWords();
  const connection = useConnectionCheck();
  const lines: readonly (readonly [string, Line])[] = [
    [say("check.connection"), connection.line],
    [say("check.clock"), connection.clock],
    [say("check.storage"), useStorageCheck()],
    [say("check.browser"), useBrowserCheck()],
  ];
  return (
    <dl className="check" aria-label={say("check.title")}>
      {lines.map(([name, line]) => (
        <div key={name} data-good={line.good ?? undefined}>
          <dt>{name}</dt>
          <dd>{line.words}</dd>
        </div>
      ))}
    </dl>
  );
}

function useConnectionCheck(): { line: Line; clock: Line } {
  const say = useWords();
  const engine = useEngine();
  const online = useInterview((state) => state.connection === "online");
  const [trip, setTrip] = useState<{ ms: number; off: number } | null>(null);
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), 4_000);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!online) return;
    engine.measure().then(
      (ms) => setTrip({ ms: Math.round(ms), off: Math.abs(engine.clock.now() - Date.now()) }),
      (error: unknown) => {
        if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
        setTrip(null); // the line stays at "no live connection"
      },
    );
  }, [engine, online]);
  const working = { good: null, words: say("check.working") };
  if (!online || trip === null) {
    const none = { good: false, words: say("check.connectionNone") };
    return {
      line: waited ? none : working,
      clock: waited ? { good: true, words: say("check.clockGood") } : working,
    };
  }
  const { ms, off } = trip;
  const seconds = Math.round(off / 1000);
  return {
    line: {
      good: ms < SLOW_MS,
      words: say(ms < SLOW_MS ? "check.connectionGood" : "check.connectionSlow", { ms }),
    },
    clock: {
      good: true,
      words: off < SKEWED_MS ? say("check.clockGood") : say("check.clockOff", { seconds }),
    },
  };
}

function useStorageCheck(): Line {
  const say = useWords();
  return { good: !forgets, words: say(forgets ? "check.storageBad" : "check.storageGood") };
}

/** What the pages are built on; without `crypto` only receipts are not checked. */
function useBrowserCheck(): Line {
  const say = useWords();
  const missing = missingParts(window);
  return missing.length === 0
    ? { good: true, words: say("check.browserGood") }
    : { good: false, words: say("check.browserOld", { what: missing.join(", ") }) };
}

/** Names of what a browser does not have, as its makers call them. */
export function missingParts(of: object): string[] {
  const needed = ["WebSocket", "indexedDB", "AbortSignal", "structuredClone"];
  const missing = needed.filter((name) => !(name in of));
  const crypto = (of as { crypto?: { subtle?: unknown } }).crypto;
  return crypto?.subtle === undefined ? [...missing, "crypto.subtle"] : missing;
}
