"""feed_events, stream_events and jobs on their way out: numbering, publishing, replaying."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from db.pool import Connection
from db.sql import load

_Q = load("outbox")


@dataclass(frozen=True, slots=True)
class ToDo:
    """Whether there is anything to be numbered (`stream`) or published (`unpublished`, `jobs`) beside the feed."""

    stream: bool
    unpublished: bool
    jobs: bool


@dataclass(frozen=True, slots=True)
class Numbered:
    """A feed event with its place in its recruiter's feed."""

    recruiter_id: UUID
    session_id: UUID
    interview_id: UUID
    candidate_name: str
    kind: str
    payload: dict[str, Any]
    feed_offset: int
    epoch: UUID


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A public event with its place in its stream."""

    event_id: UUID
    session_id: UUID
    type: str
    data: dict[str, Any]
    occurred_at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job to put on its stream."""

    job_id: UUID
    kind: str
    answer_id: UUID | None
    session_id: UUID
    question_type: str | None
    grading_version: int


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """Where the public stream stands: numbered, and `published`; `installed_ms` is the first half of its entries' ids."""

    installed_ms: int
    position: int
    published: int


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """The top of a recruiter's feed, and up to where its history is gone."""

    epoch: UUID
    last_offset: int
    pruned_offset: int = 0


async def look(conn: Connection) -> ToDo:
    """See what there is to do."""
    record = await conn.fetchrow(_Q["look"])
    assert record is not None  # noqa: S101 - a SELECT without FROM answers one row
    return ToDo(**record)


async def number_feed(conn: Connection, *, limit: int) -> list[Numbered]:
    """Number committed feed events."""
    return _numbered(await conn.fetch(_Q["number_feed"], limit))


async def number_stream(conn: Connection, stream: str, *, limit: int) -> int:
    """Number committed public events; answers how many."""
    count: int = await conn.fetchval(_Q["number_stream"], stream, limit)
    return count


async def read_stream(conn: Connection, *, after: int, limit: int) -> list[PublicEvent]:
    """Public events after a position, in order."""
    return [PublicEvent(**r) for r in await conn.fetch(_Q["read_stream"], after, limit)]


async def mark_stream(conn: Connection, stream: str, *, position: int) -> None:
    """Note that the stream has everything up to `position`."""
    await conn.execute(_Q["mark_stream"], stream, position)


async def stream_position(conn: Connection, stream: str) -> StreamPosition:
    """Where the public stream stands."""
    record = await conn.fetchrow(_Q["stream_position"], stream)
    if record is None:
        raise LookupError(f"{stream} is not in stream_positions")
    return StreamPosition(**record)


async def reinstall_stream(conn: Connection, stream: str, *, installed_ms: int) -> None:
    """Go on above the ids that another database wrote."""
    await conn.execute(_Q["reinstall_stream"], stream, installed_ms)


async def take_jobs(conn: Connection, *, limit: int) -> list[DueJob]:
    """Take jobs that are due to be put on their stream, oldest first; they are marked when the transaction commits."""
    return [DueJob(**r) for r in await conn.fetch(_Q["take_jobs"], limit)]


async def sweep_jobs(conn: Connection, *, older_than: timedelta, at_most: int) -> int:
    """Ask again for jobs whose entry or grader is lost, of one interview for so many at once; answers how many."""
    count: int = await conn.fetchval(_Q["sweep_jobs"], older_than, at_most)
    return count


async def prune_feed(conn: Connection, *, retention: timedelta) -> None:
    """Forget old feed events."""
    await conn.execute(_Q["prune_feed"], retention)


async def prune_stream(conn: Connection, stream: str, *, retention: timedelta) -> int:
    """Forget old public events; answers the lowest position that is left."""
    position: int = await conn.fetchval(_Q["prune_stream"], stream, retention)
    return position


async def position(conn: Connection, recruiter_id: UUID) -> FeedPosition:
    """The top of a recruiter's feed."""
    record = await conn.fetchrow(_Q["position"], recruiter_id)
    if record is None:  # made by another at this very moment: it is visible to the next statement
        record = await conn.fetchrow(_Q["position"], recruiter_id)
    if record is None:
        raise LookupError("a feed that exists was not found")
    return FeedPosition(**record)


async def positions(conn: Connection, recruiter_ids: list[UUID]) -> dict[UUID, FeedPosition]:
    """The tops of many feeds."""
    return {
        r["recruiter_id"]: FeedPosition(epoch=r["epoch"], last_offset=r["last_offset"])
        for r in await conn.fetch(_Q["positions"], recruiter_ids)
    }


async def replay(conn: Connection, recruiter_id: UUID, *, after: int, limit: int) -> list[Numbered]:
    """A recruiter's events above an offset, in order."""
    return _numbered(await conn.fetch(_Q["replay"], recruiter_id, after, limit))


async def tail(conn: Connection, seen: dict[UUID, int], *, limit: int) -> list[Numbered]:
    """Events of many recruiters above what was seen of each."""
    return _numbered(await conn.fetch(_Q["tail"], list(seen), list(seen.values()), limit))


def _numbered(records: list[asyncpg.Record]) -> list[Numbered]:
    return [Numbered(**record) for record in records]
