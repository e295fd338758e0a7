"""Expiry: how late 2,000 questions that end at the same moment are closed, by the database's clock."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from db.pool import Connection, connect
from tests.bench.contenders import OURS
from tests.bench.crowd import crowd
from tests.bench.figures import Bar, Figure, of_medians, percentile
from tests.bench.options import Options
from tests.bench.place import Place
from tests.bench.seats import MCQ, SQL, furnish

log = logging.getLogger("bench")

QUESTIONS, QUESTIONS_QUICK = 2_000, 20
AHEAD = timedelta(seconds=2)  # from setting the deadlines to the deadline: the node looks once a second
GRACE = timedelta(seconds=1)
LOOK_SECONDS = 0.01
GIVE_UP_SECONDS = 60.0
DUE, CLOSED, LATENESS = ((SQL / f"{name}.sql").read_text("utf-8") for name in ("due", "closed", "lateness"))
MILLI = 1e3


@dataclass(frozen=True, slots=True)
class Closing:
    """How late the questions were closed, in seconds after deadline and grace."""

    decided: tuple[float, ...]
    all_committed: float


async def measure(place: Place, options: Options) -> list[Figure]:
    """Measure with nobody connected, then with everybody; in a quick run only the latter."""
    number = QUESTIONS_QUICK if options.quick else QUESTIONS
    figures: list[Figure] = []
    for connected in (True,) if options.quick else (False, True):
        closings = [await _closing(place, number, connected=connected) for _ in range(options.rounds)]
        figures += _told(closings, number, "all connected" if connected else "nobody connected")
    return figures


async def _closing(place: Place, number: int, *, connected: bool) -> Closing:
    database_url = await place.database()
    hall = await furnish(database_url, number, questions=(MCQ, MCQ))
    node = await place.serve(database_url, INTERLOCK_GRACE_SECONDS=str(GRACE.total_seconds()))
    async with AsyncExitStack() as stack:
        stack.callback(place.end, node)
        if connected:
            clients = await stack.enter_async_context(crowd())
            await clients.connect(OURS.kind, node, hall.seats)
        conn = await connect(database_url)
        stack.push_async_callback(conn.close)
        row = await conn.fetchrow(DUE, AHEAD)
        assert row is not None
        due = row["deadline"] + GRACE
        async with asyncio.timeout(GIVE_UP_SECONDS):
            all_committed = await _wait_for(conn, row["sessions"], due=due.timestamp())
        decided = await conn.fetch(LATENESS, due)
    closing = Closing(tuple(each["seconds"] for each in decided), all_committed)
    log.info(
        "expiry: first %.3f s, last %.3f s, committed %.3f s", decided[0][0], decided[-1][0], all_committed
    )
    return closing


async def _wait_for(conn: Connection, number: int, *, due: float) -> float:
    """Wait until so many are closed and committed; answers how late that was, in seconds, to 10 ms or so."""
    while True:
        row = await conn.fetchrow(CLOSED)
        assert row is not None
        now: float = row["now"].timestamp()
        if row["closed"] >= number:
            return now - due
        await asyncio.sleep(LOOK_SECONDS if now > due - 1 else 0.2)


def _told(closings: list[Closing], number: int, who: str) -> Iterator[Figure]:
    what = f"{number:,} questions due at once, {who}"
    for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
        yield of_medians(
            f"{what}: closed late {name}",
            unit="ms",
            samples=[percentile(closing.decided, share) * MILLI for closing in closings],
        )
    yield of_medians(
        f"{what}: first to last",
        unit="ms",
        samples=[(closing.decided[-1] - closing.decided[0]) * MILLI for closing in closings],
    )
    yield of_medians(
        f"{what}: all committed after",
        unit="ms",
        samples=[closing.all_committed * MILLI for closing in closings],
        bar=Bar("<=", 1_000),
        note=f"earliest close {min(closing.decided[0] for closing in closings) * MILLI:.0f} ms",
    )
