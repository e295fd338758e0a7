"""Gradings beside the one that counts: asked for, compared, and promoted."""

from dataclasses import dataclass
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


async def begin(conn: Connection, session_id: UUID) -> int:
    """Ask for a locked session's answers to be graded again; answers the new grading's version."""
    version: int = await conn.fetchval(_Q["begin"], session_id)
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


async def promote(conn: Connection, session_id: UUID, *, grading_version: int) -> None:
    """Let a grading of a locked session count where no person has scored."""
    await conn.execute(_Q["promote"], session_id, grading_version)


async def ask_for_text(conn: Connection, session_id: UUID) -> None:
    """Have the text about a settled session written anew, from the grading that counts."""
    await conn.execute(_Q["ask_for_text"], session_id)
