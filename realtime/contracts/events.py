"""Socket.IO events: what each carries, both ways. The AsyncAPI document is generated from the tables at the end."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from realtime.contracts.base import Json, Reply, Request, Text, Time
from realtime.contracts.candidate import (
    ActiveSession,
    CandidateQuestion,
    DraftSaved,
    SaveDraft,
    SubmitAnswer,
    Submitted,
    SubmittedLast,
)

CANDIDATE = "/candidate"
RECRUITER = "/recruiter"

SignalKind = Literal[
    "tab_hidden", "tab_visible", "paste", "copy", "fullscreen_exit", "devtools", "offline", "online"
]

# --- candidate, client to server ---


class JoinSession(Request):
    """Hold the session with this connection."""

    session_id: UUID
    resume_token: Text | None = None
    takeover: bool = False


class SubmitAnswerEvent(SubmitAnswer):
    """As POST …/answers."""

    session_id: UUID
    lock_token: Text


class SaveDraftEvent(SaveDraft):
    """As PUT …/draft."""

    session_id: UUID
    lock_token: Text


class ReportSignal(Request):
    """Something worth knowing happened in the browser; it informs and never punishes."""

    session_id: UUID
    lock_token: Text
    kind: SignalKind
    detail: Json = None
    client_time: Time


class SyncClock(Request):
    """Ask for the server's clock."""

    client_time_ms: float = Field(allow_inf_nan=False)


# --- acks ---


class Ok(Reply):
    """Done."""

    ok: Literal[True] = True


class JoinedAck(Ok):
    """The session is held; both tokens are new."""

    lock_token: str
    resume_token: str
    token: str | None
    session: ActiveSession


class ClockAck(Ok):
    """The server's clock in milliseconds since the epoch."""

    client_time_ms: float
    server_time_ms: int


class RefusedAck(BaseModel):
    """Refused, with a code of the HTTP section; further fields depend on it."""

    ok: Literal[False] = False
    code: str
    message: str
    detail: str


# --- candidate, server to client ---


class OfSession(Reply):
    """What every event of a session carries."""

    session_id: UUID
    revision: int


class Tick(OfSession):
    """The clock, every INTERLOCK_TICK_SECONDS."""

    question_index: int
    remaining_ms: int
    server_time_ms: int


class QuestionOpened(OfSession):
    """A question is there to be answered."""

    question_index: int
    question: CandidateQuestion
    time_limit: int
    question_deadline: Time | None
    remaining_ms: int
    server_time_ms: int


class QuestionExpired(OfSession):
    """The server closed a question with the last saved draft."""

    question_index: int
    submitted: Literal["draft", "empty"]


class DeadlineChanged(OfSession):
    """The clock was set anew."""

    question_index: int
    question_deadline: Time
    remaining_ms: int
    reason: Literal["extended", "outage", "resumed"]


class SessionStopped(OfSession):
    """Paused, resumed, terminated or completed; `reason` where a person acted."""

    reason: str | None = None


class SessionSuperseded(Reply):
    """This connection does not hold the session any more; the disconnect follows."""

    session_id: UUID
    reason: Literal["taken_over", "started_over"]


class Message(Reply):
    """A word from the recruiter."""

    session_id: UUID
    text: str
    from_: str = Field(serialization_alias="from")


class FeedPlace(Reply):
    """A place in a recruiter's feed."""

    epoch: str
    offset: int


class FeedPosition(Reply):
    """The room's top position."""

    feed: FeedPlace


CANDIDATE_CLIENT: dict[str, tuple[type[Request], tuple[type[BaseModel], ...]]] = {
    "join_session": (JoinSession, (JoinedAck,)),
    "submit_answer": (SubmitAnswerEvent, (Submitted, SubmittedLast)),
    "save_draft": (SaveDraftEvent, (DraftSaved,)),
    "report_signal": (ReportSignal, (Ok,)),
    "sync_clock": (SyncClock, (ClockAck,)),
}

CANDIDATE_SERVER: dict[str, type[Reply]] = {
    "tick": Tick,
    "question_opened": QuestionOpened,
    "question_expired": QuestionExpired,
    "deadline_changed": DeadlineChanged,
    "session_paused": SessionStopped,
    "session_resumed": SessionStopped,
    "session_terminated": SessionStopped,
    "session_completed": SessionStopped,
    "session_superseded": SessionSuperseded,
    "message": Message,
}
