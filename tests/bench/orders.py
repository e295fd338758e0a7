"""What the bench asks of a crowd's process, and what that answers; one JSON object a line."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["socketio", "bare"]


class Message(BaseModel):
    """Anything that goes one way or the other."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Guest(Message):
    """One client to be; `resume_token` where it was connected before."""

    session_id: str
    token: str
    resume_token: str | None = None


class Connect(Message):
    """Connect and join, so many at a time; answered by Arrived when each is in or has given up."""

    do: Literal["connect"] = "connect"
    kind: Kind
    host: str
    port: int
    guests: tuple[Guest, ...]
    at_once: int
    give_up_seconds: float


class Begin(Message):
    """Count ticks from here on; answered by Begun."""

    do: Literal["begin"] = "begin"


class Tell(Message):
    """Say what was heard since Begin; answered by Heard."""

    do: Literal["tell"] = "tell"


class Arrived(Message):
    """How the clients got in; times are from the order to each one's join."""

    joined: int
    gave_up: int
    attempts: int
    told_to_wait: int
    broken: int
    timed_out: int
    refused: dict[str, int]
    last_seconds: float
    p50_seconds: float
    p99_seconds: float


class Begun(Message):
    """Counting."""


class Heard(Message):
    """Ticks of all sessions together, and the gaps between two of one session, in milliseconds."""

    seconds: float
    ticks: int
    silent: int
    lost: int
    gap_p50_ms: float
    gap_p99_ms: float
    gap_max_ms: float
