"""Grade a session again in the shadow, and let that grading count once it is complete."""

from uuid import UUID

from db import changes, regrades
from db.changes import AuditEntry
from db.regrades import Compared
from realtime.auth import Identity
from realtime.contracts.recruiter import Promote, RegradeBegun, SessionSummary
from realtime.domain.errors import NotReady
from realtime.domain.timing import Status
from realtime.usecases import supervision
from realtime.usecases.score import follow_up
from realtime.usecases.services import Services

GRADED = (Status.COMPLETED.value, Status.TERMINATED.value)  # an abandoned attempt is not graded further


async def regrade(services: Services, *, who: Identity, session_id: UUID) -> RegradeBegun:
    """Begin a grading beside the one that counts. Raises NotFound, NotReady unless the session was finished."""
    async with services.pool.acquire() as conn, conn.transaction():
        row = await supervision.lock(conn, session_id, who)
        if row.status not in GRADED:
            raise NotReady("Only an interview that was completed or terminated can be graded again")
        version = await regrades.begin(conn, session_id)
        await changes.audit(
            conn,
            AuditEntry(
                session_id=session_id,
                revision=row.revision,
                action="regraded",
                at=row.now,
                actor_id=who.user_id,
                detail={"grading_version": version},
            ),
        )
    supervision.announce(services, row)
    return RegradeBegun(grading_version=version)


async def promote(services: Services, *, who: Identity, session_id: UUID, request: Promote) -> SessionSummary:
    """Let a complete grading count, never over a person's score. Raises NotFound, NotReady."""
    version = request.grading_version
    async with services.pool.acquire() as conn, conn.transaction():
        row = await supervision.lock(conn, session_id, who)
        in_force = await regrades.in_force(conn, session_id, candidate=version)
        if in_force.grading_version == version:
            return await supervision.summarised(conn, session_id)
        compared = await regrades.compare(conn, session_id, grading_version=version)
        waiting_for = unready(compared, settled=row.final_score is not None)
        if waiting_for or not in_force.is_known or row.status not in GRADED:
            raise NotReady("That grading is not complete", question_indexes=waiting_for)
        await regrades.promote(conn, session_id, grading_version=version)
        await changes.audit(
            conn,
            AuditEntry(
                session_id=session_id,
                revision=row.revision,
                action="promoted",
                at=row.now,
                actor_id=who.user_id,
                detail={
                    "grading_version": version,
                    "before": {
                        "grading_version": in_force.grading_version,
                        "ai_summary": in_force.ai_summary,
                        "recommendation": in_force.recommendation,
                    },
                },
            ),
        )
        if services.settings.openai_api_key is not None:
            await regrades.ask_for_text(conn, session_id)
        summary = await follow_up(conn, services, session_id)
    supervision.announce(services, row)
    return summary


def unready(compared: list[Compared], *, settled: bool) -> list[int]:
    """Questions for whose sake a grading cannot count yet.

    Those that it has not graded; and, in a settled session, those that it would take back to a person's desk although
    they are scored.
    """
    return [
        answer.question_index
        for answer in compared
        if not answer.is_persons
        and (answer.found is None or (settled and answer.is_scored and answer.found != "scored"))
    ]
