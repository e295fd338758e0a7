"""Join, leave and take over: one connection holds a session, and the fence says which."""

from dataclasses import dataclass
from uuid import UUID

from db import sessions
from realtime.auth import Identity
from realtime.contracts.candidate import ActiveSession
from realtime.domain import lock
from realtime.domain.errors import SessionEnded
from realtime.usecases import views
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing, lock_own
from realtime.usecases.submit import positioned


@dataclass(frozen=True, slots=True)
class Joined:
    """A connection holds the session from now on; `fence` is its right to write."""

    at: Standing
    fence: int
    lock_token: str
    resume_token: str
    token: str | None
    session: ActiveSession


@credited
async def join(
    services: Services, *, who: Identity, session_id: UUID, sid: str, resume_token: str | None, takeover: bool
) -> Joined:
    """Give the session to connection `sid` of this node.

    Raises NotFound, SessionHeld (with `can_take_over`), SessionEnded.
    """
    lock_token, new_resume_token = lock.new_token(), lock.new_token()
    async with services.pool.acquire() as conn, conn.transaction():
        at = await lock_own(conn, services, session_id, who)
        resumed = lock.presented(at.lock, resume_token)
        with positioned(at):
            lock.check_join(at.lock, resume_hash=resumed, takeover=takeover)
            if not at.progress.running:
                raise SessionEnded
        taken_over = at.lock.held and resumed is None
        fence, to_go_on = await sessions.hold(
            conn,
            session_id,
            node_id=services.node_id,
            sid=sid,
            lock_hash=lock.digest(lock_token),
            resume_hash=lock.digest(new_resume_token),
            previous_resume_hash=resumed,
            action="taken_over" if taken_over else "joined",
            actor_id=who.user_id,
        )
        active = await views.active_view(conn, at, to_go_on)
    if at.row.holder_node != services.node_id:  # what this node itself held, it lets go of by itself
        services.announcer.changed(session_id, at.row.holder_node)
    services.announcer.wake_relay()
    return Joined(
        at=at,
        fence=fence,
        lock_token=lock_token,
        resume_token=new_resume_token,
        token=views.session_token(services, at, interview_id=who.interview_id),
        session=active,
    )


async def hold_again(services: Services, *, session_id: UUID, fence: int, sid: str) -> None:
    """Hold a session again whose connection never left: this node was out of reach for longer than its lease."""
    async with services.pool.acquire() as conn:
        held = await sessions.hold_again(conn, session_id, fence=fence, node_id=services.node_id, sid=sid)
    if held:
        services.announcer.wake_relay()


async def leave(services: Services, *, session_id: UUID, fence: int) -> None:
    """Let go of a session after a disconnect, unless another connection holds it by now; the fence stays."""
    async with services.pool.acquire() as conn:
        released = await sessions.release(conn, session_id, fence=fence)
    if released:
        services.announcer.wake_relay()


async def release_dead(services: Services) -> int:
    """Let go of what dead nodes held; answers how many sessions that were."""
    async with services.pool.acquire() as conn:
        released = await sessions.release_dead(conn)
    if released:
        services.announcer.wake_relay()
    return released
