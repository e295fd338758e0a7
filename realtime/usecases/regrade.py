"""Grade again in the shadow, by a recipe that is kept with it, and let that grading count once it is complete."""

from uuid import UUID, uuid4

from consumers.grading import injection
from consumers.grading import recipe as recipes
from consumers.grading.recipe import BadPrompt, Kind, Models, Recipe
from db import changes, gradings, regrades
from db.changes import AuditEntry
from db.pool import Connection
from db.regrades import Compared
from db.sessions import SessionRow
from realtime.auth import Identity
from realtime.contracts.recruiter import Promote, RegradeBegun, RegradeWith, SessionSummary
from realtime.contracts.recruiter_regrades import Regrade, RegradeQuery
from realtime.domain.errors import InvalidBody, NotReady
from realtime.domain.timing import Status
from realtime.settings import Settings
from realtime.usecases import difference, supervision
from realtime.usecases.score import follow_up
from realtime.usecases.services import Services

GRADED = (Status.COMPLETED.value, Status.TERMINATED.value)  # an abandoned attempt is not graded further


def recipe_of(settings: Settings) -> Recipe:
    """What is configured: our prompts, these models."""
    return recipes.configured(
        Models(
            short_answer=settings.model_short_answer, code=settings.model_code, summary=settings.model_summary
        )
    )


async def regrade(
    services: Services, *, who: Identity, session_id: UUID, request: RegradeWith
) -> RegradeBegun:
    """Begin a grading beside the one that counts.

    Raises InvalidBody for a prompt that cannot be used, NotFound, NotReady unless the session was finished.
    """
    recipe = _asked(recipe_of(services.settings), request)
    async with services.pool.acquire() as conn, conn.transaction():
        row = await supervision.lock(conn, session_id, who)
        regrade_id = await open_request(conn, interview_id=row.interview_id, recipe=recipe, by=who.user_id)
        version = await begin(conn, row, regrade_id=regrade_id, by=who.user_id)
    supervision.announce(services, row)
    return RegradeBegun(grading_version=version)


def _asked(recipe: Recipe, request: RegradeWith) -> Recipe:
    try:
        return recipes.changed(
            recipe,
            models=_given(request.models.short_answer, request.models.code, request.models.summary),
            prompts=_given(request.prompts.short_answer, request.prompts.code, request.prompts.summary),
        )
    except BadPrompt as error:
        raise InvalidBody(errors=[{"path": "prompts", "message": str(error)}]) from None


def _given(*texts: str | None) -> dict[Kind, str]:
    return {kind: text for kind, text in zip(recipes.KINDS, texts, strict=True) if text is not None}


async def read(services: Services, *, who: Identity, regrade_id: UUID, query: RegradeQuery) -> Regrade:
    """What a regrade would change, as of one moment. Raises NotFound."""
    async with (
        services.pool.acquire() as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await difference.read(conn, regrade_id, recruiter_id=who.user_id, query=query)


async def promote(services: Services, *, who: Identity, session_id: UUID, request: Promote) -> SessionSummary:
    """Let a complete grading count, never over a person's score. Raises NotFound, NotReady."""
    async with services.pool.acquire() as conn, conn.transaction():
        row = await supervision.lock(conn, session_id, who)
        summary = await let_count(
            conn, row, settings=services.settings, version=request.grading_version, by=who.user_id
        )
    supervision.announce(services, row)
    return summary


async def open_request(conn: Connection, *, interview_id: UUID, recipe: Recipe, by: UUID | None) -> UUID:
    """Make a request to grade sessions of an interview again, by this recipe; `by` None for the operator."""
    regrade_id = uuid4()
    await gradings.keep_recipe(conn, recipe.sha256, recipe=recipe.model_dump())
    await regrades.open_request(
        conn, regrade_id, interview_id=interview_id, recipe_sha256=recipe.sha256, begun_by=by
    )
    return regrade_id


async def begin(conn: Connection, row: SessionRow, *, regrade_id: UUID, by: UUID | None) -> int:
    """Begin a locked session's grading for a request; answers its version. Raises NotReady."""
    if row.status not in GRADED:
        raise NotReady("Only an interview that was completed or terminated can be graded again")
    version = await regrades.begin(conn, row.id, regrade_id=regrade_id)
    await changes.audit(
        conn,
        AuditEntry(
            session_id=row.id,
            revision=row.revision,
            action="regraded",
            at=row.now,
            actor_id=by,
            detail={"grading_version": version, "regrade_id": str(regrade_id)},
        ),
    )
    return version


async def let_count(
    conn: Connection, row: SessionRow, *, settings: Settings, version: int, by: UUID | None
) -> SessionSummary:
    """Let a locked session's grading count, if it is complete and does not yet. Raises NotReady."""
    in_force = await regrades.in_force(conn, row.id, candidate=version)
    if in_force.grading_version == version:
        return await supervision.summarised(conn, row.id)
    compared = await regrades.compare(conn, row.id, grading_version=version)
    waiting_for = unready(compared, settled=row.final_score is not None)
    if waiting_for or not in_force.is_known or row.status not in GRADED:
        raise NotReady("That grading is not complete", question_indexes=waiting_for)
    await regrades.promote(conn, row.id, grading_version=version, flag=injection.FLAG)
    await changes.audit(
        conn,
        AuditEntry(
            session_id=row.id,
            revision=row.revision,
            action="promoted",
            at=row.now,
            actor_id=by,
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
    await regrades.take_text(conn, row.id, ask=settings.openai_api_key is not None)
    return await follow_up(conn, settings, row.id)


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
