"""Terminate: the session ends here, and what was typed into the open question is kept as its answer."""

from uuid import UUID

from db import changes, drafts, settlement
from db.changes import AuditEntry, Changes
from db.pool import Connection
from realtime.auth import Identity
from realtime.contracts.recruiter import Explained, SessionSummary
from realtime.domain import session as rules_of_session
from realtime.domain.session import Closed
from realtime.domain.timing import Status, time_taken, waiting
from realtime.usecases import supervision
from realtime.usecases.credit import credited
from realtime.usecases.expire import closing
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing
from realtime.usecases.submit import announce_position, positioned


@credited
async def terminate(
    services: Services, *, who: Identity, session_id: UUID, request: Explained
) -> SessionSummary:
    """End a session. Raises NotFound, SessionEnded."""
    async with services.pool.acquire() as conn, conn.transaction():
        at = await supervision.lock_to_decide(conn, services, session_id=session_id, who=who)
        with positioned(at):
            written = await _ended(conn, at)
        written.audit.append(
            AuditEntry(
                session_id=session_id,
                revision=written.sessions[0].revision,
                action="terminated",
                at=at.now,
                actor_id=who.user_id,
                reason=request.reason,
            )
        )
        await changes.record(conn, written)
        # all may be graded already where the next question had yet to open
        await settlement.settle(conn, session_ids=[session_id], summarise=False)
        summary = await supervision.tell_changed(conn, session_id)
    supervision.announce(services, at.row)
    return summary


async def _ended(conn: Connection, at: Standing) -> Changes:
    progress = at.progress
    after = rules_of_session.end(progress, status=Status.TERMINATED)
    if waiting(progress, at.now):
        written = Changes(sessions=[at.change(after)])
        announce_position(written, Standing(row=at.row, questions=at.questions, progress=after))
        return written
    last_draft = (await drafts.of_current_questions(conn, [at.row.id])).get(at.row.id)
    taken = time_taken(progress, progress.paused_at or at.now)
    closed = Closed(after=after, index=progress.index, time_taken=taken)
    return closing(at, closed, draft=last_draft, how="terminated")
