"""score_overrides: what a person decided about an answer, which stands over every grader."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("overrides")


@dataclass(frozen=True, slots=True)
class Counting:
    """What an answer counts now, and what it may count at most."""

    question_index: int
    score: float | None
    evaluation_state: str
    points: int


@dataclass(frozen=True, slots=True)
class NewOverride:
    """A person's score for an answer."""

    id: UUID
    answer_id: UUID
    score: float
    scored_by: UUID
    reason: str
    scored_at: datetime


async def session_of(conn: Connection, answer_id: UUID, *, recruiter_id: UUID) -> UUID | None:
    """The session of an answer; None where it is not theirs or does not exist."""
    session_id: UUID | None = await conn.fetchval(_Q["session_of"], answer_id, recruiter_id)
    return session_id


async def lock_answer(conn: Connection, answer_id: UUID) -> Counting:
    """Lock an answer, after its session; raises LookupError."""
    record = await conn.fetchrow(_Q["lock_answer"], answer_id)
    if record is None:
        raise LookupError(f"there is no answer {answer_id}")
    return Counting(**record)


async def keep(conn: Connection, override: NewOverride) -> None:
    """Let a person's score count, and tell of it; the caller has locked the session and the answer."""
    await conn.execute(
        _Q["keep"],
        override.id,
        override.answer_id,
        override.score,
        override.scored_by,
        override.reason,
        override.scored_at,
    )
