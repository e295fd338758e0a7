"""nodes and liveness: which nodes live, and when the service last did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("nodes")


@dataclass(frozen=True, slots=True)
class HeldSums:
    """Sessions that a node holds, summed up; `ids` is of the first 32 bits of each."""

    sessions: int
    fences: int
    revisions: int
    ids: int


@dataclass(frozen=True, slots=True)
class Renewed:
    """A renewal's answer: the database's clock, and all that a node asks once a second."""

    now: datetime
    alive: bool  # it counts as a sign of life; if not, an outage is to be credited
    held: HeldSums  # by the database's books
    dead_hold: bool  # nodes whose lease has ended still hold sessions
    # seconds until the next deadline of all, negative where it has passed; None where nothing runs
    due_in: float | None


async def renew(
    conn: Connection, node_id: UUID, *, address: str, lease: timedelta, newer_than: timedelta
) -> Renewed:
    """Renew a node's lease, and the service's sign of life where the last one is `newer_than` that."""
    record = await conn.fetchrow(_Q["renew"], node_id, address, lease, newer_than)
    assert record is not None  # noqa: S101 - an aggregate answers one row
    sessions, fences, revisions, ids, dead_hold, due_in, now, alive = record
    return Renewed(
        now=now,
        alive=alive,
        held=HeldSums(sessions, fences, revisions, ids),
        dead_hold=dead_hold,
        due_in=due_in,
    )


async def retire(conn: Connection, node_id: UUID) -> None:
    """Give a node's lease up."""
    await conn.execute(_Q["retire"], node_id)


async def forget_dead(conn: Connection) -> None:
    """Remove leases that ended long ago."""
    await conn.execute(_Q["forget_dead"])


async def lock_liveness(conn: Connection) -> datetime:
    """Lock and read the last sign of life."""
    last_alive: datetime = await conn.fetchval(_Q["lock_liveness"])
    return last_alive


async def now(conn: Connection) -> datetime:
    """The database's clock."""
    moment: datetime = await conn.fetchval(_Q["now"])
    return moment


async def resume_life(conn: Connection, at: datetime) -> None:
    """Life goes on from `at`."""
    await conn.execute(_Q["alive_again"], at)


async def keep_outage(
    conn: Connection, *, outage_id: UUID, began_at: datetime, ended_at: datetime, sessions: int
) -> None:
    """Remember an outage and how many sessions it was credited to."""
    await conn.execute(_Q["keep_outage"], outage_id, began_at, ended_at, sessions)
