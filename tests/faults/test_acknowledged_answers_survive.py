"""Promise 1: an acknowledged answer survives exactly once, unchanged, whatever is killed and cut."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

import aiohttp
import pytest

from tests.faults import tables
from tests.faults.checker import Lateness, faults_of_answers, faults_of_clocks
from tests.faults.client import Candidate
from tests.faults.cluster import GRACE, Cluster
from tests.faults.counts import Counts, summary
from tests.faults.history import History, Outcome
from tests.faults.proxy import Proxy, Weather
from tests.faults.world import Taker, takers

pytestmark = pytest.mark.faults

CANDIDATES = 8
LIMITS = [60, 60, 5] * 10  # some questions run out while everything is down
BETWEEN_FAULTS = 6  # acknowledged answers that prove that work goes on


@asynccontextmanager
async def network(product: Cluster) -> AsyncIterator[list[Proxy]]:
    """A proxy before each node."""
    async with AsyncExitStack() as stack:
        proxies = [Proxy(target=node.url) for node in product.nodes]
        for proxy in proxies:
            await proxy.open()
            stack.push_async_callback(proxy.close)
        yield proxies


@asynccontextmanager
async def crowd(people: list[Taker], proxies: list[Proxy], rng: Random) -> AsyncIterator[History]:
    """Candidates who answer for the length of the block, and come to an end of what they began after it."""
    history, enough = History(), asyncio.Event()
    urls = [proxy.url for proxy in proxies]
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        for person in people:
            own = Random(rng.random())
            candidate = Candidate(person, urls, http, history, enough, own)
            group.create_task(candidate.sit())
        try:
            yield history
        finally:
            enough.set()


async def test_acknowledged_answers_survive(
    product: Cluster, rng: Random, counts: Counts, round_number: int
) -> None:
    await product.ready()
    before = product.tally.copy()
    people = await takers(product, CANDIDATES, limits=LIMITS)
    async with network(product) as proxies, crowd(people, proxies, rng) as history:
        await history.more(BETWEEN_FAULTS, Outcome.OK)
        for fault in plan(product, proxies, history, rng, kills=counts.node_kills):
            await fault()
            await history.more(BETWEEN_FAULTS, Outcome.OK)
    session_ids = await tables.sessions_of(product.database_url, [person.user_id for person in people])
    stored = await tables.read(product.database_url, session_ids)
    done = product.tally - before
    print(
        f"{summary(done)}; {history.summary()}; {len(stored.answers)} answers stored in"
        f" {len(stored.sessions)} sessions"
    )
    faults = [*faults_of_answers(history, stored)]
    faults += faults_of_clocks(stored, grace=GRACE, at_most=None, lateness=Lateness())
    assert not faults, "\n".join(faults)
    assert done == counts.of_acknowledged_answers()
    assert history.count(Outcome.UNKNOWN) > 0, "nothing was ever in doubt: the faults did not bite"


def plan(
    product: Cluster, proxies: list[Proxy], history: History, rng: Random, *, kills: int
) -> list[Callable[[], Awaitable[None]]]:
    """The faults of one round, in an order of chance."""

    async def kill_node() -> None:
        node = rng.choice(product.nodes)
        node.kill()
        await history.more(rng.randrange(3), Outcome.OK)
        node.start()
        await product.ready(node)

    async def stop_postgres() -> None:
        product.stop_postgres()
        await history.more(3, Outcome.UNKNOWN)
        product.start_postgres()

    async def kill_valkey() -> None:
        product.kill_valkey()
        await history.more(BETWEEN_FAULTS, Outcome.OK)  # the truth is in PostgreSQL: work goes on without
        product.start_valkey()

    async def cut() -> None:
        for _ in range(3):
            rng.choice(proxies).cut()
            await history.more(2, Outcome.OK)

    def turn(weather: Weather) -> Callable[[], Awaitable[None]]:
        async def turned() -> None:
            proxy = rng.choice(proxies)
            proxy.turn(weather)
            await history.more(2, Outcome.OK if weather is Weather.SLOW else Outcome.UNKNOWN)
            proxy.turn(Weather.FAIR)

        return turned

    faults: list[Callable[[], Awaitable[None]]] = [kill_node] * kills
    faults += [stop_postgres, kill_valkey, cut]
    faults += [turn(weather) for weather in (Weather.SLOW, Weather.DEAF, Weather.ACKS_LOST)]
    rng.shuffle(faults)
    return faults
