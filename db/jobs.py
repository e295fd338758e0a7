"""jobs: claims with an attempt number and a lease, retries with a due time, and an end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("jobs")


@dataclass(frozen=True, slots=True)
class AnswerWork:
    """An answer that is to be graded, with its frozen question and that question's key.

    `is_due` is false where the job is settled, leased, or put off.
    """

    job_id: UUID
    session_id: UUID
    answer_id: UUID
    grading_version: int
    attempt: int
    failures: int
    interview_id: UUID
    session_status: str
    answer_text: str | None
    type: Literal["mcq", "short_answer", "code"]
    question_text: str
    points: int
    correct_answer: str | None
    expected_keywords: list[str] | None
    sample_answer: str | None
    language: str | None
    starter_code: str | None
    sample_solution: str | None
    evaluation_criteria: list[str] | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits for its turn; `again` where the answer has a result that counts already."""

    job_id: UUID
    kind: Literal["answer", "summary"]
    interview_id: UUID
    again: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A job taken for a while; only `attempt` may settle it. `failures` are those before it."""

    job_id: UUID
    kind: Literal["answer", "summary"]
    session_id: UUID
    answer_id: UUID | None
    grading_version: int
    attempt: int
    failures: int
    interview_id: UUID
    session_status: str


@dataclass(frozen=True, slots=True)
class Held:
    """A lease, as its holder knows it."""

    job_id: UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job given up on whose dead letter is not written yet."""

    id: UUID
    kind: Literal["answer", "summary"]
    session_id: UUID
    answer_id: UUID | None
    attempt: int
    last_error: str
    at: datetime


async def read_answer_work(conn: Connection, job_ids: Sequence[UUID]) -> list[AnswerWork]:
    """Read what these jobs are about; ids that are none are left out."""
    return [AnswerWork(**record) for record in await conn.fetch(_Q["read_answer_work"], job_ids)]


async def read_interviews(conn: Connection, job_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The interviews that these jobs belong to; ids that are no jobs are left out."""
    return {r["id"]: r["interview_id"] for r in await conn.fetch(_Q["read_interviews"], job_ids)}


async def read_waiting(
    conn: Connection, *, older_than: timedelta, at_most: int, of_last: int
) -> list[Waiting]:
    """Jobs for the AI that were published so long ago and that nobody works on, the last of them first."""
    rows = await conn.fetch(_Q["read_waiting"], older_than, at_most, of_last)
    return [Waiting(**row) for row in rows]


async def claim(conn: Connection, job_id: UUID, *, lease: float) -> Claim | None:
    """Take a job for `lease` seconds; None where it is settled, leased, or not yet due."""
    record = await conn.fetchrow(_Q["claim"], job_id, lease)
    return None if record is None else Claim(**record)


async def renew(conn: Connection, held: Collection[Held], *, lease: float) -> set[Held]:
    """Extend leases by `lease` seconds from now; returns those that are still held."""
    return {Held(**record) for record in await conn.fetch(_Q["renew"], *_columns(held), lease)}


async def complete(conn: Connection, held: Held) -> bool:
    """End a job; False where another attempt has taken it over."""
    return await conn.fetchrow(_Q["complete"], held.job_id, held.attempt) is not None


async def retry_later(conn: Connection, held: Held, *, delay: float, reason: str) -> bool:
    """Put a job back, due in `delay` seconds; False where another attempt has taken it over."""
    return await conn.fetchrow(_Q["retry_later"], held.job_id, held.attempt, delay, reason) is not None


async def give_up(conn: Connection, held: Held, *, reason: str) -> bool:
    """End a job without a result; False where another attempt has taken it over."""
    return await conn.fetchrow(_Q["give_up"], held.job_id, held.attempt, reason) is not None


async def hand_back(conn: Connection, held: Collection[Held]) -> None:
    """Return leased jobs undone, for others to take at once."""
    await conn.execute(_Q["hand_back"], *_columns(held))


async def republish(conn: Connection, job_ids: Sequence[UUID]) -> None:
    """Ask for waiting jobs to be published again."""
    await conn.execute(_Q["republish"], job_ids)


async def take_unburied(conn: Connection, *, limit: int) -> list[DeadJob]:
    """Dead jobs without a dead letter, locked for the caller's transaction."""
    return [DeadJob(**record) for record in await conn.fetch(_Q["take_unburied"], limit)]


async def mark_buried(conn: Connection, job_ids: Sequence[UUID]) -> None:
    """Note that their dead letters are written."""
    await conn.execute(_Q["mark_buried"], job_ids)


def _columns(held: Collection[Held]) -> tuple[list[UUID], list[int]]:
    return [lease.job_id for lease in held], [lease.attempt for lease in held]
