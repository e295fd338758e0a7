"""Prompts: files, versioned by their hash; what a candidate typed is data between delimiters it cannot know."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

from consumers.grading import recipe, rubric
from consumers.grading.questions import Code, ShortAnswer
from consumers.grading.recipe import Kind
from consumers.grading.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the AI is sent; `sha256` is of the text, so that results made with it can be told."""

    name: Kind
    sha256: str
    system: str
    user: str


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One line of a summary's material: nothing in it was typed by the candidate."""

    question_index: int
    type: str
    question_text: str
    points: int
    score: float
    feedback: str


def for_short_answer(question: ShortAnswer, answer: str, *, nonce: str, text: str | None = None) -> Prompt:
    """Ask for a judgement of prose; with our own words where no `text` is given."""
    parts = [
        ("question", question.text),
        ("reference", question.sample_answer or "(none was given: use your own knowledge)"),
        ("criteria", _numbered(rubric.FOR_SHORT_ANSWERS)),
        ("answer", answer),
    ]
    return _prompt("short_answer", parts, nonce=nonce, text=text)


def for_code(question: Code, answer: str, *, nonce: str, text: str | None = None) -> Prompt:
    """Ask for a judgement of a program."""
    parts = [
        ("task", question.text),
        ("language", question.language),
        ("starter", question.starter_code or "(none)"),
        ("sample", question.sample_solution),
        ("criteria", _numbered(rubric.for_code(question))),
        ("answer", answer),
    ]
    return _prompt("code", parts, nonce=nonce, text=text)


def for_summary(
    results: Sequence[QuestionResult], *, title: str, percentage: float, nonce: str, text: str | None = None
) -> Prompt:
    """Ask for the text about a whole interview."""
    lines = [f"Interview: {title}", f"Total: {percentage:.2f} percent"]
    lines += [
        f"\nQuestion {result.question_index + 1} ({result.type}): {result.question_text}\n"
        f"Score: {result.score:.2f} of {result.points}\nFeedback: {result.feedback}"
        for result in results
    ]
    return _prompt("summary", [("results", "\n".join(lines))], nonce=nonce, text=text)


def _prompt(kind: Kind, parts: Sequence[tuple[str, str]], *, nonce: str, text: str | None) -> Prompt:
    words = recipe.packaged().prompt(kind) if text is None else text
    return Prompt(
        name=kind,
        sha256=recipe.text_sha256(words),
        system=Template(words).substitute(nonce=nonce),
        user="\n\n".join(f"<{tag}-{nonce}>\n{body}\n</{tag}-{nonce}>" for tag, body in parts),
    )


def _numbered(criteria: Rubric) -> str:
    return "\n".join(
        f"{place}. {criterion.text}" for place, criterion in enumerate(criteria.criteria, start=1)
    )
