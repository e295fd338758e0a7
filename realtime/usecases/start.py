"""Start an interview, or start it over."""

from uuid import UUID, uuid4

from db import changes, sessions
from db.changes import AuditEntry, Changes
from db.pool import Connection
from realtime.auth import Identity
from realtime.contracts.candidate import StartedSession
from realtime.domain import session as rules_of_session
from realtime.domain.errors import AlreadyInProgress, NoAttemptsLeft, NotFound
from realtime.domain.lock import check_write
from realtime.domain.timing import Status
from realtime.usecases import views
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing, lock_own, refuse_uncredited, standing_of
from realtime.usecases.stream import session_started
from realtime.usecases.submit import announce_position, positioned


@credited
async def start(services: Services, *, who: Identity, interview_id: UUID) -> StartedSession:
    """Begin an attempt; fifty calls at once make one session.

    Raises NotFound, AlreadyInProgress (with `session_id`), NoAttemptsLeft.
    """
    if who.interview_id not in (None, interview_id):
        raise NotFound
    async with services.pool.acquire() as conn, conn.transaction():
        await sessions.serialise_starts(conn, who.user_id)
        if not await sessions.available(conn, who.user_id, interview_id=interview_id):
            raise NotFound
        active = await sessions.read_active(conn, who.user_id)
        if active is not None:
            may_see = who.interview_id in (None, active.interview_id)
            raise AlreadyInProgress(
                session_id=str(active.id),
                current_question_index=active.current_question_index,
                **({"interview_title": active.interview_title} if may_see else {}),
            )
        started, left = await _begin(conn, services, who=who, interview_id=interview_id, action="started")
    services.announcer.wake_relay()
    return _view(services, started, attempts_left=left, who=who)


@credited
async def start_over(
    services: Services, *, who: Identity, session_id: UUID, lock_token: str | None
) -> StartedSession:
    """End an attempt as abandoned and begin the next.

    Raises NotFound, SessionHeld, SessionEnded, NoAttemptsLeft; then nothing has changed.
    """
    async with services.pool.acquire() as conn, conn.transaction():
        await sessions.serialise_starts(conn, who.user_id)
        at = await lock_own(conn, services, session_id, who)
        with positioned(at):
            check_write(at.lock, lock_token)
            after = rules_of_session.end(at.progress, status=Status.ABANDONED)
            written = Changes(sessions=[at.change(after, active=True)])
            written.audit.append(
                AuditEntry(
                    session_id=session_id,
                    revision=after.revision,
                    action="started_over",
                    at=at.now,
                    actor_id=who.user_id,
                )
            )
            announce_position(written, Standing(row=at.row, questions=at.questions, progress=after))
            await changes.record(conn, written)
            started, left = await _begin(
                conn, services, who=who, interview_id=at.row.interview_id, action="started"
            )
    services.announcer.changed(session_id, at.row.holder_node)
    services.announcer.wake_relay()
    return _view(services, started, attempts_left=left, who=who)


async def _begin(
    conn: Connection, services: Services, *, who: Identity, interview_id: UUID, action: str
) -> tuple[Standing, int]:
    left = await sessions.attempts_left(conn, who.user_id, interview_id)
    if left == 0:
        raise NoAttemptsLeft
    row = await sessions.start(conn, session_id=uuid4(), user_id=who.user_id, interview_id=interview_id)
    if row is None:
        raise NotFound
    refuse_uncredited(row)
    started = await standing_of(conn, services, row)
    await changes.announce(conn, row.id, kind="session_started", payload={"attempt": row.attempt})
    await changes.announce_start(conn, session_started(started))
    await changes.audit(
        conn,
        AuditEntry(session_id=row.id, revision=row.revision, action=action, at=row.now, actor_id=who.user_id),
    )
    return started, left - 1


def _view(services: Services, started: Standing, *, attempts_left: int, who: Identity) -> StartedSession:
    token = views.session_token(services, started, interview_id=who.interview_id)
    return views.started_view(started, attempts_left=attempts_left, token=token)
