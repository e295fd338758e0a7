"""What the AI is asked to judge, criterion by criterion, and the points that its judgement is worth."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from consumers.grading.judgement import Share
from consumers.grading.outcome import allocate
from consumers.grading.questions import Code


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing to judge between 0 and 1."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """What one criterion earned of its points; `judgement` is the AI's share, 0…1."""

    criterion: str
    score: float
    points: float
    judgement: float
    reason: str


@dataclass(frozen=True, slots=True)
class Rubric:
    """Criteria in the order in which they are asked and answered."""

    criteria: tuple[Criterion, ...]

    @property
    def version(self) -> str:
        """A hash that changes with any criterion or weight."""
        parts = [[criterion.text, criterion.weight] for criterion in self.criteria]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def score(self, points: Decimal | int, shares: Sequence[Share]) -> tuple[CriterionScore, ...]:
        """Turn one judged share per criterion into points, which together are exactly the rounded whole."""
        weights = [criterion.weight for criterion in self.criteria]
        worth = allocate(points, shares=[1.0] * len(weights), weights=weights)
        earned = allocate(points, shares=[share.value for share in shares], weights=weights)
        return tuple(
            CriterionScore(
                criterion.text, score=score, points=most, judgement=share.value, reason=share.reason
            )
            for criterion, score, most, share in zip(self.criteria, earned, worth, shares, strict=True)
        )


# Language and style are not what a technical interview asks for, so they are not judged.
FOR_SHORT_ANSWERS = Rubric(
    (
        Criterion("Correctness: what the answer says is true and answers the question that was asked.", 0.6),
        Criterion("Completeness: the main points that the question calls for are there and explained.", 0.4),
    )
)
_WHOLE_TASK = Criterion("The code does what the task asks for.")


def for_code(question: Code) -> Rubric:
    """The recruiter's criteria, equal in weight."""
    return Rubric(tuple(Criterion(text) for text in question.criteria) or (_WHOLE_TASK,))
