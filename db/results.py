"""results and what they change: the answer's own result, the session's flags, and the events about both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from db import changes, recruiter
from db.pool import Connection
from db.sql import load

_Q = load("results")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one attempt found about one answer; `flags` are words for the session.

    With `job_id` that job is claimed and ended where the verdict is recorded, if it is still to do. `scored` and `needs_review` are final and kept; `partial` and `failed` stand while a retry is due.
    """

    session_id: UUID
    answer_id: UUID
    grading_version: int
    attempt: int
    state: Literal["partial", "failed", "scored", "needs_review"]
    score: float | None
    feedback: Any
    graded_by: Literal["rule", "ai"]
    provenance: dict[str, Any]
    flags: tuple[str, ...] = ()
    job_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of verdicts: jobs that are done, answers whose result is another now, sessions that got a flag they had not."""

    jobs: frozenset[UUID]
    answers: tuple[UUID, ...]
    flagged_sessions: tuple[UUID, ...]


async def lock_sessions(conn: Connection, session_ids: Collection[UUID]) -> None:
    """Lock these sessions against everybody until the transaction ends; what is read next is the newest."""
    await conn.execute(_Q["lock_sessions"], list(session_ids))


async def record(conn: Connection, verdicts: Sequence[Verdict], *, beside: bool = False) -> Recorded:
    """Store verdicts and their events; the caller holds the sessions' locks.

    `beside` their candidates without such a lock: only for sessions that are in progress and free, the others are left alone.
    """
    # the jsonb codec writes dataclasses by itself, at a tenth of what asdict costs
    stored = await conn.fetchrow(_Q["record"], list(verdicts), beside)
    assert stored is not None  # noqa: S101 - a SELECT without FROM answers one row
    return Recorded(
        jobs=frozenset(stored["jobs"]),
        answers=tuple(stored["answers"]),
        flagged_sessions=tuple(stored["flagged_sessions"]),
    )


async def record_locked(conn: Connection, verdicts: Sequence[Verdict]) -> None:
    """Store what was found about sessions that the caller has locked, and tell how those stand that are flagged by it."""
    for session_id in (await record(conn, verdicts)).flagged_sessions:
        await announce_changed(conn, session_id)


async def announce_failure(
    conn: Connection, answer_id: UUID, *, grading_version: int, attempts: int, reason: str
) -> None:
    """Tell the recruiter's room that grading failed; the caller holds the session's lock."""
    await conn.execute(_Q["announce_failure"], answer_id, attempts, reason, grading_version)


async def announce_changed(conn: Connection, session_id: UUID) -> None:
    """Tell the recruiter's room how the session stands now; the caller holds its lock."""
    payload = await recruiter.summary_payload(conn, session_id)
    await changes.announce(conn, session_id, kind="session_changed", payload=payload)
