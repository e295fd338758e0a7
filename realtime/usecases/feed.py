"""Replay the recruiter's feed from a position: without a gap, or not at all."""

from typing import Any

from db import outbox
from db.outbox import FeedPosition, Numbered
from realtime.auth import Identity
from realtime.contracts.events import FeedPlace
from realtime.contracts.recruiter import FeedEntry, FeedQuery, FeedReplay
from realtime.domain.errors import ResyncRequired
from realtime.usecases.services import Services


async def replay(services: Services, *, who: Identity, query: FeedQuery) -> FeedReplay:
    """Events after a position, in order. Raises ResyncRequired where its history is gone."""
    after = query.after_offset
    async with services.pool.acquire() as conn:
        top = await outbox.position(conn, who.user_id)
        if query.after_epoch != str(top.epoch) or not top.pruned_offset <= after <= top.last_offset:
            raise ResyncRequired
        events = await outbox.replay(conn, who.user_id, after=after, limit=query.limit + 1)
    if not _follows(events, after=after, top=top):
        raise ResyncRequired
    shown = events[: query.limit]
    return FeedReplay(
        events=tuple(FeedEntry(event=event.kind, payload=payload_of(event)) for event in shown),
        feed=FeedPlace(epoch=str(top.epoch), offset=after + len(shown)),
        has_more=len(events) > query.limit,
    )


def payload_of(event: Numbered) -> dict[str, Any]:
    """A numbered event's whole payload, as the recruiter's room hears it."""
    return {
        "feed": {"epoch": str(event.epoch), "offset": event.feed_offset},
        "session_id": str(event.session_id),
        "interview_id": str(event.interview_id),
        "candidate_name": event.candidate_name,
    } | event.payload


def _follows(events: list[Numbered], *, after: int, top: FeedPosition) -> bool:
    """Whether these are the next ones and none is missing: history may be pruned between two looks."""
    return (
        all(event.epoch == top.epoch for event in events)
        and [event.feed_offset for event in events] == list(range(after + 1, after + 1 + len(events)))
        and (bool(events) or after >= top.last_offset)
    )
