import { useSyncExternalStore } from "react";

const SECOND_MS = 1000;
let second = performance.now();
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;

/** One beat a second for all that counts down or up, on this computer's steady clock. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, () => second);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) second = performance.now();
  listeners.add(listener);
  ticking ??= setInterval(beat, SECOND_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || ticking === null) return;
    clearInterval(ticking);
    ticking = null;
  };
}

function beat(): void {
  second = performance.now();
  for (const listener of [...listeners]) listener();
}
