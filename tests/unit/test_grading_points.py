"""Points: two decimals, within 0…points, whatever shares come."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.grading import code_answer, short_answer
from consumers.grading.judgement import Judgement, Share
from consumers.grading.outcome import Outcome, add, allocate, portion
from consumers.grading.questions import Code, ShortAnswer

SHARES = st.floats(min_value=0, max_value=1)
ANY_SHARES = st.floats(allow_nan=False)


def judgement(*shares: float, addresses_grader: bool = False) -> Judgement:
    return Judgement(
        shares=tuple(Share(value=share, reason="because") for share in shares),
        strengths=("s",),
        improvements=("i",),
        overall_feedback="Fine.",
        addresses_grader=addresses_grader,
    )


def code(points: int = 10, *criteria: str) -> Code:
    return Code(
        text="t", points=points, language="python", sample_solution="s", criteria=criteria or ("a", "b")
    )


@pytest.mark.parametrize(
    ("points", "share", "expected"),
    [(10, 0.5, 5.0), (3, 1 / 3, 1.0), (1, 0.125, 0.13), (10, 7.0, 10.0), (10, -1.0, 0.0), (7, 1e-9, 0.0)],
)
def test_portion_is_rounded_and_bounded(points: int, share: float, expected: float) -> None:
    assert portion(points, share) == expected


@given(st.integers(1, 1000), st.lists(SHARES, min_size=1, max_size=12))
def test_parts_are_exactly_the_rounded_whole(points: int, shares: list[float]) -> None:
    parts = allocate(points, shares=shares, weights=[1.0] * len(shares))
    exact = sum(Decimal(points) * Decimal(repr(share)) / len(shares) for share in shares)
    assert abs(Decimal(repr(add(*parts))) - exact) <= Decimal("0.0051")
    assert all(0 <= part <= points / len(shares) + 0.0101 for part in parts)


@given(st.integers(1, 1000), st.lists(ANY_SHARES, min_size=1, max_size=12))
def test_a_code_score_is_within_its_points(points: int, shares: list[float]) -> None:
    question = code(points, *(f"c{place}" for place in range(len(shares))))
    assert within(code_answer.judged(question, "x = 1", judgement(*shares)), points)


@given(
    st.integers(1, 1000),
    st.lists(st.text(max_size=10), max_size=6),
    st.text(min_size=1, max_size=80),
    st.tuples(ANY_SHARES, ANY_SHARES),
)
def test_a_short_answer_score_is_within_its_points(
    points: int, words: list[str], answer: str, shares: tuple[float, float]
) -> None:
    question = ShortAnswer(text="t", points=points, keywords=tuple(words))
    assert within(short_answer.judged(question, answer, judgement(*shares)), points)
    computed = short_answer.computed(question, answer)
    assert computed.score is None or within(computed, points / 2 + 0.005)


def test_keywords_are_half_and_the_judgement_is_half() -> None:
    question = ShortAnswer(text="t", points=10, keywords=("lock", "fence"))
    outcome = short_answer.judged(question, "a lock", judgement(0.5, 1.0))
    assert isinstance(outcome.feedback, dict)
    assert outcome.feedback["keyword_score"] == 2.5
    assert outcome.feedback["semantic_score"] == 3.5  # 0.6 of 0.5 and 0.4 of 1.0, of five points
    assert outcome.score == outcome.feedback["total_score"] == 6.0
    assert (outcome.feedback["keywords_found"], outcome.feedback["keywords_total"]) == (["lock"], 2)
    assert outcome.feedback["keywords_missing"] == ["fence"]


def test_without_keywords_the_judgement_is_worth_all() -> None:
    outcome = short_answer.judged(ShortAnswer(text="t", points=9), "anything", judgement(1.0, 1.0))
    assert outcome.score == 9.0
    assert isinstance(outcome.feedback, dict)
    assert outcome.feedback["keyword_score"] is None


def test_code_gets_partial_credit_by_criterion() -> None:
    outcome = code_answer.judged(code(10, "a", "b", "c"), "x", judgement(1.0, 0.5, 0.0))
    assert isinstance(outcome.feedback, dict)
    assert [row["score"] for row in outcome.feedback["criteria_scores"]] == [3.33, 1.67, 0.0]
    assert outcome.score == 5.0


def within(outcome: Outcome, points: float) -> bool:
    assert outcome.score is not None
    assert round(outcome.score, 2) == outcome.score
    return 0 <= outcome.score <= points
