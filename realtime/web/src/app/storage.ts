export type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** What the browser keeps, or, where it forbids that, a memory that lasts as long as the page. */
export const local: Kept = usable(() => localStorage);
export const session: Kept = usable(() => sessionStorage);

/** Whether what is typed would be gone with the page. */
export const forgets = !(local instanceof Storage);

function usable(open: () => Storage): Kept {
  try {
    const storage = open();
    storage.setItem("interlock.check", "1");
    storage.removeItem("interlock.check");
    return storage;
  } catch {
    return memory(); // forbidden (private mode, blocked site data) or full: the page works, and forgets
  }
}

function memory(): Kept {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    key: (at) => [...values.keys()][at] ?? null,
    get length() {
      return values.size;
    },
  };
}
