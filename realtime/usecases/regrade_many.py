"""Grade many sessions of an interview again by one recipe, and let that count: what the operator's command does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from consumers.grading.recipe import Recipe
from db import regrades, sessions
from db.pool import Connection
from db.sessions import SessionRow
from realtime.domain.errors import NotFound, NotReady
from realtime.settings import Settings
from realtime.usecases import regrade

AT_ONCE = 50  # sessions locked by one transaction: graders and people wait for it


@dataclass(frozen=True, slots=True)
class NotPromoted:
    """A session whose grading cannot count yet, and the questions for whose sake."""

    session_id: UUID
    question_indexes: list[int]


async def begin(
    conn: Connection, *, interview_id: UUID | None, session_id: UUID | None, recipe: Recipe
) -> UUID:
    """Ask for an interview's finished sessions, or one of them, to be graded again; answers the request's id.

    Raises NotReady where there is none. What is interrupted has begun with some of them, and can be begun anew.
    """
    wanted = await regrades.to_regrade(conn, interview_id=interview_id, session_id=session_id)
    if not wanted:
        raise NotReady("There is no session that was completed or terminated, with an answer, to grade again")
    async with conn.transaction():
        regrade_id = await regrade.open_request(
            conn, interview_id=wanted[0].interview_id, recipe=recipe, by=None
        )
    for start in range(0, len(wanted), AT_ONCE):
        async with conn.transaction():
            for one in wanted[start : start + AT_ONCE]:  # in the order of their ids, as everybody locks
                row = await _lock(conn, one.id, one.recruiter_id)
                await regrade.begin(conn, row, regrade_id=regrade_id, by=None)
    return regrade_id


async def promote(
    conn: Connection, regrade_id: UUID, *, settings: Settings
) -> AsyncIterator[UUID | NotPromoted]:
    """Let the gradings of a request count, one session after the other: those that can, and those that cannot yet."""
    for one in await regrades.to_promote(conn, regrade_id):
        try:
            async with conn.transaction():
                row = await _lock(conn, one.id, one.recruiter_id)
                await regrade.let_count(conn, row, settings=settings, version=one.grading_version, by=None)
        except NotReady as refusal:
            yield NotPromoted(one.id, question_indexes=refusal.facts.get("question_indexes", []))
        else:
            yield one.id


async def _lock(conn: Connection, session_id: UUID, recruiter_id: UUID) -> SessionRow:
    row = await sessions.lock_recruiters(conn, session_id, recruiter_id)
    if row is None:
        raise NotFound
    return row
