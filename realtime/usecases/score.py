"""Score an answer as a person: it counts over every grader, for good, and the totals follow at once."""

from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid4

from db import changes, overrides, settlement
from db.changes import AuditEntry
from db.overrides import NewOverride
from db.pool import Connection
from realtime.auth import Identity
from realtime.contracts.recruiter import RecruiterAnswer, Score, SessionSummary
from realtime.domain.errors import InvalidScore, NotFound
from realtime.settings import Settings
from realtime.usecases import detail, supervision
from realtime.usecases.services import Services

_CENT = Decimal("0.01")


async def score(services: Services, *, who: Identity, answer_id: UUID, request: Score) -> RecruiterAnswer:
    """Give an answer a score. Raises NotFound, InvalidScore."""
    async with services.pool.acquire() as conn, conn.transaction():
        session_id = await overrides.session_of(conn, answer_id, recruiter_id=who.user_id)
        if session_id is None:
            raise NotFound
        row = await supervision.lock(conn, session_id, who)
        before = await overrides.lock_answer(conn, answer_id)
        points = in_range(request.score, most=before.points)
        await overrides.keep(
            conn,
            NewOverride(
                id=uuid4(),
                answer_id=answer_id,
                score=points,
                scored_by=who.user_id,
                reason=request.reason,
                scored_at=row.now,
            ),
        )
        await changes.audit(
            conn,
            AuditEntry(
                session_id=session_id,
                revision=row.revision,
                action="scored",
                at=row.now,
                actor_id=who.user_id,
                reason=request.reason,
                detail={
                    "answer_id": str(answer_id),
                    "question_index": before.question_index,
                    "score": points,
                    "before": before.score,
                },
            ),
        )
        await follow_up(conn, services.settings, session_id)
        [answer] = await detail.answers_view(conn, session_id, answer_id=answer_id)
    supervision.announce(services, row)
    return answer


async def follow_up(conn: Connection, settings: Settings, session_id: UUID) -> SessionSummary:
    """Bring a locked session's totals up to its scores, and tell the recruiter's room."""
    has_ai = settings.openai_api_key is not None
    if not await settlement.settle(conn, session_ids=[session_id], summarise=has_ai):
        await settlement.recompute(conn, session_id)
    return await supervision.tell_changed(conn, session_id)


def in_range(asked: float, *, most: int) -> float:
    """A score in points with two decimals; raises InvalidScore outside 0…`most`."""
    if not 0 <= asked <= most:
        raise InvalidScore(f"A score for this answer is between 0 and {most}", points=most)
    return float(Decimal(repr(asked)).quantize(_CENT, ROUND_HALF_UP)) + 0.0  # a zero has no sign here
