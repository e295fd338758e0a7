"""A backlog of multiple-choice answers, and one process of consumers that works it off."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from db.pool import Connection, connect
from tests.bench import accounts
from tests.bench.figures import Bar, Figure, of_medians
from tests.bench.options import Options
from tests.bench.place import Place
from tests.bench.seats import MCQ, furnish
from tests.bench.submit_load import QUESTIONS, Sittings
from tests.bench.submit_socket import SocketConnection
from tests.bench.submit_sql import statements

log = logging.getLogger("bench")

BACKLOG = 3_000
ANSWERED = 10  # by each candidate
LOOK_SECONDS = 0.05
_Q = statements(Path(__file__).with_name("submit_drain.sql"))


@dataclass(frozen=True, slots=True)
class Drained:
    """One backlog, worked off: graded and seen answers a second, and CPU in ms an answer, the consumer's start included."""

    graded_rate: float
    seen_rate: float
    consumer_ms: float
    node_ms: float


async def measure(place: Place, options: Options) -> list[Figure]:
    """Measure how fast one process of consumers works off a backlog, the relay being the node's."""
    backlog = 100 if options.quick else BACKLOG
    drained = [await _drain(place, backlog) for _ in range(options.rounds)]
    name = f"drain of {backlog:,} mcq answers by one consumer"
    return [
        of_medians(
            f"{name}: graded a second",
            unit="",
            samples=[each.graded_rate for each in drained],
            bar=Bar(">=", 3_000),
        ),
        of_medians(
            f"{name}: seen by the recruiter a second", unit="", samples=[e.seen_rate for e in drained]
        ),
        of_medians(
            f"{name}: CPU of the consumer, its start included, an answer",
            unit="ms",
            samples=[each.consumer_ms for each in drained],
        ),
        of_medians(f"{name}: CPU of the node, an answer", unit="ms", samples=[e.node_ms for e in drained]),
    ]


async def _drain(place: Place, backlog: int) -> Drained:
    database_url = await place.database()
    hall = await furnish(database_url, backlog // ANSWERED, questions=(MCQ,) * QUESTIONS)
    node = await place.serve(database_url)
    sittings = Sittings(hall)
    dashboard = await SocketConnection.open(
        node.address,
        namespace="/recruiter",
        token=hall.recruiter_token,
        hear=sittings.hear,
        lost=sittings.deafen,
    )
    conn = await connect(database_url)
    try:
        await conn.execute(_Q["queue"], ANSWERED)
        await published(conn)
        for _ in range(backlog):
            sittings.will_hear()
        node_before = accounts.cpu(node.pid)
        consumer = await place.consume(database_url)
        await sittings.quiet()
        node_seconds = accounts.cpu(node.pid).since(node_before)
        consumer_ms = accounts.cpu(consumer.pid).scheduled_ns / 1e6
        seconds: float = await conn.fetchval(_Q["duration"])
    finally:
        await conn.close()
        dashboard.close()
    place.end(consumer, node)
    seen = sittings.arrivals()
    result = Drained(
        backlog / seconds, backlog / (seen[-1] - seen[0]), consumer_ms / backlog, node_seconds / backlog * 1e3
    )
    log.info("drain: %.0f graded, %.0f seen a second", result.graded_rate, result.seen_rate)
    return result


async def published(conn: Connection) -> None:
    """Wait until the relay has put every job on its stream."""
    while await conn.fetchval(_Q["unpublished"]):
        await asyncio.sleep(LOOK_SECONDS)
