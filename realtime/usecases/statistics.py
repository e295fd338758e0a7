"""An interview in figures: people, scores, questions."""

from uuid import UUID

from db import statistics
from db.statistics import InterviewFigures, QuestionFigures
from realtime.auth import Identity
from realtime.contracts.statistics import (
    Funnel,
    InterviewStatistics,
    Quartiles,
    QuestionStatistics,
    SessionCounts,
)
from realtime.domain.errors import NotFound
from realtime.usecases.services import Services


async def of_interview(services: Services, *, who: Identity, interview_id: UUID) -> InterviewStatistics:
    """What an interview has come to so far. Raises NotFound."""
    async with services.pool.acquire() as conn:
        figures = await statistics.of_interview(conn, interview_id, recruiter_id=who.user_id)
    if figures is None:
        raise NotFound
    return _view(figures)


def _view(figures: InterviewFigures) -> InterviewStatistics:
    return InterviewStatistics(
        interview_id=figures.id,
        title=figures.title,
        version=figures.version,
        funnel=Funnel(
            invited=figures.invited,
            started=figures.started,
            completed=figures.completed,
            settled=figures.settled,
            released=figures.released,
        ),
        sessions=SessionCounts.model_validate(figures.sessions),
        tenths=tuple(figures.tenths),
        mean_percentage=figures.mean_percentage,
        median_percentage=figures.median_percentage,
        questions=tuple(_question(question) for question in figures.questions),
    )


def _question(figures: QuestionFigures) -> QuestionStatistics:
    quartiles = figures.quartiles_seconds
    return QuestionStatistics(
        question_text=figures.question_text,
        type=figures.type,
        points=figures.points,
        question_index=figures.position,
        current=figures.is_current,
        difficulty=figures.difficulty,
        time_limit=figures.time_limit,
        answers=figures.answers,
        empty=figures.empty,
        expired=figures.expired,
        scored=figures.scored,
        mean_percentage=figures.mean_percentage,
        time_taken_seconds=None
        if quartiles is None
        else Quartiles(lower=quartiles[0], median=quartiles[1], upper=quartiles[2]),
    )
