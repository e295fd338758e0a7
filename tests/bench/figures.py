"""What a measurement found: a value, what it stands beside, and the bar it is held to; as a table and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Literal

import orjson

Comparison = Literal["<=", ">="]


@dataclass(frozen=True, slots=True)
class Bar:
    """How good a figure has to be, and how good we would like it."""

    comparison: Comparison
    limit: float
    goal: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether `value` is good enough."""
        return value <= self.limit if self.comparison == "<=" else value >= self.limit

    def reaches_goal(self, value: float) -> bool:
        """Whether `value` is as good as we would like it."""
        if self.goal is None:
            return False
        return value <= self.goal if self.comparison == "<=" else value >= self.goal


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; with a peer's beside it, the bar is for the ratio of the two, else for the value."""

    name: str
    unit: str
    value: float
    peer: str = ""
    peer_value: float | None = None
    bar: Bar | None = None
    samples: tuple[float, ...] = ()
    peer_samples: tuple[float, ...] = ()
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Our value over the peer's; None without a peer."""
        if self.peer_value is None:
            return None
        return self.value / self.peer_value if self.peer_value else float("inf")

    @property
    def judged(self) -> float:
        """What the bar is for."""
        return self.value if self.ratio is None else self.ratio

    @property
    def verdict(self) -> str:
        """met, goal, missed; nothing where there is no bar."""
        if self.bar is None:
            return ""
        if not self.bar.is_met(self.judged):
            return "MISSED"
        return "met, goal too" if self.bar.reaches_goal(self.judged) else "met"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured."""

    cores: int
    processor: str
    memory_mib: int
    kernel: str
    python: str
    node: str
    load_before: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the bench."""

    at: datetime
    commit: str
    changed_files: int
    quick: bool
    machine: Machine
    figures: tuple[Figure, ...]
    failed: tuple[str, ...] = ()


def of_medians(
    name: str,
    *,
    unit: str,
    samples: Sequence[float],
    peer: str = "",
    peer_samples: Sequence[float] = (),
    bar: Bar | None = None,
    note: str = "",
) -> Figure:
    """Make a figure of the medians of several rounds."""
    return Figure(
        name=name,
        unit=unit,
        value=median(samples),
        peer=peer,
        peer_value=median(peer_samples) if peer_samples else None,
        bar=bar,
        samples=tuple(samples),
        peer_samples=tuple(peer_samples),
        note=note,
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of the values (sorted, at least one) do not exceed."""
    if not ordered:
        raise ValueError("there is no percentile of nothing")
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def table(figures: Iterable[Figure]) -> str:
    """Write figures as a table for people."""
    rows: list[tuple[str, ...]] = [("what", "ours", "peer", "", "ratio", "bar", "")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def write_json(report: Report, path: Path) -> None:
    """Write the whole run, raw windows included."""
    figures = [
        asdict(figure) | {"ratio": figure.ratio, "verdict": figure.verdict} for figure in report.figures
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(asdict(report) | {"figures": figures}, option=orjson.OPT_INDENT_2) + b"\n")


def _row(figure: Figure) -> tuple[str, ...]:
    bar = figure.bar
    wanted = "" if bar is None else f"{bar.comparison} {_short(bar.limit)}"
    if bar is not None and bar.goal is not None:
        wanted += f" (goal {_short(bar.goal)})"
    return (
        figure.name + (f" [{figure.note}]" if figure.note else ""),
        f"{_short(figure.value)} {figure.unit}".rstrip(),
        "" if figure.peer_value is None else _short(figure.peer_value),
        figure.peer,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        wanted,
        figure.verdict,
    )


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    right = {1, 2, 4}
    return [
        cell.rjust(width) if column in right else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _short(value: float) -> str:
    if value == 0 or abs(value) >= 1_000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"
