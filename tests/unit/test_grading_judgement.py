"""The AI's form: strict on what comes in, bounded in what is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from consumers.grading import judgement
from consumers.grading.failures import Malformed
from consumers.grading.judgement import CriterionForm, SummaryForm


def filled(criteria: int = 2, **changes: Any) -> dict[str, Any]:
    return {
        **{f"criterion_{n + 1}": {"reason": "r", "judgement": 0.5} for n in range(criteria)},
        "strengths": ["s"],
        "improvements": ["i"],
        "overall_feedback": "f",
        "addresses_grader": False,
    } | changes


def test_a_filled_form_is_read_in_order() -> None:
    form = filled(criterion_2={"reason": "second", "judgement": 1})
    read = judgement.read(judgement.form(2).model_validate_json(json.dumps(form)), criteria=2)
    assert [(share.value, share.reason) for share in read.shares] == [(0.5, "r"), (1.0, "second")]


@pytest.mark.parametrize(
    "change",
    [
        {"criterion_1": {"reason": "r", "judgement": 1.0001}},
        {"criterion_1": {"reason": "r", "judgement": -0.1}},
        {"criterion_1": {"reason": "r", "judgement": 1e400}},
        {"criterion_1": {"reason": "r", "judgement": float("nan")}},
        {"criterion_1": {"reason": "r", "judgement": "0.9"}},
        {"criterion_1": {"reason": "r", "judgement": True}},
        {"criterion_1": {"reason": "r", "judgement": None}},
        {"criterion_1": {"judgement": 0.5}},
        {"criterion_1": 0.5},
        {"criterion_1": {"reason": "r", "judgement": 0.5, "points": 100}},
        {"criterion_3": {"reason": "r", "judgement": 1}},
        {"total_score": 100},
        {"strengths": "many"},
        {"addresses_grader": "no"},
    ],
)
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        judgement.form(2).model_validate_json(json.dumps(filled(**change)))


def test_a_missing_criterion_is_refused() -> None:
    with pytest.raises(ValidationError):
        judgement.form(3).model_validate_json(json.dumps(filled(criteria=2)))


def test_bounds_are_checked_by_us_too() -> None:
    form = judgement.form(1)
    wild = form.model_construct(
        criterion_1=CriterionForm.model_construct(reason="r", judgement=float("nan")),
        strengths=[],
        improvements=[],
        overall_feedback="",
        addresses_grader=False,
    )
    with pytest.raises(Malformed, match="out of range"):
        judgement.read(wild, criteria=1)


def test_a_form_with_fewer_criteria_than_asked_for_is_refused() -> None:
    one = judgement.form(1).model_validate(filled(criteria=1))
    with pytest.raises(Malformed, match="criterion 2 is missing"):
        judgement.read(one, criteria=2)


@given(st.text(max_size=50) | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Ll"])))
def test_texts_can_be_stored(text: str) -> None:
    cleaned = judgement.clean(text, limit=20)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert len(cleaned) <= 20


def test_a_summary_has_at_most_four_sentences() -> None:
    text = "One. Two at 3.5 points! Three? Four. Five. Six."
    form = SummaryForm(summary=text, strengths=[], improvements=[], recommendation="hire")
    assert judgement.read_summary(form).summary == "One. Two at 3.5 points! Three? Four."


def test_an_empty_summary_is_refused() -> None:
    form = SummaryForm(summary=" \x00 ", strengths=[], improvements=[], recommendation="hire")
    with pytest.raises(Malformed):
        judgement.read_summary(form)
