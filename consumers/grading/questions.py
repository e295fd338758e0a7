"""Questions as a grader needs them: with their keys, and without anything about the candidate."""

from dataclasses import dataclass
from typing import TypeAlias

from realtime.domain.answers import is_empty


@dataclass(frozen=True, slots=True)
class Mcq:
    """One right option, all points or none."""

    text: str
    points: int
    correct_answer: str


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """Prose; `keywords` empty where only the AI judges."""

    text: str
    points: int
    keywords: tuple[str, ...] = ()
    sample_answer: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A program, judged criterion by criterion against a sample solution."""

    text: str
    points: int
    language: str
    sample_solution: str
    criteria: tuple[str, ...]
    starter_code: str | None = None


Question: TypeAlias = Mcq | ShortAnswer | Code


def is_unanswered(question: Question, answer: str | None) -> bool:
    """Whether the answer counts as empty."""
    starter_code = question.starter_code if isinstance(question, Code) else None
    return is_empty(answer, starter_code=starter_code)
