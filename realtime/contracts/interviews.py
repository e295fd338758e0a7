"""An interview as a recruiter writes it, over HTTP or in a file, and what is said about it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from realtime.contracts.base import MAX_TEXT_CHARS, Reply, Request, Text, Time
from realtime.contracts.candidate import Pacing

MAX_QUESTIONS = 100
MAX_LIST = 100  # options, keywords or criteria of one question

Difficulty = Literal["easy", "medium", "hard"]


def _within_limit(value: object) -> object:
    # before anything looks at each character: a stranger's text may be megabytes long
    if isinstance(value, str) and len(value) > MAX_TEXT_CHARS:
        raise ValueError(f"must have at most {MAX_TEXT_CHARS} characters")
    return value


def _within_count(most: int) -> BeforeValidator:
    # what has passed this is a list, and no JSON array any more: its field needs strict=False to take it for a tuple
    def check(value: object) -> object:
        # before each entry is judged: half a million faulty ones are one fault
        if isinstance(value, list | tuple) and len(value) > most:
            raise ValueError(f"must have at most {most} entries")
        return value

    return BeforeValidator(check)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _distinct(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(texts)) < len(texts):
        # an answer is the exact text of an option: two alike could not be told apart
        raise ValueError("must differ from one another")
    return texts


def _absent(value: object) -> bool:
    return value is None


Prose = Annotated[Text, Field(max_length=MAX_TEXT_CHARS), BeforeValidator(_within_limit)]
Line = Annotated[Prose, Field(min_length=1), AfterValidator(_not_blank)]


class WrittenQuestion(Request):
    """What every question has; it reads back as it was written, without the fields that were left out."""

    question_text: Line
    time_limit: int = Field(ge=5, le=7200, description="Seconds.")
    points: int = Field(ge=1, le=1000)
    difficulty: Difficulty | None = Field(default=None, exclude_if=_absent)


class McqQuestion(WrittenQuestion):
    """One right option among several; the answer is an option's exact text."""

    type: Literal["mcq"]
    options: Annotated[
        tuple[Line, ...],
        Field(min_length=2, max_length=MAX_LIST, strict=False),
        _within_count(MAX_LIST),
        AfterValidator(_distinct),
    ]
    correct_answer: Prose

    @field_validator("correct_answer")
    @classmethod
    def _is_an_option(cls, answer: str, info: ValidationInfo) -> str:
        options = info.data.get("options")  # absent where the options themselves are at fault
        if options is not None and answer not in options:
            raise ValueError("must be one of the options")
        return answer


class ShortAnswerQuestion(WrittenQuestion):
    """A few sentences, graded by keywords (where there are any) and by the AI."""

    type: Literal["short_answer"]
    expected_keywords: (
        Annotated[tuple[Line, ...], Field(max_length=MAX_LIST, strict=False), _within_count(MAX_LIST)] | None
    ) = Field(default=None, exclude_if=_absent)
    sample_answer: Prose | None = Field(default=None, exclude_if=_absent)


class CodeQuestion(WrittenQuestion):
    """A program, graded criterion by criterion against a sample solution."""

    type: Literal["code"]
    language: Line
    starter_code: Prose | None = Field(default=None, exclude_if=_absent)
    sample_solution: Line
    evaluation_criteria: Annotated[
        tuple[Line, ...], Field(min_length=1, max_length=MAX_LIST, strict=False), _within_count(MAX_LIST)
    ]


Question = McqQuestion | ShortAnswerQuestion | CodeQuestion


class Interview(Request):
    """An interview as created, read and imported."""

    title: Line
    description: Prose | None = Field(default=None, exclude_if=_absent)
    pacing: Pacing = "self_paced"
    questions: Annotated[
        tuple[Annotated[Question, Field(discriminator="type")], ...],
        Field(min_length=1, max_length=MAX_QUESTIONS, strict=False),
        _within_count(MAX_QUESTIONS),
    ]


class ReplaceInterview(Request):
    """A new text for an interview, by somebody who has read `version`."""

    version: int = Field(ge=1, le=2**31 - 1)
    interview: Interview


class InterviewCreated(Reply):
    """An interview is stored (again), under this version."""

    id: UUID
    version: int


class InterviewRead(Reply):
    """An interview whole, keys and rubrics included: for its owner only."""

    id: UUID
    version: int
    interview: Interview


class InterviewListed(Reply):
    """An interview in its owner's list."""

    id: UUID
    title: str
    description: str | None
    pacing: Pacing
    version: int
    question_count: int
    created_at: Time


class InterviewList(Reply):
    """All interviews of a recruiter, newest first."""

    interviews: tuple[InterviewListed, ...]
