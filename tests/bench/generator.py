"""The process of a crowd: thousands of clients that come in, count their ticks and come back when they are sent away."""

import asyncio
import gc
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import uvloop
from pydantic import TypeAdapter

from tests.bench.figures import percentile
from tests.bench.orders import Arrived, Begin, Begun, Connect, Guest, Heard, Message, Tell
from tests.bench.visitor import End, Visitor

ORDER: TypeAdapter[Connect | Begin | Tell] = TypeAdapter(Connect | Begin | Tell)
ATTEMPT_SECONDS = 20.0  # socket.io-client's own time-out
BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = (
    1.0,
    5.0,
)  # socket.io-client's too, and half of it up or down by chance
JITTER_SECONDS = 1.0  # on top of what a server asks to wait for
LONGEST_LINE = 64 * 1024 * 1024


@dataclass(slots=True)
class Entrance:
    """How the clients of one order came in."""

    attempts: int = 0
    gave_up: int = 0
    counts: Counter[End] = field(default_factory=Counter)
    timed_out: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    after: list[float] = field(default_factory=list)


class Crowd:
    """All clients of this process."""

    def __init__(self) -> None:
        self._inside: list[Visitor] = []
        self._since = 0.0

    async def obey(self, order: Connect | Begin | Tell) -> Message:
        """Do what was asked."""
        match order:
            case Connect():
                return await self._connect(order)
            case Begin():
                return self._begin()
            case Tell():
                return self._tell()

    async def _connect(self, order: Connect) -> Arrived:
        began, entrance = time.monotonic(), Entrance()
        turnstile = asyncio.Semaphore(order.at_once)

        async def come(guest: Guest) -> None:
            async with turnstile:
                await self._come(order, guest, entrance, began=began)

        await asyncio.gather(*(come(guest) for guest in order.guests))
        gc.collect()
        gc.freeze()  # what stands now stands until the end: looking at it again would disturb the windows
        after = sorted(entrance.after) or [0.0]
        return Arrived(
            joined=len(entrance.after),
            gave_up=entrance.gave_up,
            attempts=entrance.attempts,
            told_to_wait=entrance.counts[End.TOLD_TO_WAIT],
            broken=entrance.counts[End.BROKEN],
            timed_out=entrance.timed_out,
            refused=dict(entrance.refused),
            last_seconds=after[-1],
            p50_seconds=percentile(after, 0.5),
            p99_seconds=percentile(after, 0.99),
        )

    async def _come(self, order: Connect, guest: Guest, entrance: Entrance, *, began: float) -> None:
        failures = 0
        while time.monotonic() - began < order.give_up_seconds:
            entrance.attempts += 1
            visitor = Visitor(order.kind, guest)
            end = await _attempt(order, visitor)
            if end is End.JOINED:
                self._inside.append(visitor)
                entrance.after.append(time.monotonic() - began)
                return
            visitor.leave()
            if end is None:
                entrance.timed_out += 1
            else:
                entrance.counts[end] += 1
            if end is End.REFUSED:
                entrance.refused[visitor.reason] += 1
            if end is End.TOLD_TO_WAIT:
                pause = visitor.retry_after + random.uniform(0, JITTER_SECONDS)
            else:
                longest = min(BACKOFF_SECONDS * 2**failures, LONGEST_BACKOFF_SECONDS)
                pause, failures = longest * random.uniform(0.5, 1.5), failures + 1
            await asyncio.sleep(pause)
        entrance.gave_up += 1

    def _begin(self) -> Begun:
        self._since = time.monotonic()
        for visitor in self._inside:
            del visitor.arrivals[:-1]
        return Begun()

    def _tell(self) -> Heard:
        now = time.monotonic()
        seconds, gaps, ticks, silent = now - self._since, list[float](), 0, 0
        for visitor in self._inside:
            own = visitor.arrivals
            heard = sum(1 for arrival in own if arrival >= self._since)
            ticks += heard
            silent += not heard
            gaps += gaps_of(own, since=self._since, until=now)
        gaps = sorted(gaps) or [0.0]
        return Heard(
            seconds=seconds,
            ticks=ticks,
            silent=silent,
            lost=sum(visitor.lost for visitor in self._inside),
            gap_p50_ms=percentile(gaps, 0.5) * 1_000,
            gap_p99_ms=percentile(gaps, 0.99) * 1_000,
            gap_max_ms=gaps[-1] * 1_000,
        )


def gaps_of(arrivals: Sequence[float], *, since: float, until: float) -> list[float]:
    """Seconds between two ticks, and those that the last one is ago where that is the longest of all.

    Without the latter a session that fell silent would have no gap.
    """
    points = list(arrivals) or [since]
    gaps = [later - earlier for earlier, later in pairwise(points)]
    still_open = until - points[-1]
    return [*gaps, still_open] if still_open > max(gaps, default=0.0) else gaps


async def _attempt(order: Connect, visitor: Visitor) -> End | None:
    """Try to come in; None where it took too long."""
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS):
            await asyncio.get_running_loop().create_connection(lambda: visitor, order.host, order.port)
            return await visitor.ended
    except TimeoutError:
        return None
    except OSError:
        return End.BROKEN


async def serve() -> None:
    """Obey the orders on standard input, one after the other, until it ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    crowd = Crowd()
    while line := await reader.readline():
        answer = await crowd.obey(ORDER.validate_json(line))
        sys.stdout.write(answer.model_dump_json() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(serve())
