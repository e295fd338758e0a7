import { useEffect, useState } from "react";
import { remaining } from "../../session/progress";
import { useInterview } from "../../session/store";
import { useEngine } from "./candidate";

const LOOK_EVERY_MS = 100;

/**
 * Milliseconds left, rounded up to whole seconds so that a page renders once a second and not more. Read from
 * the deadline and the server's clock each time: a timer that slept is right at its next look.
 */
export function useRemaining(): number | null {
  const { clock } = useEngine();
  const progress = useInterview((state) => state.progress);
  const read = (): number | null => {
    const left = progress === null ? null : remaining(progress, clock.now());
    return left === null ? null : Math.max(0, Math.ceil(left / 1000)) * 1000;
  };
  const [, look] = useState(0);
  const shown = read();
  useEffect(() => {
    const timer = setInterval(() => {
      const left = read();
      if (left !== shown) look((count) => count + 1);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  });
  return shown;
}
