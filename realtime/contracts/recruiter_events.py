"""Events of recruiters' rooms: what each carries. The AsyncAPI document is generated from the table at the end."""

from typing import Literal
from uuid import UUID

from realtime.contracts.base import Json, Reply, Time
from realtime.contracts.candidate import How
from realtime.contracts.events import FeedPlace, FeedPosition, SignalKind
from realtime.contracts.recruiter import SessionSummary
from realtime.contracts.streams import EvaluationState, Grader, Recommendation


class OfFeed(Reply):
    """What every event of a recruiter's feed carries."""

    feed: FeedPlace
    session_id: UUID
    interview_id: UUID
    candidate_name: str


class AttemptEvent(OfFeed):
    """A candidate started, connected or disconnected."""

    attempt: int


class QuestionAdvanced(OfFeed):
    """The session is at another question; no deadline while paused."""

    question_index: int
    question_deadline: Time | None


class AnswerSubmitted(OfFeed):
    """An answer is stored, sent by the candidate or closed by the server."""

    question_index: int
    time_taken_seconds: float
    how: How
    late: bool


class AnswerGraded(OfFeed):
    """The result of an answer changed; `partial` and `needs_review` included."""

    question_index: int
    score: float | None
    points: int
    state: EvaluationState
    graded_by: Grader | None


class SessionOver(OfFeed):
    """The candidate is through."""

    status: Literal["completed", "abandoned", "terminated"]


class InterviewCompleted(OfFeed):
    """The totals are settled and stored; comes once, later changes are `session_changed`."""

    score: float
    max_score: int
    percentage: float
    recommendation: Recommendation | None


class SessionChanged(SessionSummary, OfFeed):
    """The session as it stands in the list now."""


class SignalReported(OfFeed):
    """Something worth knowing happened in the candidate's browser."""

    kind: SignalKind
    detail: Json
    server_time: Time


class EvaluationFailed(OfFeed):
    """Grading failed, for now or for good: the answer's state says which."""

    question_index: int
    attempts: int
    reason: str


RECRUITER_SERVER: dict[str, type[Reply]] = {
    "session_started": AttemptEvent,
    "session_connected": AttemptEvent,
    "session_disconnected": AttemptEvent,
    "question_advanced": QuestionAdvanced,
    "answer_submitted": AnswerSubmitted,
    "answer_evaluated": AnswerGraded,
    "session_ended": SessionOver,
    "interview_completed": InterviewCompleted,
    "session_changed": SessionChanged,
    "signal_reported": SignalReported,
    "evaluation_failed": EvaluationFailed,
    "feed_position": FeedPosition,
}
