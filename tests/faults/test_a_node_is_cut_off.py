"""A node that the network has cut off from PostgreSQL: nobody waits for it, and it is well again by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import aiohttp
import pytest

from tests.faults.cluster import LOCK, Cluster, Process
from tests.faults.line import Line
from tests.faults.proxy import Proxy, Weather
from tests.faults.test_one_writer import holder, second_tab, start

pytestmark = pytest.mark.faults

SAYS_SO_WITHIN = 10.0  # seconds, to whoever balances the load
WELL_WITHIN = 15.0
REPLY = aiohttp.ClientTimeout(total=3)


@asynccontextmanager
async def apart(product: Cluster) -> AsyncIterator[tuple[Process, Proxy]]:
    """One more node, whose way to PostgreSQL is ours to cut."""
    postgres = Proxy(target=product.database_url)
    await postgres.open()
    node = product.add_node(settings={"INTERLOCK_DATABASE_URL": postgres.url})
    try:
        await product.ready(node)
        yield node, postgres
    finally:
        product.remove(node)
        await postgres.close()


async def readiness(http: aiohttp.ClientSession, node: Process) -> int | None:
    """What `/readyz` says; None where it says nothing."""
    try:
        async with http.get(f"{node.url}/readyz", timeout=REPLY) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return None


async def until_ready(http: aiohttp.ClientSession, node: Process, wanted: int) -> float:
    """Wait until `/readyz` says `wanted`; answers how many seconds that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while await readiness(http, node) != wanted:
        await asyncio.sleep(0.2)
    return loop.time() - began


async def freed(product: Cluster, session_id: UUID) -> None:
    """Wait until nobody holds the session."""
    while await holder(product, session_id) is not None:
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("resets", [True, False], ids=["and gets resets", "and is told nothing"])
async def test_a_node_without_its_database_is_passed_over_and_recovers(
    product: Cluster, resets: bool
) -> None:
    await product.ready()
    async with apart(product) as (node, postgres), aiohttp.ClientSession() as http:
        person, session_id = await start(product, http, [600])
        line = Line()
        await line.open(node.url, person.token)
        assert (await line.ask("join_session", {"session_id": str(session_id)}))["ok"]
        postgres.turn(Weather.DEAF)
        async with asyncio.timeout(2 * LOCK.total_seconds() + 5):
            await freed(product, session_id)
        async with asyncio.timeout(SAYS_SO_WITHIN):
            said_after = await until_ready(http, node, 503)
        taken = await second_tab(product, person, session_id)
        assert taken["ok"], taken  # the lease is over: another tab goes straight in, at a node that lives
        assert postgres.swallowed > 0
        postgres.turn(Weather.FAIR, resets=resets)
        async with asyncio.timeout(WELL_WITHIN):
            well_after = await until_ready(http, node, 200)
        print(f"it said so after {said_after:.1f} s, and was well {well_after:.1f} s after the network was")
        async with asyncio.timeout(WELL_WITHIN):  # it learns that its candidate went elsewhere
            while line.is_up:
                await asyncio.sleep(0.1)
        own, _ = await start(product, http, [600])
        path = f"{node.url}/api/interviews/{own.interview_id}/start"
        async with http.post(path, headers=own.headers, timeout=REPLY) as response:
            assert response.status == 409, await response.text()
