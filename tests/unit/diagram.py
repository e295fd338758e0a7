"""Reads a diagram of states that is drawn with lines and arrowheads: what leads where, and what it is called."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

LINES = "─│├└"
HEADS = "►▼▲"
WORDS = re.compile(rf"[^\s{LINES}{HEADS}]+(?: [^\s{LINES}{HEADS}]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Arrow:
    """From one state to another; `label` is what is written at it, if anything is."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """Words and where they stand; `end` is the column after the last one."""

    text: str
    row: int
    start: int
    end: int


class Drawing:
    """A drawing; what cannot be followed from a head back to a state is in `faults`."""

    def __init__(self, text: str, *, states: Collection[str]) -> None:
        lines = text.splitlines()
        width = max(map(len, lines)) + 2
        self._cells = [line.ljust(width) for line in lines]
        self._words = [
            Word(found[0], row, found.start(), found.end())
            for row, line in enumerate(lines)
            for found in WORDS.finditer(line)
        ]
        self._states = [word for word in self._words if word.text in states]
        self._followed: set[tuple[int, int]] = set()
        self._said: set[Word] = set(self._states)
        self.faults: list[str] = []
        self.arrows = sorted(self._arrows())
        self.asides = [word.text for word in self._words if word not in self._said]
        self.faults += [
            f"a line in row {row}, column {column} belongs to no arrow"
            for row, line in enumerate(self._cells)
            for column, cell in enumerate(line)
            if cell in LINES and (row, column) not in self._followed
        ]

    def _arrows(self) -> Iterator[Arrow]:
        for row, line in enumerate(self._cells):
            for column, cell in enumerate(line):
                if cell not in HEADS:
                    continue
                down, right = {"►": (0, 1), "▼": (1, 0), "▲": (-1, 0)}[cell]
                target = self._after(row, column) if right else self._touching(row + down, column)
                path = list(self._back(row, column, down=-down, right=-right))
                self._followed.update(path)
                source = self._source(path[-1]) if path else None
                if source is None or target is None:
                    self.faults.append(f"the {cell} in row {row}, column {column} leads from or to nowhere")
                else:
                    yield Arrow(source, target, self._label(path))

    def _back(self, row: int, column: int, *, down: int, right: int) -> Iterator[tuple[int, int]]:
        """Follow a line from its head to its beginning; at a corner and at a fork it goes on upwards."""
        while True:
            row, column = row + down, column + right
            cell = self._cells[row][column] if 0 <= row < len(self._cells) else " "
            if cell not in LINES or (right and cell == "│") or (down and cell == "─"):
                return
            yield row, column
            if cell in "├└":
                down, right = -1, 0

    def _source(self, beginning: tuple[int, int]) -> str | None:
        row, column = beginning
        if self._cells[row][column] == "─":
            before = [word for word in self._states if (word.row, word.end) == (row, column - 1)]
            return before[0].text if before else None
        return self._touching(row - 1, column) or self._touching(row + 1, column)

    def _after(self, row: int, column: int) -> str | None:
        """The state that follows a head, a blank between them."""
        following = [word for word in self._states if (word.row, word.start) == (row, column + 2)]
        return following[0].text if following else None

    def _touching(self, row: int, column: int) -> str | None:
        """The state below or above a line in `column`, or at its side by one column."""
        near = [word for word in self._states if word.row == row and word.start - 1 <= column <= word.end]
        return near[0].text if len(near) == 1 else None

    def _label(self, path: list[tuple[int, int]]) -> str:
        """What is written above a line that lies, or to the left of one that stands."""
        lying = {cell for cell in path if self._cells[cell[0]][cell[1]] == "─"}
        for word in self._words:
            if word in self._said:
                continue
            above = any((word.row + 1, column) in lying for column in range(word.start, word.end))
            beside = not lying and (word.row, word.end + 1) in path
            if above or beside:
                self._said.add(word)
                return word.text
        return ""
