"""What a candidate reads: interviews to take, the session in progress, what is behind them."""

from db import answers, sessions
from realtime.auth import Identity
from realtime.contracts.candidate import ActiveReply, AvailableInterview, HistoryEntry, ReleasedResult
from realtime.domain.timing import own_limit
from realtime.usecases import views
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import refuse_uncredited, standing_of


async def available(services: Services, *, who: Identity) -> list[AvailableInterview]:
    """Interviews that this candidate is invited to, own time limits summed."""
    async with services.pool.acquire() as conn:
        rows = await sessions.available(conn, who.user_id, interview_id=who.interview_id)
    return [
        AvailableInterview(
            interview_id=row.interview_id,
            title=row.title,
            description=row.description,
            question_count=len(row.time_limits),
            total_seconds=sum(
                own_limit(limit, extra_percent=row.extra_time_percent) for limit in row.time_limits
            ),
            attempts_left=max(row.attempts_left, 0),
        )
        for row in rows
    ]


@credited
async def active(services: Services, *, who: Identity) -> ActiveReply:
    """The session in progress with answers and draft; none where this token may not see it."""
    async with services.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await sessions.read_active(conn, who.user_id)
        if row is None or who.interview_id not in (None, row.interview_id):
            return ActiveReply(active_session=None)
        refuse_uncredited(row)
        at = await standing_of(conn, services, row)
        to_go_on = await sessions.to_go_on(conn, row.id)
        return ActiveReply(active_session=await views.active_view(conn, at, to_go_on))


async def history(services: Services, *, who: Identity) -> list[HistoryEntry]:
    """Ended sessions with their receipts; results only once the recruiter released them."""
    async with services.pool.acquire() as conn:
        rows = await sessions.history(conn, who.user_id, interview_id=who.interview_id)
        given = await answers.of_sessions(conn, [row.id for row in rows])
    return [
        HistoryEntry(
            id=row.id,
            interview_id=row.interview_id,
            interview_title=row.interview_title,
            attempt=row.attempt,
            status=row.status,
            started_at=row.started_at,
            ended_at=row.completed_at,
            answers=tuple(views.answer_view(answer) for answer in given.get(row.id, [])),
            result=None
            if row.released_at is None or row.final_score is None
            else ReleasedResult(
                score=row.final_score,
                max_score=row.max_score,
                percentage=row.percentage,
                strengths=tuple(row.strengths or ()),
                improvements=tuple(row.improvements or ()),
            ),
        )
        for row in rows
    ]
