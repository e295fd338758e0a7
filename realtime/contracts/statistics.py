"""What a recruiter is told about an interview as a whole."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from realtime.contracts.base import Reply
from realtime.contracts.interviews import Difficulty


class Funnel(Reply):
    """How many people came how far; each is counted once, however often they tried."""

    invited: int
    started: int
    completed: int
    settled: int = Field(description="Completed, with every answer scored.")
    released: int


class SessionCounts(Reply):
    """How many attempts there are of each status."""

    in_progress: int = 0
    completed: int = 0
    abandoned: int = 0
    terminated: int = 0


class Quartiles(Reply):
    """A quarter, a half and three quarters took at most this long."""

    lower: float
    median: float
    upper: float


class QuestionStatistics(Reply):
    """How a question was answered; one that reads the same in several versions is one."""

    question_text: str
    type: Literal["mcq", "short_answer", "code"]
    points: int
    question_index: int
    current: bool = Field(description="Whether the interview's present version asks it.")
    difficulty: Difficulty | None
    time_limit: int
    answers: int
    empty: int
    expired: int = Field(description="Closed by the server.")
    scored: int
    mean_percentage: float | None = Field(description="Of its points, over the answers that are scored.")
    time_taken_seconds: Quartiles | None = Field(
        description="Without answers of sessions that were terminated."
    )


class InterviewStatistics(Reply):
    """An interview's people, scores and questions."""

    interview_id: UUID
    title: str
    version: int
    funnel: Funnel
    sessions: SessionCounts
    tenths: tuple[int, ...] = Field(
        description="Settled attempts by percentage: from 0, from 10, … from 90 with 100."
    )
    mean_percentage: float | None
    median_percentage: float | None
    questions: tuple[QuestionStatistics, ...]
