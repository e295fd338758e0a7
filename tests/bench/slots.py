"""AI jobs in flight while there is work: real processes of consumers, and a local endpoint that takes a second for each call."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from aiohttp import web

from db.pool import connect
from tests import ai_server
from tests.ai_server import Asked
from tests.bench.figures import Bar, Figure, of_medians
from tests.bench.options import Options
from tests.bench.place import Place
from tests.bench.seats import furnish
from tests.bench.submit_drain import published
from tests.bench.submit_sql import statements

log = logging.getLogger("bench")

SHORT = {
    "type": "short_answer",
    "question_text": "What does an index cost?",
    "time_limit": 7_200,
    "points": 10,
}
ANSWERED = 10  # by each candidate
_Q = statements(Path(__file__).with_name("submit_drain.sql"))


@dataclass(frozen=True, slots=True)
class Load:
    """How many consumers with how many slots each, calls a slot, and seconds a call; the last consumer starts `late` seconds after."""

    consumers: int
    late: float = 0.0
    concurrency: int = 16
    calls: int = 20
    latency: float = 1.0

    @property
    def slots(self) -> int:
        """All there are."""
        return self.consumers * self.concurrency

    @property
    def jobs(self) -> int:
        """All there are."""
        return self.slots * self.calls


@dataclass(slots=True)
class Endpoint:
    """Judges after a while, and writes down how many calls are in flight at each moment."""

    latency: float
    jobs: int
    changes: list[tuple[float, int]] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    _in_flight: int = 0
    _answered: int = 0

    async def answer(self, asked: Asked) -> web.StreamResponse:
        """The behaviour."""
        self._change(1)
        self.begun.set()
        await asyncio.sleep(self.latency)
        self._change(-1)
        self._answered += 1
        if self._answered == self.jobs:
            self.done.set()
        return ai_server.completion(json.dumps(ai_server.judged(asked)))

    def _change(self, by: int) -> None:
        self._in_flight += by
        self.changes.append((time.monotonic(), self._in_flight))


@dataclass(frozen=True, slots=True)
class Fullness:
    """From the moment when all slots were full first to the last call's beginning, after which no work waits.

    `full` is the share of that time in which all were at the AI, `average` how many of them were, as a share. Where they never
    were full together, it is from the first call on.
    """

    full: float
    average: float
    most: int


def fullness(changes: Sequence[tuple[float, int]], *, slots: int) -> Fullness:
    """What the changes of the number in flight say; raises ValueError where no time passed between first and last."""
    levels = [level for _, level in changes]
    first = next((place for place, level in enumerate(levels) if level >= slots), 0)
    last = max(
        (place for place, (before, after) in enumerate(pairwise(levels), 1) if after > before), default=0
    )
    spans = [(after - before, level) for (before, level), (after, _) in pairwise(changes[first : last + 1])]
    seconds = sum(span for span, _ in spans)
    if not seconds:
        raise ValueError("there was no more work than slots")
    return Fullness(
        full=sum(span for span, level in spans if level >= slots) / seconds,
        average=sum(span * level for span, level in spans) / seconds / slots,
        most=max(levels),
    )


async def measure(place: Place, options: Options) -> list[Figure]:
    """Measure one process, two, and two of which one comes when the other has read everything; with a backlog of short answers."""
    figures: list[Figure] = []
    loads = [Load(1), Load(2), Load(2, late=5.0)]
    if options.quick:
        loads = [replace(load, late=load.late / 5, concurrency=2, calls=5, latency=0.2) for load in loads]
    for load in loads:
        found = [await _fill(place, load) for _ in range(options.rounds)]
        name = f"AI slots, {load.consumers} x {load.concurrency}, {load.jobs} jobs of {load.latency:g} s"
        if load.late:
            name += f", one {load.late:g} s later"
        figures += [
            of_medians(
                f"{name}: in use on average",
                unit="%",
                samples=[100 * each.average for each in found],
                bar=Bar(">=", 97),
            ),
            of_medians(f"{name}: time with all in use", unit="%", samples=[100 * e.full for e in found]),
            of_medians(
                f"{name}: most in use", unit="", samples=[e.most for e in found], bar=Bar("<=", load.slots)
            ),
        ]
    return figures


async def _fill(place: Place, load: Load) -> Fullness:
    database_url = await place.database()
    # one question more, so that nobody is through: then there would be texts to write as well
    await furnish(database_url, load.jobs // ANSWERED, questions=(SHORT,) * (ANSWERED + 1))
    node = await place.serve(database_url)
    conn = await connect(database_url)
    endpoint = Endpoint(load.latency, load.jobs)
    try:
        await conn.execute(_Q["queue"], ANSWERED)
        await published(conn)
        async with ai_server.ai_server() as ai:
            ai.otherwise = endpoint.answer
            settings = {
                "OPENAI_API_KEY": "key",
                "OPENAI_BASE_URL": ai.url,
                "INTERLOCK_AI_CONCURRENCY": str(load.concurrency),
            }
            consumers = []
            for number in range(load.consumers):
                if number and load.late:
                    await endpoint.begun.wait()
                    await asyncio.sleep(load.late)
                consumers.append(await place.consume(database_url, **settings))
            await endpoint.done.wait()
            place.end(*consumers, node)
    finally:
        await conn.close()
    found = fullness(endpoint.changes, slots=load.slots)
    log.info("slots: %.1f %% full, %.1f %% on average", 100 * found.full, 100 * found.average)
    return found
