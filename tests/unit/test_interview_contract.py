"""An interview as a recruiter writes it: the contract's limits, exactly, and nothing but the contract's fields."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from realtime.contracts.faults import faults_of, spell
from realtime.contracts.interviews import Interview, ReplaceInterview

MCQ: dict[str, Any] = {
    "type": "mcq",
    "question_text": "Which one?",
    "time_limit": 60,
    "points": 10,
    "options": ["this", "that"],
    "correct_answer": "that",
}
SHORT: dict[str, Any] = {"type": "short_answer", "question_text": "Why?", "time_limit": 120, "points": 5}
CODE: dict[str, Any] = {
    "type": "code",
    "question_text": "Write it.",
    "time_limit": 600,
    "points": 20,
    "language": "python",
    "sample_solution": "pass",
    "evaluation_criteria": ["It runs"],
}


def interview(*questions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title": "Title", "questions": list(questions) or [MCQ], **fields}


def faults(document: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Interview.model_validate_json(json.dumps(document))
    return {(spell(fault.path), fault.message) for fault in faults_of(caught.value)}


@pytest.mark.parametrize(
    "document",
    [
        interview(MCQ, SHORT, CODE),
        interview(MCQ, pacing="scheduled", description="What it is about"),
        interview(MCQ | {"difficulty": "hard"}),
        interview(SHORT | {"expected_keywords": ["a b", "c"], "sample_answer": ""}),
        interview(SHORT | {"expected_keywords": []}),
        interview(CODE | {"starter_code": "def f():\n\t..."}),
        interview(*[SHORT] * 100),
        interview(SHORT | {"time_limit": 5, "points": 1}),
        interview(SHORT | {"time_limit": 7200, "points": 1000, "question_text": "x" * 20_000}),
        interview(SHORT | {"question_text": "😀" * 20_000}),
    ],
)
def test_what_was_written_reads_back_the_same(document: dict[str, Any]) -> None:
    read = Interview.model_validate_json(json.dumps(document))
    assert json.loads(read.model_dump_json()) == {"pacing": "self_paced"} | document


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (interview() | {"questions": []}, ("questions", "must have at least 1 entries")),
        (interview(*[SHORT] * 101), ("questions", "must have at most 100 entries")),
        (interview(*[{}] * 101), ("questions", "must have at most 100 entries")),
        (interview(MCQ | {"options": [""] * 101}), ("questions[0].options", "must have at most 100 entries")),
        (interview(title="  "), ("title", "must not be blank")),
        (interview(title=""), ("title", "must not be empty")),
        (interview(title="x" * 20_001), ("title", "must have at most 20000 characters")),
        (interview(pacing="hurried"), ("pacing", "must be 'self_paced' or 'scheduled'")),
        (interview(owner="me"), ("owner", "is not a known field")),
        (interview(SHORT | {"time_limit": 4}), ("questions[0].time_limit", "must be at least 5")),
        (interview(SHORT | {"time_limit": 7201}), ("questions[0].time_limit", "must be at most 7200")),
        (interview(SHORT | {"points": 0}), ("questions[0].points", "must be at least 1")),
        (interview(SHORT | {"points": 1001}), ("questions[0].points", "must be at most 1000")),
        (interview(SHORT | {"points": True}), ("questions[0].points", "must be a whole number")),
        (interview(SHORT | {"points": 5.0}), ("questions[0].points", "must be a whole number")),
        (interview(SHORT | {"points": "5"}), ("questions[0].points", "must be a whole number")),
        (interview(SHORT | {"difficulty": "brutal"}), ("questions[0].difficulty", "must be 'easy', 'medium' or 'hard'")),
        (interview(SHORT | {"question_text": None}), ("questions[0].question_text", "must be text")),
        (
            interview(SHORT | {"question_text": "x" * 20_001}),
            ("questions[0].question_text", "must have at most 20000 characters"),
        ),
        (
            interview(SHORT | {"question_text": "a\0b"}),
            ("questions[0].question_text", "must not contain the character U+0000"),
        ),
        (interview(SHORT | {"options": ["a", "b"]}), ("questions[0].options", "is not a known field")),
        (interview(MCQ | {"sample_solution": "x"}), ("questions[0].sample_solution", "is not a known field")),
        (interview(MCQ | {"options": ["that"]}), ("questions[0].options", "must have at least 2 entries")),
        (interview(MCQ | {"options": ["that", "that"]}), ("questions[0].options", "must differ from one another")),
        (interview(MCQ | {"options": ["that", " "]}), ("questions[0].options[1]", "must not be blank")),
        (interview(MCQ | {"correct_answer": "That"}), ("questions[0].correct_answer", "must be one of the options")),
        (interview(CODE | {"evaluation_criteria": []}), ("questions[0].evaluation_criteria", "must have at least 1 entries")),
        (interview(SHORT | {"type": "essay"}), ("questions[0].type", "must be one of 'mcq', 'short_answer', 'code'")),
        (interview({"question_text": "?"}), ("questions[0].type", "is missing")),
        ([], ("", "must be a mapping of fields")),
    ],
)  # fmt: skip
def test_what_is_outside_the_contract_is_named(document: Any, fault: tuple[str, str]) -> None:
    assert faults(document) == {fault}


@pytest.mark.parametrize("left_out", ["question_text", "time_limit", "points", "options", "correct_answer"])
def test_every_part_of_an_mcq_is_needed(left_out: str) -> None:
    question = {name: value for name, value in MCQ.items() if name != left_out}
    assert (f"questions[0].{left_out}", "is missing") in faults(interview(question))


@pytest.mark.parametrize("left_out", ["language", "sample_solution", "evaluation_criteria"])
def test_every_part_of_a_code_question_is_needed(left_out: str) -> None:
    question = {name: value for name, value in CODE.items() if name != left_out}
    assert faults(interview(question)) == {(f"questions[0].{left_out}", "is missing")}


def test_all_faults_come_at_once() -> None:
    found = faults(
        interview(
            MCQ | {"time_limit": 1, "correct_answer": "neither", "hint": "x"},
            SHORT | {"points": -1},
            title="",
        )
    )
    assert {path for path, _ in found} == {
        "title",
        "questions[0].time_limit",
        "questions[0].correct_answer",
        "questions[0].hint",
        "questions[1].points",
    }


@pytest.mark.parametrize("version", [0, -1, 2**31, "1", 1.0, None])
def test_a_replacement_names_the_version_it_replaces(version: object) -> None:
    with pytest.raises(ValidationError):
        ReplaceInterview.model_validate_json(json.dumps({"version": version, "interview": interview()}))
