"""What an interview's sessions have come to, as figures for its recruiter."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("statistics")


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How a question was answered; `quartiles_seconds` is the time taken, None while nobody has answered it."""

    question_text: str
    type: Literal["mcq", "short_answer", "code"]
    points: int
    position: int
    is_current: bool
    difficulty: Literal["easy", "medium", "hard"] | None
    time_limit: int
    answers: int
    empty: int
    expired: int
    scored: int
    mean_percentage: float | None
    quartiles_seconds: list[float] | None


@dataclass(frozen=True, slots=True)
class InterviewFigures:
    """`invited` to `released` count people, `sessions` attempts by status, `tenths` settled ones by percentage."""

    id: UUID
    title: str
    version: int
    invited: int
    started: int
    completed: int
    settled: int
    released: int
    sessions: dict[str, int]
    tenths: list[int]
    mean_percentage: float | None
    median_percentage: float | None
    questions: list[QuestionFigures]


async def of_interview(
    conn: Connection, interview_id: UUID, *, recruiter_id: UUID
) -> InterviewFigures | None:
    """The figures of a recruiter's interview; None where it is not theirs."""
    record = await conn.fetchrow(_Q["of_interview"], interview_id, recruiter_id)
    if record is None:
        return None
    fields: dict[str, Any] = dict(record)
    questions = [QuestionFigures(**question) for question in fields.pop("questions") or ()]
    sessions = fields.pop("sessions") or {}
    return InterviewFigures(**fields, sessions=sessions, questions=questions)
