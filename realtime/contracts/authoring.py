"""What recruiters use to write interviews: checking a text, earlier versions, and questions to use again."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from realtime.contracts.base import Reply, Request, Text, Time
from realtime.contracts.documents import MAX_BYTES
from realtime.contracts.interviews import Difficulty, Interview, Question
from realtime.contracts.recruiter import MAX_PAGE, MAX_SEARCH_CHARS, Query

MAX_NAME_CHARS = 255


class CheckText(Request):
    """The text of an interview, in YAML or JSON; nothing is stored."""

    text: str = Field(max_length=MAX_BYTES)
    name: Text = Field(
        default="interview.yaml",
        min_length=1,
        max_length=MAX_NAME_CHARS,
        description="The file's name; with the ending `.json` the text has to be JSON.",
    )


class TextFault(Reply):
    """One thing that is wrong, and where."""

    line: int | None = Field(description="From 1; null where there is no text yet.")
    path: str
    message: str


class CheckedText(Reply):
    """The interview that the text says, or everything that is wrong with it."""

    interview: Interview | None
    faults: tuple[TextFault, ...]


class InterviewVersion(Reply):
    """One version of an interview; its questions never change."""

    version: int
    title: str
    written_at: Time | None = Field(description="Null for old versions of which it was not kept.")
    question_count: int


class InterviewVersions(Reply):
    """All versions of an interview, newest first."""

    versions: tuple[InterviewVersion, ...]


class VersionQuery(Query):
    """The interview as it is, or as it was."""

    version: int | None = Field(default=None, ge=1, le=2**31 - 1)


class BankQuery(Query):
    """Which of this recruiter's own questions."""

    q: Text | None = Field(
        default=None, max_length=MAX_SEARCH_CHARS, description="Part of the question's text."
    )
    type: Literal["mcq", "short_answer", "code"] | None = None
    difficulty: Difficulty | None = None
    after: UUID | None = Field(default=None, description="`next_after` of the page before.")
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


class BankQuestion(Reply):
    """A question, key and rubric included, and an interview that asks it."""

    id: UUID
    interview_id: UUID
    interview_title: str
    question: Question = Field(discriminator="type")


class BankPage(Reply):
    """A recruiter's questions by their text, each text once."""

    questions: tuple[BankQuestion, ...]
    next_after: UUID | None
