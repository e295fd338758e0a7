"""What a recruiter does to a running session: extend, pause, resume, say something."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from db import changes
from db.changes import AuditEntry, Changes
from realtime.auth import Identity
from realtime.contracts.recruiter import Explained, Extend, SendMessage, SessionSummary
from realtime.domain import session as rules_of_session
from realtime.domain.errors import SessionEnded
from realtime.domain.timing import Progress
from realtime.usecases import supervision
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing
from realtime.usecases.submit import positioned


@dataclass(frozen=True, slots=True)
class Act:
    """What is done: the session's state after it, and what the audit says."""

    action: str
    after: Progress
    reason: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


async def extend(services: Services, *, who: Identity, session_id: UUID, request: Extend) -> SessionSummary:
    """Give the current question more time. Raises NotFound, SessionEnded."""

    def decide(at: Standing) -> Act:
        after = rules_of_session.extend(at.progress, by=timedelta(seconds=request.seconds))
        return Act("extended", after, request.reason, {"seconds": request.seconds})

    return await _apply(services, who=who, session_id=session_id, decide=decide)


async def pause(services: Services, *, who: Identity, session_id: UUID, request: Explained) -> SessionSummary:
    """Stop the clock. Raises NotFound, SessionEnded, SessionPaused."""

    def decide(at: Standing) -> Act:
        return Act("paused", rules_of_session.pause(at.progress, now=at.now), request.reason)

    return await _apply(services, who=who, session_id=session_id, decide=decide)


async def resume(services: Services, *, who: Identity, session_id: UUID) -> SessionSummary:
    """Let the clock run on; one that runs is left alone. Raises NotFound, SessionEnded."""

    def decide(at: Standing) -> Act | None:
        after = rules_of_session.resume(at.progress, now=at.now)
        return None if after is None else Act("resumed", after)

    return await _apply(services, who=who, session_id=session_id, decide=decide)


async def message(
    services: Services, *, who: Identity, session_id: UUID, request: SendMessage
) -> SessionSummary:
    """Say something to the candidate. Raises NotFound, SessionEnded."""

    def decide(at: Standing) -> Act:
        if not at.progress.running:
            raise SessionEnded
        after = replace(at.progress, revision=at.progress.revision + 1)
        return Act("message", after, detail={"text": request.text})

    return await _apply(services, who=who, session_id=session_id, decide=decide)


@credited
async def _apply(
    services: Services, *, who: Identity, session_id: UUID, decide: Callable[[Standing], Act | None]
) -> SessionSummary:
    async with services.pool.acquire() as conn, conn.transaction():
        at = await supervision.lock_to_decide(conn, services, session_id=session_id, who=who)
        with positioned(at):
            act = decide(at)
        if act is None:
            return await supervision.summarised(conn, session_id)
        entry = AuditEntry(
            session_id=session_id,
            revision=act.after.revision,
            action=act.action,
            at=at.now,
            actor_id=who.user_id,
            reason=act.reason,
            detail=act.detail,
        )
        await changes.record(conn, Changes(sessions=[at.change(act.after)], audit=[entry]))
        summary = await supervision.tell_changed(conn, session_id)
    supervision.announce(services, at.row)
    return summary
