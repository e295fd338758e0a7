"""How far two graders agree: figures over pairs of ratings, pure arithmetic."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

# Scores of questions with different points are compared as shares, in tenths: finer than people grade, and coarse
# enough that two who mean the same usually land in the same one.
BANDS = 11


def band(score: float, points: float, *, bands: int = BANDS) -> int:
    """The category 0…`bands` - 1 of a score out of `points`, to the nearest; a half goes up. Raises ValueError."""
    if points <= 0 or bands < 2:
        raise ValueError("a band needs points above 0 and at least two bands")
    share = min(1.0, max(0.0, score / points))
    return math.floor(share * (bands - 1) + 0.5)


def quadratic_weighted_kappa(first: Sequence[int], second: Sequence[int], *, categories: int) -> float | None:
    """Cohen's kappa with quadratic weights over categories 0…`categories` - 1: 1 is agreement, 0 what chance would give.

    None where it is not defined: without pairs, or where all ratings are one category, for then chance cannot disagree.
    Raises ValueError where a rating is no category or the ratings are not pairs.
    """
    _check_pairs(first, second)
    if any(not 0 <= rating < categories for rating in (*first, *second)):
        raise ValueError(f"a rating is not in 0…{categories - 1}")
    return kappa_of_counts(Counter(zip(first, second, strict=True)))


def kappa_of_counts(counts: Mapping[tuple[int, int], int]) -> float | None:
    """The same kappa of how often each pair of ratings came up. None where it is not defined."""
    # the weights' common divisor, (categories - 1)², cancels out; the rest is whole numbers, so zero is exact
    pairs = sum(counts.values())
    observed = squares = of_first = of_second = 0
    for (one, other), count in counts.items():
        observed += count * (one - other) ** 2
        squares += count * (one**2 + other**2)
        of_first += count * one
        of_second += count * other
    by_chance = pairs * squares - 2 * of_first * of_second
    return None if by_chance == 0 else 1 - pairs * observed / by_chance


def mean_absolute_error(first: Sequence[float], second: Sequence[float]) -> float:
    """How far the ratings of a pair lie apart on average. Raises ValueError without pairs."""
    _check_pairs(first, second, least=1)
    return math.fsum(abs(other - one) for one, other in zip(first, second, strict=True)) / len(first)


def bias(first: Sequence[float], second: Sequence[float]) -> float:
    """How much higher `second` rates than `first` on average; negative where lower. Raises ValueError without pairs."""
    _check_pairs(first, second, least=1)
    return math.fsum(other - one for one, other in zip(first, second, strict=True)) / len(first)


def exact_share(first: Sequence[float], second: Sequence[float]) -> float:
    """The share of pairs, 0…1, that are the same. Raises ValueError without pairs."""
    _check_pairs(first, second, least=1)
    return sum(one == other for one, other in zip(first, second, strict=True)) / len(first)


def _check_pairs(first: Sequence[float], second: Sequence[float], *, least: int = 0) -> None:
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} ratings are not pairs")
    if len(first) < least:
        raise ValueError("there is nothing to compare")
