"""interview_sessions: locking, reading, holding. Rows come with the database's clock, read after the lock."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import asyncpg

from db.pool import Connection
from db.sql import load

_Q = load("sessions")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as stored; `now` is the database's clock and `last_alive` the service's last sign of life."""

    id: UUID
    user_id: UUID
    interview_id: UUID
    interview_version: int
    recruiter_id: UUID
    candidate_name: str
    interview_title: str
    attempt: int
    pacing: str
    extra_time_percent: int
    question_count: int
    max_score: int
    status: str
    started_at: datetime
    completed_at: datetime | None
    current_question_index: int
    question_started_at: datetime | None
    question_deadline: datetime | None
    question_frozen: timedelta
    paused_at: datetime | None
    paused_remaining: timedelta | None
    revision: int
    fence: int
    holder_node: UUID | None
    holder_sid: str | None
    lock_token_hash: bytes | None
    resume_token_hash: bytes | None
    previous_resume_token_hash: bytes | None
    final_score: float | None
    percentage: float | None
    strengths: list[str] | None
    improvements: list[str] | None
    released_at: datetime | None
    grading_version: int
    now: datetime
    last_alive: datetime


_COLUMNS = tuple(field.name for field in fields(SessionRow))


def _row(record: asyncpg.Record) -> SessionRow:
    return SessionRow(*(record[name] for name in _COLUMNS))


@dataclass(frozen=True, slots=True)
class AvailableRow:
    """An interview that a candidate is invited to."""

    interview_id: UUID
    title: str
    description: str | None
    extra_time_percent: int
    time_limits: list[int]
    attempts_left: int


@dataclass(frozen=True, slots=True)
class ToGoOn:
    """What a client needs beside its session to go on; the draft's revision is None where there is no draft."""

    attempts_left: int
    draft_revision: int | None
    draft_answer: str | None


async def lock_own(conn: Connection, session_id: UUID, user_id: UUID) -> SessionRow | None:
    """Lock a candidate's session; None where it is not theirs or does not exist."""
    record = await conn.fetchrow(_Q["lock_own"], session_id, user_id)
    return None if record is None else _row(record)


async def lock_free(conn: Connection, owners: Mapping[UUID, UUID]) -> dict[UUID, SessionRow]:
    """Lock candidates' own sessions, by id of session and user, but for those that somebody else is writing at the moment."""
    records = await conn.fetch(_Q["lock_free"], list(owners), list(owners.values()))
    return {record["id"]: _row(record) for record in records}


async def lock_recruiters(conn: Connection, session_id: UUID, recruiter_id: UUID) -> SessionRow | None:
    """Lock a session of a recruiter's interview; None where it is not theirs or does not exist."""
    record = await conn.fetchrow(_Q["lock_recruiters"], session_id, recruiter_id)
    return None if record is None else _row(record)


async def lock_due(
    conn: Connection,
    *,
    node_id: UUID,
    grace: timedelta,
    others_wait: timedelta,
    limit: int,
    set_aside: list[UUID],
) -> list[SessionRow]:
    """Claim sessions whose question is to be closed; rows that others are writing, and those set aside, are skipped."""
    rows = await conn.fetch(_Q["lock_due"], node_id, grace, others_wait, limit, set_aside)
    return [_row(r) for r in rows]


async def lock_overlong_pauses(conn: Connection, *, longest: timedelta, limit: int) -> list[SessionRow]:
    """Claim sessions that have been paused for too long."""
    return [_row(r) for r in await conn.fetch(_Q["lock_overlong_pauses"], longest, limit)]


async def lock_running(conn: Connection) -> list[SessionRow]:
    """Lock all sessions whose clock runs, in lock order."""
    return [_row(r) for r in await conn.fetch(_Q["lock_running"])]


async def next_deadline(conn: Connection) -> float | None:
    """Seconds until the next deadline, negative where it has passed; None where nothing runs."""
    seconds: float | None = await conn.fetchval(_Q["next_deadline"])
    return seconds


async def read(conn: Connection, session_id: UUID) -> SessionRow | None:
    """Read a session without locking it."""
    record = await conn.fetchrow(_Q["read"], session_id)
    return None if record is None else _row(record)


async def read_active(conn: Connection, user_id: UUID) -> SessionRow | None:
    """Read a candidate's session in progress."""
    record = await conn.fetchrow(_Q["read_active"], user_id)
    return None if record is None else _row(record)


async def history(conn: Connection, user_id: UUID, *, interview_id: UUID | None) -> list[SessionRow]:
    """A candidate's ended sessions, newest first."""
    return [_row(r) for r in await conn.fetch(_Q["history"], user_id, interview_id)]


async def available(conn: Connection, user_id: UUID, *, interview_id: UUID | None) -> list[AvailableRow]:
    """Interviews that a candidate is invited to."""
    return [AvailableRow(**r) for r in await conn.fetch(_Q["available"], user_id, interview_id)]


async def attempts_left(conn: Connection, user_id: UUID, interview_id: UUID) -> int:
    """Attempts that a candidate has left."""
    left: int = await conn.fetchval(_Q["attempts_left"], user_id, interview_id)
    return left


async def to_go_on(conn: Connection, session_id: UUID) -> ToGoOn:
    """The attempts left, and the newest draft of the current question."""
    record = await conn.fetchrow(_Q["to_go_on"], session_id)
    if record is None:
        raise LookupError(f"there is no session {session_id}")
    return ToGoOn(**record)


async def serialise_starts(conn: Connection, user_id: UUID) -> None:
    """Let one start of this candidate happen at a time, until the transaction ends."""
    await conn.execute(_Q["serialise_starts"], str(user_id))


async def start(
    conn: Connection, *, session_id: UUID, user_id: UUID, interview_id: UUID
) -> SessionRow | None:
    """Begin an attempt; None where the candidate is not invited."""
    record = await conn.fetchrow(_Q["start"], session_id, user_id, interview_id)
    return None if record is None else _row(record)


async def hold(
    conn: Connection,
    session_id: UUID,
    *,
    node_id: UUID,
    sid: str,
    lock_hash: bytes,
    resume_hash: bytes,
    previous_resume_hash: bytes | None,
    action: str,
    actor_id: UUID,
) -> tuple[int, ToGoOn]:
    """Give a locked session to a connection, audited as `action`; answers the new fence and what its client needs."""
    record = await conn.fetchrow(
        _Q["hold"],
        session_id,
        node_id,
        sid,
        lock_hash,
        resume_hash,
        previous_resume_hash,
        action,
        actor_id,
    )
    if record is None:
        raise LookupError(f"there is no session {session_id}")
    fence, *needed = record
    return fence, ToGoOn(*needed)


async def hold_again(conn: Connection, session_id: UUID, *, fence: int, node_id: UUID, sid: str) -> bool:
    """Hold a session again that was taken for let go; False where that came too late."""
    return await conn.fetchval(_Q["hold_again"], session_id, fence, node_id, sid) is not None


async def release(conn: Connection, session_id: UUID, *, fence: int) -> bool:
    """Let go of a session after a disconnect; False where another connection holds it by now."""
    return await conn.fetchval(_Q["release"], session_id, fence) is not None


async def release_dead(conn: Connection) -> int:
    """Let go of what dead nodes held; answers how many sessions that were."""
    return len(await conn.fetch(_Q["release_dead"]))


async def touch(conn: Connection, session_id: UUID, *, fence: int, lock_used: bool) -> None:
    """Note activity, and the first write of a lock token."""
    await conn.execute(_Q["touch"], session_id, fence, lock_used)


async def read_held(conn: Connection, ids: list[UUID]) -> list[tuple[UUID, int, int, bool]]:
    """Of held sessions: id, fence, revision, and whether others took it for let go. Rows as they come, for they are many."""
    return cast("list[tuple[UUID, int, int, bool]]", await conn.fetch(_Q["read_held"], ids))
