import { useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useBoard, type Board } from "../../board/board";
import { useRecruiterWords } from "../../i18n/recruiter";
import { SessionRow } from "./session-row";
import { useReading } from "./use-reading";

const COLUMNS = [
  "select",
  "candidate",
  "status",
  "interview",
  "question",
  "left",
  "connection",
  "score",
  "activity",
] as const;

/** Up to here the whole list is on the page, for the browser's own search and for who reads by ear. */
const ALL_ROWS = 100;
const ROW_PX = 53;
const OVERSCAN = 10;

interface SessionListProps {
  board: Board;
  open: string | null;
}

/** The table of sessions; of a long one only the rows that can be seen are on the page. */
export function SessionList({ board, open }: SessionListProps) {
  const say = useRecruiterWords();
  const order = useBoard((board) => board.order);
  const frame = useRef<HTMLTableElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const margin = useTop(body);
  useReading(board, frame);
  const rows = useWindowVirtualizer({
    count: order.length,
    estimateSize: () => ROW_PX,
    getItemKey: (at) => order[at] ?? at,
    scrollMargin: margin,
    overscan: OVERSCAN,
    rangeExtractor: order.length <= ALL_ROWS ? whole : around,
  });
  return (
    <table
      ref={frame}
      role="table"
      className="sessions"
      aria-labelledby="sessions"
      aria-rowcount={order.length + 1}
    >
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <th key={column} role="columnheader" scope="col" data-column={column}>
              <span className={column === "select" ? "unseen" : undefined}>{say(`column.${column}`)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} role="rowgroup" style={{ height: rows.getTotalSize() }} onKeyDown={byArrow}>
        {rows.getVirtualItems().map((item) => (
          <SessionRow
            key={item.key}
            id={order[item.index] ?? ""}
            at={item.index}
            open={order[item.index] === open}
            start={item.start - margin}
            measure={rows.measureElement}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Up and down go from name to name. */
function byArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target instanceof Element ? event.target.closest("tr") : null;
  if (step === undefined || !row) return;
  const next = Number(row.dataset.index) + step;
  const name = event.currentTarget.querySelector<HTMLElement>(`tr[data-index="${next}"] .name`);
  if (!name) return;
  event.preventDefault();
  name.focus();
}

function whole({ count }: Range): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function around({ startIndex, endIndex, overscan, count }: Range): number[] {
  const from = Math.max(0, startIndex - overscan);
  const to = Math.min(count - 1, endIndex + overscan);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}

/** How far down the page an element begins, whatever is above it. */
function useTop(element: React.RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      const box = element.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return top;
}
