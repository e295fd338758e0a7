"""Code: judged by the AI, criterion by criterion, with partial credit. Points are computed here."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from consumers.grading import injection, rubric
from consumers.grading.judgement import Judgement, Share
from consumers.grading.outcome import Outcome, add
from consumers.grading.questions import Code
from consumers.grading.rubric import CriterionScore
from consumers.grading.short_answer import NO_ANSWER, NOT_JUDGED

VERSION = (
    1  # grows when the same answer and judgement may get another score or other feedback; results name it
)


def unanswered(question: Code) -> Outcome:
    """Nothing, or the starter code as it was: 0, without asking the AI."""
    criteria = rubric.for_code(question)
    nothing = [Share(value=0.0, reason=NO_ANSWER)] * len(criteria.criteria)
    return Outcome(
        state="scored",
        score=0.0,
        feedback=_feedback(criteria.score(question.points, nothing), total=0.0, overall=NO_ANSWER),
        graded_by="rule",
        provenance={"grader": "empty", "grader_version": VERSION},
    )


def computed(answer: str) -> Outcome:
    """What can be said without the AI: nothing; a person must see to it."""
    attempts = injection.look(answer)
    return Outcome(
        state="needs_review",
        score=None,
        feedback=_feedback((), total=None, overall=NOT_JUDGED) | attempts.feedback,
        graded_by="rule",
        provenance={"grader": "none", "grader_version": VERSION},
        flags=attempts.flags,
    )


def judged(question: Code, answer: str, judgement: Judgement) -> Outcome:
    """Points from the judgement of each criterion."""
    criteria = rubric.for_code(question)
    scores = criteria.score(question.points, judgement.shares)
    total = add(*(criterion.score for criterion in scores))
    attempts = injection.look(answer, seen_by_model=judgement.addresses_grader)
    return Outcome(
        state="scored",
        score=total,
        feedback=_feedback(scores, total=total, overall=judgement.overall_feedback)
        | {"strengths": list(judgement.strengths), "improvements": list(judgement.improvements)}
        | attempts.feedback,
        graded_by="ai",
        provenance={"grader": "ai", "grader_version": VERSION, "rubric_sha256": criteria.version},
        flags=attempts.flags,
    )


def _feedback(scores: Sequence[CriterionScore], *, total: float | None, overall: str) -> dict[str, Any]:
    return {
        "total_score": total,
        "criteria_scores": [asdict(score) for score in scores],
        "strengths": [],
        "improvements": [],
        "overall_feedback": overall,
    }
