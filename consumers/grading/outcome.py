"""What a grader found, and the arithmetic of points: two decimals, always within 0…points."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Literal, TypeAlias

State: TypeAlias = Literal["partial", "failed", "scored", "needs_review"]

# Of the feedback: the contract has a sentence for mcq and an object for the others.
Feedback: TypeAlias = str | dict[str, Any]

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of grading one answer; `score` is None where nothing could be computed."""

    state: State
    score: float | None
    feedback: Feedback
    graded_by: Literal["rule", "ai"]
    provenance: dict[str, Any] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    def pending(self) -> "Outcome":
        """The same while the AI's part is being tried again: what could be computed stands."""
        return replace(self, state="failed" if self.score is None else "partial")


def portion(points: Decimal | int, share: float) -> float:
    """Points for a share in 0…1, rounded to two decimals; shares beyond the bounds count as the bound."""
    exact = Decimal(points) * Decimal(repr(_bounded(share)))
    return float(exact.quantize(_CENT, ROUND_HALF_UP))


def allocate(
    points: Decimal | int, *, shares: Sequence[float], weights: Sequence[float]
) -> tuple[float, ...]:
    """Points for each weighted share, so rounded that together they are exactly the rounded whole."""
    total_weight = sum(Decimal(repr(weight)) for weight in weights)
    exact = [
        Decimal(points) * Decimal(repr(_bounded(share))) * Decimal(repr(weight)) / total_weight
        for share, weight in zip(shares, weights, strict=True)
    ]
    floors = [part.quantize(_CENT, ROUND_FLOOR) for part in exact]
    missing = sum(exact, Decimal(0)).quantize(_CENT, ROUND_HALF_UP) - sum(floors, Decimal(0))
    # the cents that rounding down took go to those that lost most by it
    by_loss = sorted(range(len(exact)), key=lambda place: exact[place] - floors[place], reverse=True)
    for place in by_loss[: int(missing / _CENT)]:
        floors[place] += _CENT
    return tuple(float(part) for part in floors)


def add(*scores: float) -> float:
    """Sum scores without the dust of binary fractions."""
    return float(sum((Decimal(repr(score)) for score in scores), Decimal(0)).quantize(_CENT, ROUND_HALF_UP))


def _bounded(share: float) -> float:
    return min(1.0, max(0.0, share))
