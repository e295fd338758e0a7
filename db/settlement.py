"""Settlement: a session's totals once all its answers are scored, and the text about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("settlement")


@dataclass(frozen=True, slots=True)
class Settled:
    """The totals of a session; `totals_version` grows with each change of them."""

    session_id: UUID
    final_score: float
    max_score: int
    percentage: float
    totals_version: int


@dataclass(frozen=True, slots=True)
class ToSummarise:
    """A session that a grading is through with, and whose text by it is not written."""

    interview_title: str
    percentage: float


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """The result of one answer, as the text about the session is written from it."""

    question_index: int
    type: Literal["mcq", "short_answer", "code"]
    question_text: str
    points: int
    score: float
    feedback: Any


@dataclass(frozen=True, slots=True)
class Summary:
    """The text about a session by one grading, and where it came from."""

    summary: str
    strengths: Sequence[str]
    improvements: Sequence[str]
    recommendation: Literal["strong_hire", "hire", "maybe", "no_hire"]
    attempt: int
    provenance: dict[str, Any]


async def settle(conn: Connection, *, session_ids: Collection[UUID], summarise: bool) -> list[Settled]:
    """Give totals to the ended sessions among these whose every answer is scored, with their events, once.

    The caller has locked the sessions in an earlier statement. `summarise` asks for a text about completed ones.
    """
    return [Settled(**record) for record in await conn.fetch(_Q["settle"], list(session_ids), summarise)]


async def follow(conn: Connection, *, session_ids: Collection[UUID], summarise: bool) -> None:
    """Do what results that were just recorded may allow: settle, and have texts written by gradings beside the one that counts.

    The caller has locked the sessions in an earlier statement.
    """
    await settle(conn, session_ids=session_ids, summarise=summarise)
    if summarise:
        await conn.execute(_Q["ask_beside"], list(session_ids))


async def recompute(conn: Connection, session_id: UUID) -> Settled | None:
    """Bring a settled session's totals up to its answers' scores; None where it is not settled.

    The caller has locked the session, and tells the recruiter's room itself.
    """
    record = await conn.fetchrow(_Q["recompute"], session_id)
    return None if record is None else Settled(**record)


async def read_to_summarise(
    conn: Connection, session_id: UUID, *, grading_version: int
) -> ToSummarise | None:
    """Read what is to be summarised; None where there is nothing (any more)."""
    record = await conn.fetchrow(_Q["read_to_summarise"], session_id, grading_version)
    return None if record is None else ToSummarise(**record)


async def read_results(conn: Connection, session_id: UUID, *, grading_version: int) -> list[ScoredAnswer]:
    """Scores and feedback of a session's answers by a grading, in the order of the questions; a person's score stands."""
    records = await conn.fetch(_Q["read_results"], session_id, grading_version)
    return [ScoredAnswer(**record) for record in records]


async def store_summary(
    conn: Connection, session_id: UUID, *, grading_version: int, summary: Summary
) -> bool:
    """Store the text, once a grading, and its public event; False where there is one already or it does not count."""
    counts = await conn.fetchrow(
        _Q["store_summary"],
        session_id,
        grading_version,
        summary.summary,
        list(summary.strengths),
        list(summary.improvements),
        summary.recommendation,
        summary.attempt,
        summary.provenance,
    )
    return counts is not None
