"""webhooks and their dead letters: what recruiters subscribed to, and how far each has been told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.outbox import PublicEvent
from db.pool import Connection
from db.sql import load

_Q = load("webhooks")


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook as its owner sees it; never its secret."""

    id: UUID
    url: str
    created_at: datetime
    position: int
    failures: int
    failing_since: datetime | None
    last_error: str | None
    delivered_at: datetime | None
    due_at: datetime
    previous_until: datetime | None
    missed_until: int | None
    missed_at: datetime | None
    dead_letters: int


@dataclass(frozen=True, slots=True)
class DeadLetterRow:
    """A delivery given up on; `retry_at` is when one more attempt was asked for that is not made yet."""

    event_id: UUID
    position: int
    session_id: UUID
    type: str
    attempts: int
    reason: str
    died_at: datetime
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A webhook that was moved on to `position`; `misses` where events on the way were pruned undelivered."""

    id: UUID
    position: int
    misses: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A webhook taken for a while; only `attempt` may move it. `failures` are those of its next event."""

    id: UUID
    owner_id: UUID
    attempt: int
    position: int
    failures: int


@dataclass(frozen=True, slots=True)
class Way:
    """Where a webhook leads and what signs for it; the previous secret only while it counts."""

    url: str
    secret: bytes
    previous_secret: bytes | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A dead letter that is to be tried once more."""

    event_id: UUID
    body: str


async def lock_owner(conn: Connection, owner_id: UUID) -> bool:
    """Hold a recruiter's row until the transaction ends; False where this is no recruiter."""
    return await conn.fetchval(_Q["lock_owner"], owner_id) is not None


async def count(conn: Connection, owner_id: UUID) -> int:
    """How many webhooks a recruiter has."""
    found: int = await conn.fetchval(_Q["count"], owner_id)
    return found


async def insert(
    conn: Connection, *, webhook_id: UUID, owner_id: UUID, url: str, secret: bytes, stream: str
) -> None:
    """Add a webhook that hears of what comes on `stream` from now on."""
    if await conn.fetchval(_Q["insert"], webhook_id, owner_id, url, secret, stream) is None:
        raise LookupError(f"{stream} is not in stream_positions")


async def of_owner(conn: Connection, owner_id: UUID) -> list[WebhookRow]:
    """A recruiter's webhooks, oldest first."""
    return [WebhookRow(**record) for record in await conn.fetch(_Q["of_owner"], owner_id, None)]


async def read(conn: Connection, owner_id: UUID, *, webhook_id: UUID) -> WebhookRow | None:
    """One webhook; None where it is not this recruiter's."""
    record = await conn.fetchrow(_Q["of_owner"], owner_id, webhook_id)
    return None if record is None else WebhookRow(**record)


async def remove(conn: Connection, owner_id: UUID, *, webhook_id: UUID) -> bool:
    """Remove a webhook and its dead letters; False where it is not this recruiter's."""
    return await conn.fetchval(_Q["remove"], owner_id, webhook_id) is not None


async def rotate(
    conn: Connection, owner_id: UUID, *, webhook_id: UUID, secret: bytes, overlap: timedelta
) -> datetime | None:
    """Change the secret; answers until when the old one signs too, None where the webhook is not this recruiter's."""
    until: datetime | None = await conn.fetchval(_Q["rotate"], owner_id, webhook_id, secret, overlap)
    return until


async def dead_letters(
    conn: Connection, owner_id: UUID, *, webhook_id: UUID, after: int, limit: int
) -> list[DeadLetterRow]:
    """Dead letters above a position, in the order of their events."""
    records = await conn.fetch(_Q["dead_letters"], owner_id, webhook_id, after, limit)
    return [DeadLetterRow(**record) for record in records]


async def ask_again(conn: Connection, owner_id: UUID, *, webhook_id: UUID, event_id: UUID | None) -> int:
    """Ask for one more attempt at all dead letters, or at one; answers at how many."""
    asked: int = await conn.fetchval(_Q["ask_again"], owner_id, webhook_id, event_id)
    return asked


async def pass_over(conn: Connection, stream: str, *, most: int) -> list[PassedOver]:
    """Move webhooks on over what is not their owners', at most `most` positions; answers those that were moved."""
    return [PassedOver(**record) for record in await conn.fetch(_Q["pass_over"], stream, most)]


async def claim(conn: Connection, stream: str, *, limit: int, lease: float) -> list[Turn]:
    """Take webhooks that are due, each for `lease` seconds."""
    return [Turn(**record) for record in await conn.fetch(_Q["claim"], stream, limit, lease)]


async def way(conn: Connection, turn: Turn) -> Way | None:
    """Where a webhook that was taken leads; None where it is gone or another has taken it over."""
    record = await conn.fetchrow(_Q["way"], turn.id, turn.attempt)
    return None if record is None else Way(**record)


async def next_events(
    conn: Connection, turn: Turn, *, position: int, window: int, limit: int
) -> list[PublicEvent]:
    """The owner's next events above `position`, up to anything that is missing."""
    records = await conn.fetch(_Q["next_events"], turn.owner_id, position, window, limit)
    return [PublicEvent(**record) for record in records]


async def advance(conn: Connection, turn: Turn, *, position: int, lease: float) -> bool:
    """All up to `position` is delivered, and the lease lasts `lease` seconds more; False where another has taken over."""
    return await conn.fetchval(_Q["advance"], turn.id, turn.attempt, position, lease) is not None


async def put_off(conn: Connection, turn: Turn, *, delay: float, reason: str) -> bool:
    """Try the next event again in `delay` seconds and let the webhook go; False where another has taken over."""
    return await conn.fetchval(_Q["put_off"], turn.id, turn.attempt, delay, reason) is not None


async def bury(
    conn: Connection,
    turn: Turn,
    *,
    event: PublicEvent,
    body: str,
    attempts: int,
    reason: str,
    keep: timedelta,
) -> bool:
    """Give up on an event and let the webhook go; False where another has taken over. Letters are kept for `keep`."""
    dead = await conn.fetchval(
        *(_Q["bury"], turn.id, turn.attempt),
        *(event.event_id, event.position, event.session_id, event.type),
        *(body, attempts, reason, keep),
    )
    return dead is not None


async def asked_letters(conn: Connection, turn: Turn, *, limit: int) -> list[Asked]:
    """Dead letters that are to be tried once more."""
    return [Asked(**record) for record in await conn.fetch(_Q["asked_letters"], turn.id, limit)]


async def letter_delivered(conn: Connection, turn: Turn, *, event_id: UUID, lease: float) -> bool:
    """Forget a dead letter that was delivered after all; False where another has taken over."""
    return await conn.fetchval(_Q["letter_delivered"], turn.id, turn.attempt, event_id, lease) is not None


async def letter_refused(
    conn: Connection, turn: Turn, *, event_id: UUID, reason: str, is_unwell: bool
) -> None:
    """Keep a dead letter that failed once more; where the receiver is not well, nothing else is asked of it either."""
    await conn.execute(_Q["letter_refused"], turn.id, turn.attempt, event_id, reason, is_unwell)


async def release(conn: Connection, turns: Sequence[Turn]) -> None:
    """Leave webhooks to whoever is next."""
    await conn.executemany(_Q["release"], [(turn.id, turn.attempt) for turn in turns])
