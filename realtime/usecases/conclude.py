"""What a recruiter decides about an ended session: sign a recommendation, release the result."""

from typing import Any
from uuid import UUID

from db import changes, recruiter, settlement
from db.changes import AuditEntry
from db.pool import Connection
from db.sessions import SessionRow
from realtime.auth import Identity
from realtime.contracts.recruiter import SessionSummary, Sign
from realtime.domain.errors import NotReady
from realtime.domain.timing import Status
from realtime.usecases import supervision
from realtime.usecases.services import Services


async def release(services: Services, *, who: Identity, session_id: UUID) -> SessionSummary:
    """Let the candidate see the result; a second time changes nothing. Raises NotFound, NotReady."""
    async with services.pool.acquire() as conn, conn.transaction():
        row = await supervision.lock(conn, session_id, who)
        if (await recruiter.verdict(conn, session_id)).evaluated_at is None:
            raise NotReady("Results can be released once every answer is scored")
        if not await recruiter.release(conn, session_id):
            return await supervision.summarised(conn, session_id)
        await _audit(conn, row, who=who, action="released", detail={})
        summary = await supervision.tell_changed(conn, session_id)
    supervision.announce(services, row)
    return summary


async def sign(services: Services, *, who: Identity, session_id: UUID, request: Sign) -> SessionSummary:
    """Set a person's recommendation over the AI's. Raises NotFound, NotReady while the session runs."""
    async with services.pool.acquire() as conn, conn.transaction():
        row = await supervision.lock(conn, session_id, who)
        if row.status == Status.IN_PROGRESS.value:
            raise NotReady("A recommendation can be signed once the interview has ended")
        before = (await recruiter.verdict(conn, session_id)).recommendation
        await recruiter.sign(conn, session_id, recommendation=request.recommendation, signed_by=who.user_id)
        await _audit(
            conn,
            row,
            who=who,
            action="signed",
            detail={"recommendation": request.recommendation, "before": before},
        )
        # other services hear of the recommendation with the totals; before there are any, it comes with them
        await settlement.recompute(conn, session_id)
        summary = await supervision.tell_changed(conn, session_id)
    supervision.announce(services, row)
    return summary


async def _audit(
    conn: Connection, row: SessionRow, *, who: Identity, action: str, detail: dict[str, Any]
) -> None:
    await changes.audit(
        conn,
        AuditEntry(
            session_id=row.id,
            revision=row.revision,
            action=action,
            at=row.now,
            actor_id=who.user_id,
            detail=detail,
        ),
    )
