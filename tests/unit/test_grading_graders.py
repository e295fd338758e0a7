"""What each grader says of an answer, and in which form."""

import pytest

from consumers.grading import grade
from consumers.grading.outcome import Outcome
from consumers.grading.questions import Code, Mcq, Question, ShortAnswer

MCQ = Mcq(text="Which?", points=5, correct_answer="B-tree")
SHORT = ShortAnswer(text="Why?", points=10, keywords=("index", "scan"))
OPEN = ShortAnswer(text="Why?", points=10)
CODE = Code(
    text="Reverse it.",
    points=20,
    language="python",
    sample_solution="return s[::-1]",
    criteria=("correct", "handles empty input"),
    starter_code="def reverse(s):\n    pass\n",
)

SHORT_FEEDBACK = {
    "total_score",
    "keyword_score",
    "semantic_score",
    "keywords_found",
    "keywords_total",
    "ai_feedback",
    "strengths",
    "improvements",
}
CODE_FEEDBACK = {"total_score", "criteria_scores", "strengths", "improvements", "overall_feedback"}


def test_mcq_correct() -> None:
    outcome = grade.at_once(MCQ, "B-tree")
    assert (outcome.state, outcome.score, outcome.feedback) == ("scored", 5.0, "Correct!")
    assert outcome.graded_by == "rule"


@pytest.mark.parametrize("answer", ["b-tree", "B-tree ", "Hash", "", None])
def test_mcq_is_exact(answer: str | None) -> None:
    outcome = grade.at_once(MCQ, answer)
    assert (outcome.state, outcome.score) == ("scored", 0.0)
    assert outcome.feedback == "Incorrect. Correct answer: B-tree"


@pytest.mark.parametrize("answer", [None, "", "  \n\t"])
@pytest.mark.parametrize("question", [SHORT, OPEN, CODE])
def test_an_empty_answer_scores_zero_without_the_ai(question: Question, answer: str | None) -> None:
    assert not grade.needs_ai(question, answer)
    outcome = grade.at_once(question, answer)
    assert (outcome.state, outcome.score, outcome.graded_by) == ("scored", 0.0, "rule")
    assert keys(outcome) >= (CODE_FEEDBACK if isinstance(question, Code) else SHORT_FEEDBACK)


def test_the_unchanged_starter_code_is_empty() -> None:
    assert not grade.needs_ai(CODE, CODE.starter_code)
    assert grade.at_once(CODE, CODE.starter_code).score == 0.0


@pytest.mark.parametrize(
    ("question", "answer", "score"),
    [
        (SHORT, "an index", 2.5),
        (SHORT, "nothing of it", 0.0),
        (OPEN, "an index", None),
        (CODE, "return 1", None),
    ],
)
def test_without_the_ai_only_what_could_be_computed_counts(
    question: Question, answer: str, score: float | None
) -> None:
    assert grade.needs_ai(question, answer)
    outcome = grade.at_once(question, answer)
    assert (outcome.state, outcome.score) == ("needs_review", score)
    assert keys(outcome) >= (CODE_FEEDBACK if isinstance(question, Code) else SHORT_FEEDBACK)


def test_while_a_retry_is_due_the_computed_part_stands() -> None:
    assert grade.at_once(SHORT, "an index").pending().state == "partial"
    assert grade.at_once(OPEN, "an index").pending().state == "failed"


def keys(outcome: Outcome) -> set[str]:
    assert isinstance(outcome.feedback, dict)
    return set(outcome.feedback)
