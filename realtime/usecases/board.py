"""The recruiter's list of sessions: summaries only, a page at a time."""

from db import outbox, recruiter
from db.recruiter import Wanted
from realtime.auth import Identity
from realtime.contracts.events import FeedPlace
from realtime.contracts.recruiter import SessionPage, SessionsQuery
from realtime.usecases.cursor import cursor_after, read_cursor
from realtime.usecases.services import Services
from realtime.usecases.supervision import summary_view


async def sessions(services: Services, *, who: Identity, query: SessionsQuery) -> SessionPage:
    """One page of a recruiter's sessions. Raises InvalidBody for a cursor that is not of this list."""
    after = read_cursor(query.cursor, sort=query.sort, recruiter_id=who.user_id)
    async with services.pool.acquire() as conn:
        # before the snapshot: what happens in between comes again with the feed, and nothing is missed
        position = await outbox.position(conn, who.user_id)
        rows = await recruiter.page(
            conn,
            who.user_id,
            sort=query.sort,
            wanted=Wanted(interview_id=query.interview_id, status=query.status, text=query.q),
            after=after,
            limit=query.limit + 1,
        )
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return SessionPage(
        sessions=tuple(summary_view(row) for row in shown),
        next_cursor=cursor_after(shown[-1], sort=query.sort, recruiter_id=who.user_id) if more else None,
        feed=FeedPlace(epoch=str(position.epoch), offset=position.last_offset),
    )
