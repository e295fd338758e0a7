import { useEffect, type RefObject } from "react";
import type { Board } from "../../board/board";

/** A pointer that rested on the list for this long belongs to somebody who is elsewhere. */
const REST_MS = 60_000;

/**
 * Tells the board whether somebody reads `list`: the pointer has moved over it a moment ago, the focus is in
 * it, or it is scrolled down. Only then do its rows stay where they are.
 */
export function useReading(board: Board, list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    let over = false;
    let rest: ReturnType<typeof setTimeout> | null = null;
    const tell = (): void => {
      const isInside = element.contains(document.activeElement);
      board.reading(over || isInside || element.getBoundingClientRect().top < 0);
    };
    const leave = (): void => {
      over = false;
      if (rest !== null) clearTimeout(rest);
      tell();
    };
    const move = (event: PointerEvent): void => {
      if (event.movementX === 0 && event.movementY === 0) return; // the list moved, not the pointer
      over = true;
      if (rest !== null) clearTimeout(rest);
      rest = setTimeout(leave, REST_MS);
      tell();
    };
    const later = (): void => void setTimeout(tell); // the focus is on its way
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("focusin", tell);
    element.addEventListener("focusout", later);
    window.addEventListener("scroll", tell, { passive: true });
    return () => {
      if (rest !== null) clearTimeout(rest);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("focusin", tell);
      element.removeEventListener("focusout", later);
      window.removeEventListener("scroll", tell);
      board.reading(false);
    };
  }, [board, list]);
}
