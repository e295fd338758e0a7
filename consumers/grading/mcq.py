"""Multiple choice: exact match, all points or none."""

from consumers.grading.outcome import Outcome
from consumers.grading.questions import Mcq


def grade(question: Mcq, answer: str | None) -> Outcome:
    """Grade at once; an empty answer is an incorrect one."""
    correct = answer == question.correct_answer
    return Outcome(
        state="scored",
        score=float(question.points) if correct else 0.0,
        feedback="Correct!" if correct else f"Incorrect. Correct answer: {question.correct_answer}",
        graded_by="rule",
        provenance={"grader": "mcq"},
    )
