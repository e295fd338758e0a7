"""invitations: who may take which interview, and on what terms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from db.pool import Connection
from db.sql import load

_Q = load("invitations")


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invitation grants; without `expires_at` it lasts for the default span."""

    max_attempts: int
    extra_time_percent: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """New terms; None keeps what is there."""

    max_attempts: int | None
    extra_time_percent: int | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Which:
    """An invitation by its id and, where the caller named it, its interview."""

    id: UUID
    interview_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """An invitation that is in force."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An invitation whose row is locked; `is_over` where it is revoked or expired."""

    id: UUID
    expires_at: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class Existing:
    """A candidate's invitation, whatever has become of it."""

    id: UUID
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as its recruiter sees it."""

    id: UUID
    email: str
    name: str
    max_attempts: int
    extra_time_percent: int
    expires_at: datetime
    revoked_at: datetime | None
    attempts_used: int


def _there(record: asyncpg.Record | None) -> asyncpg.Record:
    if record is None:  # invitations are never removed
        raise LookupError("an invitation vanished")
    return record


async def insert(
    conn: Connection,
    *,
    interview_id: UUID,
    user_id: UUID,
    invitation_id: UUID,
    terms: Terms,
    lasting: timedelta,
) -> Granted | None:
    """Invite a candidate, for `lasting` where the terms name no end; None where they are invited already."""
    record = await conn.fetchrow(
        _Q["insert"],
        invitation_id,
        interview_id,
        user_id,
        terms.max_attempts,
        terms.extra_time_percent,
        terms.expires_at,
        lasting,
    )
    return None if record is None else Granted(**record)


async def lock_of_user(conn: Connection, *, interview_id: UUID, user_id: UUID) -> Existing:
    """Find the invitation of a candidate who has one, and hold its row until the transaction ends."""
    record = await conn.fetchrow(_Q["lock_of_user"], interview_id, user_id)
    return Existing(**_there(record))


async def renew(conn: Connection, invitation_id: UUID, *, terms: Terms, lasting: timedelta) -> Granted:
    """Put a revoked invitation whose row is locked in force again, on new terms."""
    record = await conn.fetchrow(
        _Q["renew"], invitation_id, terms.max_attempts, terms.extra_time_percent, terms.expires_at, lasting
    )
    return Granted(**_there(record))


async def of_interview(conn: Connection, recruiter_id: UUID, *, interview_id: UUID) -> list[InvitationRow]:
    """Everybody whom a recruiter invited to an interview, oldest first."""
    return [
        InvitationRow(**r) for r in await conn.fetch(_Q["of_recruiter"], recruiter_id, interview_id, None)
    ]


async def read(conn: Connection, recruiter_id: UUID, *, which: Which) -> InvitationRow | None:
    """Read an invitation; None where it is not this recruiter's."""
    record = await conn.fetchrow(_Q["of_recruiter"], recruiter_id, which.interview_id, which.id)
    return None if record is None else InvitationRow(**record)


async def change(conn: Connection, recruiter_id: UUID, *, which: Which, changes: Changes) -> bool:
    """Change an invitation's terms; False where it is not this recruiter's."""
    changed = await conn.fetchval(
        _Q["change"],
        recruiter_id,
        which.id,
        changes.max_attempts,
        changes.extra_time_percent,
        changes.expires_at,
        which.interview_id,
    )
    return changed is not None


async def revoke(conn: Connection, recruiter_id: UUID, *, which: Which) -> bool:
    """End an invitation; False where it is not this recruiter's."""
    return await conn.fetchval(_Q["revoke"], recruiter_id, which.id, which.interview_id) is not None


async def lock(conn: Connection, recruiter_id: UUID, *, which: Which) -> Held | None:
    """Hold an invitation's row until the transaction ends; None where it is not this recruiter's."""
    record = await conn.fetchrow(_Q["lock"], recruiter_id, which.id, which.interview_id)
    return None if record is None else Held(**record)
