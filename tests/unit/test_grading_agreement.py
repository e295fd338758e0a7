"""Agreement of two graders: figures that were worked out by hand, bounds, and what is not defined."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.grading.agreement import (
    BANDS,
    band,
    bias,
    exact_share,
    mean_absolute_error,
    quadratic_weighted_kappa,
)

RATINGS = st.lists(st.tuples(st.integers(0, BANDS - 1), st.integers(0, BANDS - 1)), max_size=30)


def kappa_of_the_matrix(first: list[int], second: list[int], *, categories: int) -> Fraction | None:
    """The textbook's way: observed and expected matrices, each cell weighted."""
    pairs, wide = len(first), (categories - 1) ** 2
    cells = [(one, other) for one in range(categories) for other in range(categories)]
    weight = {(one, other): Fraction((one - other) ** 2, wide) for one, other in cells}
    together = list(zip(first, second, strict=True))
    seen = sum(weight[cell] * together.count(cell) for cell in cells)
    chance = sum(weight[one, other] * first.count(one) * second.count(other) for one, other in cells)
    return None if chance == 0 else 1 - Fraction(seen * pairs, chance)


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        ([0, 1, 2], [0, 1, 2], 1.0),
        ([0, 2], [2, 0], -1.0),  # as far apart as can be
        ([0, 0, 2, 2], [0, 2, 0, 2], 0.0),  # no better than chance
        ([0, 1, 2, 2], [0, 1, 1, 2], 0.8),  # a square of 1, where chance gives (6 + 2 + 6 + 6) / 4
        ([1, 1, 1], [0, 1, 2], 0.0),  # one who always says the same
    ],
)
def test_kappa_is_what_was_worked_out_by_hand(first: list[int], second: list[int], kappa: float) -> None:
    assert quadratic_weighted_kappa(first, second, categories=3) == pytest.approx(kappa)


@given(pairs=RATINGS)
def test_kappa_is_the_textbooks(pairs: list[tuple[int, int]]) -> None:
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    found = quadratic_weighted_kappa(first, second, categories=BANDS)
    expected = kappa_of_the_matrix(first, second, categories=BANDS)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert math.isclose(found, float(expected), abs_tol=1e-9)
        assert found <= 1
        assert quadratic_weighted_kappa(second, first, categories=BANDS) == pytest.approx(found)


def test_kappa_is_not_defined_where_chance_cannot_disagree() -> None:
    assert quadratic_weighted_kappa([], [], categories=3) is None
    assert quadratic_weighted_kappa([2, 2], [2, 2], categories=3) is None


def test_errors_and_bias_are_of_the_second_against_the_first() -> None:
    first, second = [10.0, 5.0, 0.0, 7.5], [9.0, 8.0, 0.0, 7.5]
    assert mean_absolute_error(first, second) == 1.0
    assert bias(first, second) == 0.5
    assert bias(second, first) == -0.5
    assert exact_share(first, second) == 0.5


@pytest.mark.parametrize("figure", [mean_absolute_error, bias, exact_share])
def test_there_is_no_figure_about_nothing(figure: object) -> None:
    assert callable(figure)
    with pytest.raises(ValueError, match="nothing to compare"):
        figure([], [])
    with pytest.raises(ValueError, match="not pairs"):
        figure([1.0], [1.0, 2.0])


@pytest.mark.parametrize("wrong", [-1, 3])
def test_a_rating_beyond_the_categories_is_refused(wrong: int) -> None:
    with pytest.raises(ValueError, match="not in 0…2"):
        quadratic_weighted_kappa([0, wrong], [0, 1], categories=3)
    with pytest.raises(ValueError, match="not pairs"):
        quadratic_weighted_kappa([0], [0, 1], categories=3)


@pytest.mark.parametrize(
    ("score", "points", "expected"),
    [(0, 20, 0), (0.99, 20, 0), (1, 20, 1), (13, 20, 7), (19, 20, 10), (20, 20, 10), (21, 20, 10), (-1, 20, 0)],
)  # fmt: skip
def test_a_band_is_the_nearest_tenth(score: float, points: int, expected: int) -> None:
    assert band(score, points) == expected


@pytest.mark.parametrize(("points", "bands"), [(0, 11), (-1, 11), (10, 1)])
def test_a_band_of_nothing_is_refused(points: int, bands: int) -> None:
    with pytest.raises(ValueError, match="a band needs"):
        band(1, points, bands=bands)
