"""What goes over Redis: streams, their messages, and the channels of hints.

The AsyncAPI document is generated from `STREAMS`; nothing about a stream is said anywhere else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from realtime.contracts.base import Reply, Time

JOBS = "interlock.evaluation.jobs"
SUMMARIES = "interlock.evaluation.summaries"
RESULTS = "interlock.evaluation.results"
DEAD = "interlock.evaluation.dead"
GRADERS = "graders"

HINTS = "interlock.hints"
FEED = "interlock.feed"

# The one field of an entry; FastStream reads it too.
BODY_FIELD = "__data__"

QuestionType: TypeAlias = Literal["mcq", "short_answer", "code"]
EvaluationState: TypeAlias = Literal["queued", "running", "partial", "scored", "needs_review", "failed"]
Grader: TypeAlias = Literal["rule", "ai", "person"]
Recommendation: TypeAlias = Literal["strong_hire", "hire", "maybe", "no_hire"]


class _Message(BaseModel):
    # a field that a newer writer adds must not stop an older reader
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    def encode(self) -> bytes:
        """The bytes of an entry's body."""
        return self.model_dump_json().encode()


class AnswerJob(_Message):
    """Asks for one answer to be graded. It only points: the job's row in PostgreSQL is the truth."""

    job_id: UUID
    kind: Literal["answer"] = "answer"
    answer_id: UUID
    session_id: UUID
    question_type: QuestionType
    grading_version: Annotated[int, Field(ge=1)]


class SummaryJob(_Message):
    """Asks for the text about a settled session."""

    job_id: UUID
    kind: Literal["summary"] = "summary"
    session_id: UUID
    grading_version: Annotated[int, Field(ge=1)]


Job: TypeAlias = Annotated[AnswerJob | SummaryJob, Field(discriminator="kind")]
_JOB: TypeAdapter[AnswerJob | SummaryJob] = TypeAdapter(Job)


def read_job(body: bytes) -> AnswerJob | SummaryJob:
    """Read an entry's body; raises pydantic's ValidationError where it is no job."""
    return _JOB.validate_json(body)


class DeadLetter(_Message):
    """A job given up on, or an entry that is none; `body` is the start of what could not be read."""

    reason: str
    at: Time
    job_id: UUID | None = None
    kind: Literal["answer", "summary"] | None = None
    answer_id: UUID | None = None
    session_id: UUID | None = None
    attempts: int | None = None
    stream: str | None = None
    entry_id: str | None = None
    body: str | None = None


class AnswerEvaluatedData(Reply):
    """A result as it is now; `version` grows with each change of it."""

    session_id: UUID
    interview_id: UUID
    answer_id: UUID
    question_id: UUID
    question_index: int
    question_type: QuestionType
    score: float | None
    points: int
    state: EvaluationState
    graded_by: Grader | None
    version: int


class SessionStartedData(Reply):
    """A session that began."""

    session_id: UUID
    interview_id: UUID
    attempt: int
    started_at: Time
    version: int


class SessionEndedData(Reply):
    """A session that is over, in whatever way."""

    session_id: UUID
    interview_id: UUID
    status: Literal["completed", "abandoned", "terminated"]
    ended_at: Time
    version: int


class SessionEvaluatedData(Reply):
    """Totals as they are now; `version` grows with each change of them or of the recommendation."""

    session_id: UUID
    interview_id: UUID
    status: Literal["completed", "terminated"]
    score: float
    max_score: float
    percentage: float
    recommendation: Recommendation | None
    version: int


Data = TypeVar("Data", bound=Reply)


class CloudEvent(Reply, Generic[Data]):
    """CloudEvents 1.0 in structured mode; `id` is the same at every delivery."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: Literal["/interlock"] = "/interlock"
    type: str
    subject: UUID
    time: Time
    datacontenttype: Literal["application/json"] = "application/json"
    data: Data


class AnswerEvaluated(CloudEvent[AnswerEvaluatedData]):
    """A result came or changed."""

    type: Literal["interlock.answer.evaluated"] = "interlock.answer.evaluated"


class SessionStarted(CloudEvent[SessionStartedData]):
    """A session began."""

    type: Literal["interlock.session.started"] = "interlock.session.started"


class SessionEnded(CloudEvent[SessionEndedData]):
    """A session is over."""

    type: Literal["interlock.session.ended"] = "interlock.session.ended"


class SessionEvaluated(CloudEvent[SessionEvaluatedData]):
    """A session's totals came or changed."""

    type: Literal["interlock.session.evaluated"] = "interlock.session.evaluated"


PUBLIC_EVENTS: dict[str, type[BaseModel]] = {
    "interlock.answer.evaluated": AnswerEvaluated,
    "interlock.session.started": SessionStarted,
    "interlock.session.ended": SessionEnded,
    "interlock.session.evaluated": SessionEvaluated,
}


def cloud_event(*, event_id: UUID, kind: str, session_id: UUID, at: datetime, data: dict[str, Any]) -> bytes:
    """The bytes of a public event as the stream carries it; raises where `data` is not of the event's form."""
    model = PUBLIC_EVENTS[kind]
    return model(id=event_id, subject=session_id, time=at, data=data).model_dump_json().encode()


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: who may read it and what it carries."""

    name: str
    public: bool
    description: str
    messages: tuple[type[BaseModel], ...]
    group: str | None = None


STREAMS: tuple[Stream, ...] = (
    Stream(
        name=RESULTS,
        public=True,
        description="What became of sessions and answers: at least once, in commit order per session.",
        messages=(AnswerEvaluated, SessionStarted, SessionEnded, SessionEvaluated),
    ),
    Stream(
        name=JOBS,
        public=False,
        description="One entry an answer to grade.",
        messages=(AnswerJob,),
        group=GRADERS,
    ),
    Stream(
        name=SUMMARIES,
        public=False,
        description="One entry a settled session to summarise.",
        messages=(SummaryJob,),
        group=GRADERS,
    ),
    Stream(
        name=DEAD,
        public=False,
        description="Jobs given up on and entries that are none, with the reason.",
        messages=(DeadLetter,),
    ),
)
