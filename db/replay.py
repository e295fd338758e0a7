"""stream_events read again: for a service that lost its place on the public stream."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.outbox import PublicEvent
from db.pool import Connection
from db.sql import load

_Q = load("replay")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is left of the stream: `lowest` and `oldest_at` are None where nothing is, `top` is the last position ever given."""

    installed_ms: int
    top: int
    lowest: int | None
    oldest_at: datetime | None


async def bounds(conn: Connection, stream: str) -> Bounds:
    """Read what is left of a public stream."""
    record = await conn.fetchrow(_Q["bounds"], stream)
    if record is None:
        raise LookupError(f"{stream} is not in stream_positions")
    return Bounds(**record)


async def position_of(conn: Connection, event_id: UUID) -> int | None:
    """Where an event is; None where there is no such event, or it has no number yet."""
    position: int | None = await conn.fetchval(_Q["position_of"], event_id)
    return position


async def first_since(conn: Connection, moment: datetime) -> int | None:
    """The lowest position of what happened at a moment or later."""
    position: int | None = await conn.fetchval(_Q["first_since"], moment)
    return position


async def last_until(conn: Connection, moment: datetime) -> int | None:
    """The highest position of what happened at a moment or earlier."""
    position: int | None = await conn.fetchval(_Q["last_until"], moment)
    return position


async def count_between(conn: Connection, *, after: int, until: int) -> int:
    """How many events there are above `after` up to `until`."""
    count: int = await conn.fetchval(_Q["count_between"], after, until)
    return count


async def page(conn: Connection, *, after: int, until: int, limit: int) -> list[PublicEvent]:
    """The next events above `after` up to `until`, in order."""
    return [PublicEvent(**record) for record in await conn.fetch(_Q["page"], after, until, limit)]
