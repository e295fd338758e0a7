import { Refused, Unreachable } from "../../api/errors";

export type Outcome = { done: true } | { done: false; error: Refused | Unreachable };

/** As many at a time: quick for a hundred, and far below what one user may ask for in a second. */
const AT_ONCE = 4;

/** Do something to each of `targets`; one that fails stops none of the others. */
export async function each<Target extends { id: string }>(
  targets: readonly Target[],
  run: (target: Target) => Promise<unknown>,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = [...targets];
  const work = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      outcomes.set(target.id, await outcomeOf(run(target)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

async function outcomeOf(running: Promise<unknown>): Promise<Outcome> {
  try {
    await running;
    return { done: true };
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreachable) return { done: false, error };
    throw error;
  }
}
