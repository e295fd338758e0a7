// The Date header has whole seconds, cut off: on average half a second ago.
const CUT_OFF_MS = 500;
let ahead = 0;

/** Learn the server's time from an answer's Date header: good to a second, which is enough for a board. */
export function noteDate(header: string | null): void {
  const date = header === null ? NaN : Date.parse(header);
  if (!Number.isNaN(date)) ahead = date + CUT_OFF_MS - Date.now();
}

/** The server's time in milliseconds since the epoch, to about a second. */
export function serverNow(): number {
  return Date.now() + ahead;
}
