import { create } from "zustand";
import { useBoard } from "../../board/board";

/** The sessions that are ticked on the board, to do something to all of them. */
export const useSelection = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

export function tick(id: string, ticked: boolean): void {
  const ids = new Set(useSelection.getState().ids);
  if (ticked) ids.add(id);
  else ids.delete(id);
  useSelection.setState({ ids });
}

export function tickAll(ids: readonly string[]): void {
  useSelection.setState({ ids: new Set(ids) });
}

/** Those that are ticked and can be seen: nothing is ever done to what a filter hides. */
export function useTicked(): string[] {
  const ids = useSelection(({ ids }) => ids);
  const order = useBoard(({ order }) => (ids.size > 0 ? order : NONE));
  return order.filter((id) => ids.has(id));
}

const NONE: readonly string[] = [];
