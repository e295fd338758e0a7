"""Replaying public events from PostgreSQL for a service that lost its place: the whole of what was asked for, or an error.

A replay is a range of positions. What lies in it is written in order, each event with the id that it always had.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db import replay
from db.pool import Connection
from db.replay import Bounds
from realtime.contracts.base import rfc3339
from realtime.contracts.streams import RESULTS, cloud_event

PAGE = 500
# An event is written within its transaction and numbered after it, so times and positions may disagree by as much as a
# transaction lasts; ours end within half of this.
DISORDER = timedelta(seconds=60)


class CannotReplay(Exception):
    """What was asked for is not (all) there; the text says what to do."""


@dataclass(frozen=True, slots=True)
class EntryId:
    """The id of an entry of the public stream, or its second half alone."""

    position: int
    installed_ms: int | None = None

    @classmethod
    def read(cls, text: str) -> "EntryId":
        """Read `A-B`, or `B`; raises ValueError."""
        first, dash, second = text.rpartition("-")
        if not (
            second.isascii() and second.isdigit() and (not dash or (first.isascii() and first.isdigit()))
        ):
            raise ValueError(
                f"{text!r} is no position: give an entry's id (1795000000000-42) or its second half"
            )
        return cls(int(second), int(first) if dash else None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to begin, exactly one of three, and where to end: with what is numbered now, unless told otherwise."""

    since: datetime | None = None
    after: EntryId | None = None
    after_event: UUID | None = None
    until: datetime | None = None
    session: UUID | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """The positions above `after` up to `until`; `installed_ms` is the first half of their entries' ids."""

    installed_ms: int
    after: int
    until: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """One event: the id of its entry on the public stream, and the bytes that the entry carries."""

    entry_id: str
    body: bytes


async def find(conn: Connection, wanted: Wanted) -> Range:
    """Find what was asked for; raises CannotReplay unless all of it is there."""
    bounds = await replay.bounds(conn, RESULTS)
    after = await _beginning(conn, wanted, bounds)
    # To the top even where less was asked for: what was pruned in between need not be older than `until`.
    missing = bounds.top - after - await replay.count_between(conn, after=after, until=bounds.top)
    if missing:
        raise _gone(
            bounds, f"of what came after position {after}, {missing} of {bounds.top - after} are gone"
        )
    until = bounds.top
    if wanted.until is not None:
        until = max(after, await replay.last_until(conn, wanted.until) or 0)
    return Range(bounds.installed_ms, after, until)


async def read(conn: Connection, wanted: Wanted, found: Range) -> AsyncIterator[list[Replayed]]:
    """The events of a range, page by page; raises CannotReplay where history is pruned meanwhile."""
    at = found.after
    while at < found.until:
        events = await replay.page(conn, after=at, until=found.until, limit=PAGE)
        expected = range(at + 1, at + 1 + max(1, len(events)))
        if [event.position for event in events] != list(expected):
            raise _gone(
                await replay.bounds(conn, RESULTS), f"history after position {at} was pruned meanwhile"
            )
        at = events[-1].position
        yield [
            Replayed(
                f"{found.installed_ms}-{event.position}",
                cloud_event(
                    event_id=event.event_id,
                    kind=event.type,
                    session_id=event.session_id,
                    at=event.occurred_at,
                    data=event.data,
                ),
            )
            for event in events
            if wanted.session is None or event.session_id == wanted.session
        ]


async def _beginning(conn: Connection, wanted: Wanted, bounds: Bounds) -> int:
    """The position after which to begin."""
    if wanted.after_event is not None:
        position = await replay.position_of(conn, wanted.after_event)
        if position is None:
            raise _gone(
                bounds, f"there is no event {wanted.after_event} (any more), or it has no position yet"
            )
        return position
    if wanted.after is not None:
        return _after(wanted.after, bounds)
    if wanted.since is None:
        raise CannotReplay("say where to begin: a time, a position or an event's id")
    return await _since(conn, wanted.since, bounds)


def _after(entry: EntryId, bounds: Bounds) -> int:
    if entry.installed_ms not in {None, 0, bounds.installed_ms}:
        raise CannotReplay(
            f"{entry.installed_ms}-{entry.position} is of another numbering than this database's"
            f" ({bounds.installed_ms}-…): begin with a time or an event's id"
        )
    if entry.position > bounds.top:
        raise CannotReplay(f"position {entry.position} was never given: the last one is {bounds.top}")
    return entry.position


async def _since(conn: Connection, moment: datetime, bounds: Bounds) -> int:
    # Pruned events are older than any that is left, give or take the disorder: what began later is all there.
    was_pruned = bounds.top > 0 and bounds.lowest != 1
    if was_pruned and (bounds.oldest_at is None or moment < bounds.oldest_at + DISORDER):
        raise _gone(bounds, f"what happened since {rfc3339(moment)} may not all be there any more")
    first = await replay.first_since(conn, moment)
    return bounds.top if first is None else first - 1


def _gone(bounds: Bounds, what: str) -> CannotReplay:
    left = (
        "nothing is left"
        if bounds.lowest is None or bounds.oldest_at is None
        else f"what is left begins at position {bounds.lowest} ({rfc3339(bounds.oldest_at)})"
    )
    return CannotReplay(
        f"{what}; {left}: read the state from the tables interview_sessions and answers,"
        f" then go on after position {bounds.top if bounds.lowest is None else bounds.lowest - 1}"
    )
