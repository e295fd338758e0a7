"""Short answers: half the points for keywords, half for the AI's judgement; without keywords all for the AI's."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from consumers.grading import injection, keywords
from consumers.grading.judgement import Judgement, Share
from consumers.grading.keywords import Found
from consumers.grading.outcome import Outcome, add, portion
from consumers.grading.questions import ShortAnswer
from consumers.grading.rubric import FOR_SHORT_ANSWERS, CriterionScore

VERSION = (
    1  # grows when the same answer and judgement may get another score or other feedback; results name it
)

NOT_JUDGED = "The AI's part is not graded."
NO_ANSWER = "No answer was given."


def unanswered(question: ShortAnswer) -> Outcome:
    """An empty answer: 0, without asking the AI."""
    found = keywords.find("", question.keywords)
    return Outcome(
        state="scored",
        score=0.0,
        feedback=_feedback(found, total=0.0, keyword=0.0, semantic=0.0) | {"ai_feedback": NO_ANSWER},
        graded_by="rule",
        provenance={"grader": "empty", "grader_version": VERSION},
    )


def computed(question: ShortAnswer, answer: str) -> Outcome:
    """What can be said without the AI: the keywords' half, and that a person must see to the rest."""
    found = keywords.find(answer, question.keywords)
    score = _keyword_score(question, found)
    attempts = injection.look(answer)
    return Outcome(
        state="needs_review",
        score=score,
        feedback=_feedback(found, total=score, keyword=score, semantic=None)
        | {"ai_feedback": NOT_JUDGED}
        | attempts.feedback,
        graded_by="rule",
        provenance={"grader": "keywords" if found.total else "none", "grader_version": VERSION},
        flags=attempts.flags,
    )


def judged(question: ShortAnswer, answer: str, judgement: Judgement) -> Outcome:
    """Keywords and judgement together."""
    found = keywords.find(answer, question.keywords)
    keyword_score, criteria = points_for(question, found, judgement.shares)
    semantic_score = add(*(criterion.score for criterion in criteria))
    total = add(semantic_score, keyword_score or 0.0)
    attempts = injection.look(answer, seen_by_model=judgement.addresses_grader)
    return Outcome(
        state="scored",
        score=total,
        feedback=_feedback(found, total=total, keyword=keyword_score, semantic=semantic_score)
        | {
            "ai_feedback": judgement.overall_feedback,
            "strengths": list(judgement.strengths),
            "improvements": list(judgement.improvements),
            "criteria_scores": [asdict(criterion) for criterion in criteria],
        }
        | attempts.feedback,
        graded_by="ai",
        provenance={
            "grader": "keywords+ai" if found.total else "ai",
            "grader_version": VERSION,
            "rubric_sha256": FOR_SHORT_ANSWERS.version,
        },
        flags=attempts.flags,
    )


def points_for(
    question: ShortAnswer, found: Found, shares: Sequence[Share]
) -> tuple[float | None, tuple[CriterionScore, ...]]:
    """What the keywords are worth, None where none are expected, and what each criterion is worth."""
    worth = Decimal(question.points) / (2 if found.total else 1)
    return _keyword_score(question, found), FOR_SHORT_ANSWERS.score(worth, shares)


def _keyword_score(question: ShortAnswer, found: Found) -> float | None:
    return portion(Decimal(question.points) / 2, found.share) if found.total else None


def _feedback(
    found: Found, *, total: float | None, keyword: float | None, semantic: float | None
) -> dict[str, Any]:
    return {
        "total_score": total,
        "keyword_score": keyword,
        "semantic_score": semantic,
        "keywords_found": list(found.found),
        "keywords_total": found.total,
        "keywords_missing": list(found.missing),
        "ai_feedback": None,
        "strengths": [],
        "improvements": [],
    }
