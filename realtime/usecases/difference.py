"""What grading again would change, as far as it has come: read by the recruiter, and by the operator's command."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from consumers.grading import agreement as figures
from consumers.grading.recipe import Recipe, text_sha256
from db import regrades
from db.pool import Connection
from db.regrades import AgreementRow
from realtime.contracts.recruiter_regrades import Agreement, Regrade, RegradeQuery, SessionDifference
from realtime.contracts.streams import QuestionType
from realtime.domain.errors import NotFound

_TYPES: tuple[QuestionType, ...] = ("mcq", "short_answer", "code")


async def read(
    conn: Connection, regrade_id: UUID, *, recruiter_id: UUID | None, query: RegradeQuery
) -> Regrade:
    """A regrade and a page of its sessions, for its recruiter or (None) the operator. Raises NotFound.

    The caller's transaction makes it one moment's.
    """
    row = await regrades.read(conn, regrade_id, recruiter_id=recruiter_id)
    if row is None:
        raise NotFound
    cells = await regrades.agreement(conn, regrade_id, bands=figures.BANDS)
    page = await regrades.differences(
        conn, regrade_id, after=query.after, session_id=query.session_id, limit=query.limit + 1
    )
    shown = page[: query.limit]
    recipe = None if row.recipe is None else Recipe.model_validate(row.recipe)
    return Regrade(
        id=row.id,
        interview_id=row.interview_id,
        interview_title=row.interview_title,
        begun_at=row.begun_at,
        begun_by=row.begun_by,
        recipe_sha256=row.recipe_sha256,
        models=None if recipe is None else recipe.models.model_dump(),
        parameters=None if recipe is None else recipe.parameters,
        prompts=None
        if recipe is None
        else {kind: text_sha256(text) for kind, text in recipe.prompts.model_dump().items()},
        session_count=row.sessions,
        promoted_count=row.promoted,
        answer_count=row.answers,
        graded_count=row.graded,
        texts_pending=row.texts_pending,
        agreement=agreement_of(cells),
        agreement_by_type=tuple(
            agreement_of([cell for cell in cells if cell.question_type == kind], question_type=kind)
            for kind in _TYPES
            if any(cell.question_type == kind for cell in cells)
        ),
        sessions=tuple(SessionDifference.model_validate(asdict(difference)) for difference in shown),
        next_after=shown[-1].session_id if len(page) > len(shown) else None,
    )


def agreement_of(cells: Sequence[AgreementRow], *, question_type: QuestionType | None = None) -> Agreement:
    """The figures about answers that were counted by the bands which their two scores fall into."""
    answers = sum(cell.answers for cell in cells)
    if not answers:
        return Agreement(
            question_type=question_type,
            answers=0,
            same_share=None,
            mean_absolute_difference=None,
            mean_difference=None,
            weighted_kappa=None,
        )
    counts: dict[tuple[int, int], int] = {}
    for cell in cells:  # of several types: the same bands come up more than once
        pair = (cell.old_band, cell.new_band)
        counts[pair] = counts.get(pair, 0) + cell.answers
    kappa = figures.kappa_of_counts(counts)
    return Agreement(
        question_type=question_type,
        answers=answers,
        same_share=round(sum(cell.same for cell in cells) / answers, 4),
        mean_absolute_difference=round(100 * sum(cell.distance for cell in cells) / answers, 2),
        mean_difference=round(100 * sum(cell.difference for cell in cells) / answers, 2),
        weighted_kappa=None if kappa is None else round(kappa, 4),
    )
