// What spreadsheet programs would take for a formula.
const FORMULA = /^[=+\-@\t\r\n]/;
// Without it they take UTF-8 for something older.
const BYTE_ORDER_MARK = "\ufeff";

/** Rows as CSV that is safe to open in a spreadsheet. */
export function spreadsheet(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return BYTE_ORDER_MARK + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
