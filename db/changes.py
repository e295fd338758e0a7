"""What a decision writes: sessions, answers, jobs, events and audit, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid4

from db.pool import Connection
from db.sql import load

_Q = load("changes")


@dataclass(frozen=True, slots=True)
class SessionChange:
    """The new state of a session; `frozen` and `paused_remaining` are seconds, `flag` a word to add."""

    id: UUID
    fence: int
    status: str
    index: int
    opens_at: datetime | None
    deadline: datetime | None
    frozen: float
    paused_at: datetime | None
    paused_remaining: float | None
    revision: int
    at: datetime
    lock_used: bool = False
    active: bool = False
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer to store; `time_taken` in seconds. Its job is made with it, under `job_id`."""

    id: UUID
    session_id: UUID
    question_id: UUID
    question_index: int
    answer_text: str | None
    how: str
    late: bool
    sha256: str
    submitted_at: datetime
    time_taken: float
    job_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """What the recruiter's room will hear."""

    session_id: UUID
    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """What the public stream will carry."""

    session_id: UUID
    type: str
    data: dict[str, Any]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what and why; `actor_id` None where the server acted."""

    session_id: UUID
    revision: int
    action: str
    at: datetime
    actor_id: UUID | None = None
    reason: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Audited:
    """An audit entry as the session's node reads it."""

    id: int
    revision: int
    action: str
    reason: str | None
    detail: dict[str, Any]
    actor_name: str | None


@dataclass(slots=True)
class Changes:
    """Everything that one transaction writes about locked sessions."""

    sessions: list[SessionChange] = field(default_factory=list)
    answers: list[NewAnswer] = field(default_factory=list)
    feed: list[FeedEvent] = field(default_factory=list)
    stream: list[StreamEvent] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)

    @classmethod
    def of(cls, several: Iterable["Changes"]) -> Self:
        """All that several decisions write, in their order."""
        whole = cls()
        for each in several:
            whole.add(each)
        return whole

    def add(self, other: "Changes") -> None:
        """Take over what another decision writes."""
        self.sessions += other.sessions
        self.answers += other.answers
        self.feed += other.feed
        self.stream += other.stream
        self.audit += other.audit


class FenceMoved(Exception):
    """A session was to be written with an older fence; the transaction must be rolled back."""


async def record(conn: Connection, changes: Changes, *, dispatches: bool = False) -> None:
    """Store `changes`; raises FenceMoved where a session has been taken over since it was read.

    With `dispatches` the caller puts the answers' jobs on their stream once this is committed; else the relay does.
    """
    if not changes.sessions:
        return
    stored = await conn.fetch(
        _Q["record"],
        changes.sessions,
        changes.answers,
        changes.feed,
        changes.stream,
        changes.audit,
        dispatches,
    )
    if len(stored) != len(changes.sessions):
        raise FenceMoved


async def announce(conn: Connection, session_id: UUID, *, kind: str, payload: dict[str, Any]) -> None:
    """Write one feed event of a session that is locked."""
    await conn.execute(_Q["announce"], session_id, kind, payload)


async def announce_start(conn: Connection, event: StreamEvent) -> None:
    """Write the public event of a start."""
    await conn.execute(_Q["announce_start"], event.session_id, event.type, event.data, event.occurred_at)


async def audit(conn: Connection, entry: AuditEntry) -> None:
    """Write one audit entry."""
    await conn.execute(
        _Q["audit"],
        entry.session_id,
        entry.revision,
        entry.action,
        entry.actor_id,
        entry.reason,
        entry.detail,
        entry.at,
    )


async def audited_since(conn: Connection, session_id: UUID, *, revision: int) -> list[Audited]:
    """What was done to a session after `revision`, in order."""
    return [Audited(**r) for r in await conn.fetch(_Q["audited_since"], session_id, revision)]
