"""Gradings beside the one that counts: asked for, compared, and promoted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("regrades")


@dataclass(frozen=True, slots=True)
class Compared:
    """What counts of an answer now, and the state that another grading found; None while it has not."""

    question_index: int
    is_scored: bool
    is_persons: bool
    found: str | None


@dataclass(frozen=True, slots=True)
class InForce:
    """The grading that counts, and the text that was written from it; `is_known` is about another that may follow."""

    grading_version: int
    ai_summary: str | None
    recommendation: str | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class RegradeRow:
    """A request to grade again, and how far it is; `recipe` None for one from before recipes were kept."""

    id: UUID
    interview_id: UUID
    interview_title: str
    begun_at: datetime
    begun_by: str | None
    recipe_sha256: str | None
    recipe: dict[str, Any] | None
    sessions: int
    promoted: int
    texts_pending: int
    answers: int
    graded: int


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """Answers to questions of a type that moved from one band of scores to another; distances are sums of shares of points."""

    question_type: str
    old_band: int
    new_band: int
    answers: int
    same: int
    distance: float
    difference: float


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """What a grading changes about a session; `answers` in the contract's words."""

    session_id: UUID
    candidate_name: str
    attempt: int
    grading_version: int
    counts: bool
    max_score: int
    old_score: float | None
    new_score: float | None
    difference: float | None
    old_rank: int | None
    new_rank: int | None
    old_recommendation: str | None
    new_recommendation: str | None
    is_signed: bool
    answers: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ToRegrade:
    """A session that can be graded again."""

    id: UUID
    recruiter_id: UUID
    interview_id: UUID


@dataclass(frozen=True, slots=True)
class ToPromote:
    """A session whose grading does not count yet."""

    id: UUID
    recruiter_id: UUID
    grading_version: int


async def open_request(
    conn: Connection, regrade_id: UUID, *, interview_id: UUID, recipe_sha256: str, begun_by: UUID | None
) -> None:
    """Make a request to grade sessions of an interview again, by a recipe that is kept."""
    await conn.execute(_Q["open"], regrade_id, interview_id, recipe_sha256, begun_by)


async def begin(conn: Connection, session_id: UUID, *, regrade_id: UUID) -> int:
    """Ask for a locked session's answers to be graded again; answers the new grading's version."""
    version: int = await conn.fetchval(_Q["begin"], session_id, regrade_id)
    return version


async def compare(conn: Connection, session_id: UUID, *, grading_version: int) -> list[Compared]:
    """What counts of a locked session's answers, beside what a grading found."""
    return [Compared(**r) for r in await conn.fetch(_Q["compare"], session_id, grading_version)]


async def in_force(conn: Connection, session_id: UUID, *, candidate: int) -> InForce:
    """The grading of a locked session that counts, and whether there is a grading `candidate`. Raises LookupError."""
    record = await conn.fetchrow(_Q["in_force"], session_id, candidate)
    if record is None:
        raise LookupError(f"there is no session {session_id}")
    return InForce(**record)


async def promote(conn: Connection, session_id: UUID, *, grading_version: int, flag: str) -> None:
    """Let a grading of a locked session count where no person has scored; `flag` the session where its feedback has that word."""
    await conn.execute(_Q["promote"], session_id, grading_version, flag)


async def take_text(conn: Connection, session_id: UUID, *, ask: bool) -> None:
    """Let the text about the grading that counts be the session's; where it is not written, `ask` for it."""
    await conn.execute(_Q["take_text"], session_id, ask)


async def read(conn: Connection, regrade_id: UUID, *, recruiter_id: UUID | None) -> RegradeRow | None:
    """A request, for its recruiter or (None) for the operator; None where it is another's or does not exist."""
    record = await conn.fetchrow(_Q["read"], regrade_id, recruiter_id)
    return None if record is None else RegradeRow(**record)


async def agreement(conn: Connection, regrade_id: UUID, *, bands: int) -> list[AgreementRow]:
    """How the scores of two graders lie to each other, in so many bands."""
    return [AgreementRow(**r) for r in await conn.fetch(_Q["agreement"], regrade_id, bands - 1)]


async def differences(
    conn: Connection, regrade_id: UUID, *, after: UUID | None, session_id: UUID | None, limit: int
) -> list[DifferenceRow]:
    """What a request changes about its sessions, in the order of their ids: those after one, or one alone."""
    records = await conn.fetch(_Q["differences"], regrade_id, after or UUID(int=0), session_id, limit)
    return [DifferenceRow(**r) for r in records]


async def to_regrade(
    conn: Connection, *, interview_id: UUID | None, session_id: UUID | None
) -> list[ToRegrade]:
    """The sessions of an interview that can be graded again, or one session if it can."""
    return [ToRegrade(**r) for r in await conn.fetch(_Q["to_regrade"], interview_id, session_id)]


async def to_promote(conn: Connection, regrade_id: UUID) -> list[ToPromote]:
    """The sessions of a request whose grading does not count yet."""
    return [ToPromote(**r) for r in await conn.fetch(_Q["to_promote"], regrade_id)]
