import { create } from "zustand";

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
