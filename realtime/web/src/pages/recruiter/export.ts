import { hider } from "./blind";

export function jsonOf(value: unknown): Blob {
  return new Blob([JSON.stringify(value, null, 2)], { type: "application/json" });
}

export function csvOf(text: string): Blob {
  return new Blob([text], { type: "text/csv;charset=utf-8" });
}

/**
 * The server's CSV without names: each row is called as on the screen, its email is empty, and neither stands
 * in any other cell.
 */
export function blindCsv(
  file: string,
  nameOf: (session: { id: string; candidate_name: string }) => string,
): string {
  const [head = [], ...rows] = readCsv(file.replace(/^\uFEFF/, ""));
  const column = (name: string): number => head.indexOf(name);
  const [id, name, email] = [column("session_id"), column("candidate_name"), column("candidate_email")];
  const lines = rows.map((cells) => {
    const session = {
      id: cells[id] ?? "",
      candidate_name: cells[name] ?? "",
      candidate_email: cells[email] ?? "",
    };
    const hide = hider(session);
    return cells.map((cell, at) => {
      if (at === name) return nameOf(session);
      return at === email ? "" : hide(cell);
    });
  });
  return `\uFEFF${[head, ...lines].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("")}`;
}

/** Every cell of ours is quoted, so that a quote, a comma and a line's end are all there is to mind. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, cell = "", end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(cell.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
