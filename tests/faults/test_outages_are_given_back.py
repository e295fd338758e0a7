"""Promise 2, the other half: time in which no node lived, or none could say so, is given back once, before any close."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import aiohttp
import pytest

from tests.faults import tables
from tests.faults.checker import Lateness, faults_of_answers, faults_of_clocks
from tests.faults.cluster import GRACE, Cluster
from tests.faults.history import History
from tests.faults.tables import Tables
from tests.faults.test_questions_close_once import AT_MOST, Sitter, all_ended
from tests.faults.world import takers

pytestmark = pytest.mark.faults

LIMIT_SECONDS = 5
DOWN_SECONDS = 5.5  # and starting takes a while: without the credit everything would be closed at once
LEAST_GAP = timedelta(seconds=5)


async def every_node_is_killed(product: Cluster) -> None:
    for node in product.nodes:
        node.kill()
    await asyncio.sleep(DOWN_SECONDS)
    for node in product.nodes:  # together, so that they would credit together
        node.start()


async def postgres_is_away(product: Cluster) -> None:
    """Every node lives, and none can say so."""
    product.stop_postgres()
    await asyncio.sleep(DOWN_SECONDS)
    product.start_postgres()


@pytest.mark.parametrize("outage", [every_node_is_killed, postgres_is_away])
async def test_an_outage_is_given_back_once(
    product: Cluster, outage: Callable[[Cluster], Awaitable[None]]
) -> None:
    await product.ready()
    people = await takers(product, 10, limits=[LIMIT_SECONDS])
    credited = await tables.outages(product.database_url)
    async with aiohttp.ClientSession() as http:
        sitters = [Sitter(person, product, http, History()) for person in people]
        for sitter in sitters:
            await sitter.begin(product.nodes[0])
        await outage(product)
        await product.ready()
    session_ids = [UUID(sitter.session["id"]) for sitter in sitters]
    await all_ended(product, session_ids, seconds=LIMIT_SECONDS + 10)
    stored = await tables.read(product.database_url, session_ids)
    lateness = Lateness()
    found = [*faults_of_answers([], stored)]
    found += faults_of_clocks(stored, grace=GRACE, at_most=AT_MOST, lateness=lateness)
    assert not found, "\n".join(found)
    gaps = given_back(stored)
    print(
        f"{min(gaps)} to {max(gaps)} given back; the latest close {lateness.worst.total_seconds():.3f} s late"
    )
    assert len(gaps) == len(session_ids), "a session was credited twice or not at all"
    assert min(gaps) >= LEAST_GAP
    assert await tables.outages(product.database_url) == credited + 1


def given_back(stored: Tables) -> list[timedelta]:
    """By how much each session's deadline was moved, every time that it was."""
    return [
        after.deadline - before.deadline
        for before, after in pairwise(stored.clocks)
        if before.session_id == after.session_id
        and before.index == after.index
        and before.deadline is not None
        and after.deadline is not None
    ]
