"""Multiple choice: exact match, all points or none."""

from consumers.grading.outcome import Outcome
from consumers.grading.questions import Mcq

VERSION = 1  # grows when the same answer may get another score or other feedback; results name it

CORRECT, INCORRECT = "Correct!", "Incorrect."


def grade(question: Mcq, answer: str | None) -> Outcome:
    """Grade at once; an empty answer is an incorrect one."""
    correct = answer == question.correct_answer
    return Outcome(
        state="scored",
        score=float(question.points) if correct else 0.0,
        feedback=CORRECT if correct else f"{INCORRECT} Correct answer: {question.correct_answer}",
        graded_by="rule",
        provenance={"grader": "mcq", "grader_version": VERSION},
    )


def without_key(feedback: str) -> str:
    """What feedback says about the answer, for a text that the candidate may come to read."""
    return INCORRECT if feedback.startswith(INCORRECT) else feedback
