"""Results name the version of the grader that found them: one that finds otherwise must have another."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from consumers.grading import code_answer, grade, mcq, short_answer
from consumers.grading.judgement import Judgement, Share
from consumers.grading.outcome import Outcome
from consumers.grading.questions import Code, Mcq, ShortAnswer

MCQ = Mcq(text="Which?", points=7, correct_answer="B-tree")
KEYED = ShortAnswer(text="Why?", points=10, keywords=("index", "non-blocking write", "C", "query", "索引"))
OPEN = ShortAnswer(text="Why?", points=7)
CODE = Code(
    text="Reverse it.",
    points=10,
    language="python",
    sample_solution="return s[::-1]",
    criteria=("correct", "quick", "clear"),
    starter_code="def f():\n    pass\n",
)
PROSE = (
    "An index; nonblocking writes, two queries.",
    "Indices in C++ and C#, no C.",
    "用索引查询",
    "",
)
PROGRAMS = ("def f(s):\n    return s[::-1]\n", "def f():\n    pass\n", "")
SHARES = ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (0.333, 0.5, 0.8))

# Where this goes red, the same answer may get another score or other feedback: raise the VERSION and put its digest here.
DIGESTS = {
    ("mcq", 1): "cac3a6b15eee3ad6",
    ("short_answer", 1): "7222da6f663c15c1",
    ("code_answer", 1): "3ff4d2001c061737",
}


def judgement(shares: tuple[float, ...]) -> Judgement:
    return Judgement(
        shares=tuple(Share(value=share, reason="Because.") for share in shares),
        strengths=("Short",),
        improvements=("Longer",),
        overall_feedback="Fine.",
        addresses_grader=False,
    )


def of_mcq() -> Iterator[Outcome]:
    for answer in ("B-tree", "b-tree", "Hash", "", None):
        yield grade.at_once(MCQ, answer)


def of_short_answers() -> Iterator[Outcome]:
    for question in (KEYED, OPEN):
        for answer in PROSE:
            yield grade.at_once(question, answer)
            for shares in SHARES:
                yield short_answer.judged(question, answer, judgement(shares[:2]))


def of_code() -> Iterator[Outcome]:
    for answer in PROGRAMS:
        yield grade.at_once(CODE, answer)
        for shares in SHARES:
            yield code_answer.judged(CODE, answer, judgement(shares))


@pytest.mark.parametrize(
    ("name", "version", "outcomes"),
    [
        ("mcq", mcq.VERSION, [*of_mcq()]),
        ("short_answer", short_answer.VERSION, [*of_short_answers()]),
        ("code_answer", code_answer.VERSION, [*of_code()]),
    ],
)
def test_a_grader_that_finds_otherwise_has_another_version(
    name: str, version: int, outcomes: list[Outcome]
) -> None:
    assert {outcome.provenance["grader_version"] for outcome in outcomes} == {version}
    written = json.dumps([asdict(outcome) for outcome in outcomes], sort_keys=True, ensure_ascii=False)
    assert DIGESTS.get((name, version)) == hashlib.sha256(written.encode()).hexdigest()[:16]
