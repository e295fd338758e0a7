"""A session as use cases see it: its row, its frozen questions, and where it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from db import sessions
from db.answers import ClosedQuestion
from db.changes import SessionChange
from db.pool import Connection
from db.questions import ShownQuestion
from db.sessions import SessionRow
from realtime.auth import Identity
from realtime.domain.errors import NotFound
from realtime.domain.lock import Lock
from realtime.domain.timing import Pacing, Progress, Status
from realtime.usecases.services import Services

LIVENESS_GAP = timedelta(seconds=5)  # a renewal each second may be late by this much without being an outage


class OutageUncredited(Exception):
    """The last sign of life is too old: nothing may be decided by the clock until the outage is credited."""


def refuse_uncredited(row: SessionRow) -> None:
    """Raise OutageUncredited where the service seems to have been down when `row` was read."""
    if row.now - row.last_alive > LIVENESS_GAP:
        raise OutageUncredited


@dataclass(frozen=True, slots=True)
class Standing:
    """A session's row with what its rules need."""

    row: SessionRow
    questions: tuple[ShownQuestion, ...]
    progress: Progress

    @property
    def now(self) -> datetime:
        """The database's clock when the row was read."""
        return self.row.now

    @property
    def lock(self) -> Lock:
        """Who holds it."""
        row = self.row
        return Lock(
            fence=row.fence,
            held=row.holder_node is not None,
            lock_hash=row.lock_token_hash,
            resume_hash=row.resume_token_hash,
            previous_resume_hash=row.previous_resume_token_hash,
        )

    def change(
        self, after: Progress, *, lock_used: bool = False, active: bool = False, **extra: Any
    ) -> SessionChange:
        """What is stored when the session goes on to `after`."""
        return SessionChange(
            id=self.row.id,
            fence=self.row.fence,
            status=after.status,
            index=after.index,
            opens_at=after.opens_at,
            deadline=after.deadline,
            frozen=after.frozen.total_seconds(),
            paused_at=after.paused_at,
            paused_remaining=None
            if after.paused_remaining is None
            else after.paused_remaining.total_seconds(),
            revision=after.revision,
            at=self.now,
            lock_used=lock_used,
            active=active,
            **extra,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One committed step of a session with all that its candidate must hear, so that nobody need read it again."""

    after: Standing
    closed: tuple[ClosedQuestion, ...] = ()


async def standing_of(conn: Connection, services: Services, row: SessionRow) -> Standing:
    """Complete a row with its frozen questions."""
    questions = await services.question_sets.get(conn, row.interview_id, row.interview_version)
    limits = questions.limits(extra_percent=row.extra_time_percent)
    return Standing(row=row, questions=questions.shown, progress=progress_of(row, limits))


def progress_of(row: SessionRow, limits: tuple[int, ...]) -> Progress:
    """Read where a session stands from its row."""
    return Progress(
        status=Status(row.status),
        pacing=Pacing(row.pacing),
        limits=limits,
        index=row.current_question_index,
        opens_at=row.question_started_at,
        deadline=row.question_deadline,
        revision=row.revision,
        frozen=row.question_frozen,
        paused_at=row.paused_at,
        paused_remaining=row.paused_remaining,
    )


async def lock_own(conn: Connection, services: Services, session_id: UUID, who: Identity) -> Standing:
    """Lock a candidate's own session; NotFound where it is another's, of another interview, or does not exist."""
    row = await sessions.lock_own(conn, session_id, who.user_id)
    if row is None:
        raise NotFound
    return await own(conn, services, row, who)


async def own(conn: Connection, services: Services, row: SessionRow, who: Identity) -> Standing:
    """Where a candidate's own session stands, whose row is locked; NotFound where it is another's or of another interview."""
    if row.user_id != who.user_id or who.interview_id not in (None, row.interview_id):
        raise NotFound
    refuse_uncredited(row)
    return await standing_of(conn, services, row)


def seconds(span: timedelta) -> float:
    """A span in seconds, to the millisecond."""
    return round(span.total_seconds(), 3)
