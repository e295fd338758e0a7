"""What a candidate sends and sees. No type here can hold a key, a rubric or a score that is not released."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from realtime.contracts.base import MAX_ANSWER_CHARS, Reply, Request, Text, Time

Status = Literal["in_progress", "completed", "abandoned", "terminated"]
Pacing = Literal["self_paced", "scheduled"]
How = Literal["submitted", "auto", "expired", "terminated"]

COMPLETED_MESSAGE = "Interview completed! Results will be available soon."


class CandidateQuestion(Reply):
    """A question as a candidate sees it; its text and parts are there only once it has opened."""

    id: UUID
    index: int
    type: Literal["mcq", "short_answer", "code"]
    time_limit: int = Field(description="Seconds, extra time included.")
    points: int
    question_text: str | None = None
    options: tuple[str, ...] | None = None
    language: str | None = None
    starter_code: str | None = None

    @model_serializer(mode="wrap")
    def _omit_what_is_not_there(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None}


class Receipt(Reply):
    """Proof of an accepted answer that the candidate can keep."""

    answer_id: UUID
    sha256: str = Field(
        description="Hex, over the UTF-8 of `session_id\\nquestion_id\\nanswer` (null = empty)."
    )
    server_time: Time


class CandidateAnswer(Reply):
    """An accepted or closed answer; never a score."""

    id: UUID
    question_id: UUID
    question_index: int
    answer: str | None
    how: How
    late: bool
    submitted_at: Time
    receipt: Receipt


class Draft(Reply):
    """The newest stored draft of the current question."""

    question_index: int
    revision: int
    answer: str | None


class InterviewRef(Reply):
    """Which interview a session belongs to."""

    id: UUID
    title: str


class Session(Reply):
    """A session as its candidate sees it."""

    id: UUID
    interview_id: UUID
    attempt: int
    attempts_left: int
    status: Status
    pacing: Pacing
    started_at: Time
    current_question_index: int
    question_started_at: Time | None
    question_deadline: Time | None
    remaining_ms: int | None = Field(
        description="To the deadline; while waiting, to the opening; frozen while paused."
    )
    waiting: bool
    question_opens_at: Time | None
    paused_at: Time | None
    questions: tuple[CandidateQuestion, ...]
    time_limits: tuple[int, ...]
    server_time: Time
    revision: int


class StartedSession(Session):
    """A session just started, with a token that outlives it."""

    token: str


class ActiveSession(Session):
    """All that is needed to go on where one was."""

    answers: tuple[CandidateAnswer, ...]
    draft: Draft | None
    interview: InterviewRef


class ActiveReply(Reply):
    """The session in progress, if there is one."""

    active_session: ActiveSession | None


class AvailableInterview(Reply):
    """An interview that this candidate may start."""

    interview_id: UUID
    title: str
    description: str | None
    question_count: int
    total_seconds: int
    attempts_left: int


class SubmitAnswer(Request):
    """An answer, by whatever way it comes."""

    question_index: int
    answer: Text | None = Field(max_length=MAX_ANSWER_CHARS)
    time_expired: bool
    lock_token: Text | None = None


class SubmitAnswerBody(SubmitAnswer):
    """An answer over HTTP; the time that the client claims is logged and never used."""

    submitted_at: Time


class Submitted(Reply):
    """The answer was accepted (or had been: `duplicate`), and the session goes on."""

    success: Literal[True] = True
    next_question_index: int
    next_question: CandidateQuestion
    time_limit: int
    question_deadline: Time | None
    waiting: bool
    question_opens_at: Time | None
    server_time: Time
    revision: int
    receipt: Receipt
    duplicate: bool = False


class SubmittedLast(Reply):
    """The answer was accepted (or had been: `duplicate`), and the session has ended."""

    success: Literal[True] = True
    completed: Literal[True] = True
    message: str = COMPLETED_MESSAGE
    server_time: Time
    revision: int
    receipt: Receipt
    duplicate: bool = False


class SaveDraft(Request):
    """A draft; a revision at or below the stored one changes nothing."""

    question_index: int
    revision: int = Field(ge=1, le=2**53)
    answer: Text | None = Field(max_length=MAX_ANSWER_CHARS)
    lock_token: Text | None = None


class DraftSaved(Reply):
    """The stored revision."""

    revision: int


class StartOver(Request):
    """End this attempt and start the next."""

    lock_token: Text | None = None


class ReleasedResult(Reply):
    """What a recruiter released to the candidate."""

    score: float
    max_score: int
    percentage: float
    strengths: tuple[str, ...]
    improvements: tuple[str, ...]


class HistoryEntry(Reply):
    """An ended session with its receipts; the result once released."""

    id: UUID
    interview_id: UUID
    interview_title: str
    attempt: int
    status: Status
    started_at: Time
    ended_at: Time
    answers: tuple[CandidateAnswer, ...]
    result: ReleasedResult | None
