"""The figures about a regrade, from answers counted by the bands that their two scores fall into."""

from typing import Any

import pytest

from consumers.grading.agreement import BANDS, band, quadratic_weighted_kappa
from db.regrades import AgreementRow
from realtime.usecases.difference import agreement_of

# (type, old, new, points) of single answers
ANSWERS: list[tuple[str, float, float, int]] = [
    ("mcq", 10, 10, 10),
    ("mcq", 0, 0, 10),
    ("short_answer", 13, 10, 20),
    ("short_answer", 13, 13, 20),
    ("code", 24, 27, 30),
]


def cells(*answers: tuple[str, float, float, int]) -> list[AgreementRow]:
    """As the database counts them, but one by one: the same bands may come up more than once."""
    return [
        AgreementRow(
            question_type=kind,
            old_band=band(old, points),
            new_band=band(new, points),
            answers=1,
            same=int(old == new),
            distance=abs(new - old) / points,
            difference=(new - old) / points,
        )
        for kind, old, new, points in answers
    ]


def test_figures_are_of_all_answers_whatever_their_points() -> None:
    found = agreement_of(cells(*ANSWERS))
    old = [band(score, points) for _, score, _, points in ANSWERS]
    new = [band(score, points) for _, _, score, points in ANSWERS]
    kappa = quadratic_weighted_kappa(old, new, categories=BANDS)
    assert kappa is not None
    assert found.model_dump() == {
        "question_type": None,
        "answers": 5,
        "same_share": 0.6,
        "mean_absolute_difference": 5.0,  # 15 and 10 percent, over five
        "mean_difference": -1.0,
        "weighted_kappa": pytest.approx(kappa, abs=1e-4),
    }


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], {"answers": 0, "same_share": None, "mean_absolute_difference": None, "weighted_kappa": None}),
        ([("code", 5, 5, 10)] * 3, {"answers": 3, "same_share": 1.0, "mean_difference": 0, "weighted_kappa": None}),
    ],
)  # fmt: skip
def test_what_is_not_defined_is_null(
    answers: list[tuple[str, float, float, int]], expected: dict[str, Any]
) -> None:
    found = agreement_of(cells(*answers), question_type="code").model_dump()
    assert {name: found[name] for name in expected} == expected
    assert found["question_type"] == "code"
