"""Promise 5: a dashboard never silently misses an event, whatever is killed, cut and silenced between it and its writers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

import aiohttp
import pytest
from redis.asyncio import Redis

from db import outbox
from db.pool import Pool, open_pool
from realtime.hints import FEED
from tests.faults import feed_checker
from tests.faults.cluster import Cluster, Process
from tests.faults.counts import Counts, Fault, Tally, summary
from tests.faults.dashboard import Dashboard
from tests.faults.feed_checker import History
from tests.faults.feed_writers import Progress, Writer
from tests.faults.proxy import Proxy, Weather
from tests.faults.waiting import LOOK_SECONDS, until
from tests.faults.world import takers

pytestmark = [pytest.mark.faults, pytest.mark.unhurried]

WRITERS = 16
LIMITS = [3_600] * 100
NOTICED_SECONDS = 6.0  # a gap, without a new event
PATIENCE_SECONDS = 60.0  # until all is applied that was committed
UNDER_FAULT = 100  # events are written before and during each

UNNUMBERED = "SELECT count(*) AS left FROM feed_events WHERE recruiter_id = $1 AND feed_offset IS NULL"


@dataclass(frozen=True, slots=True)
class Room:
    """A recruiter, their sessions, one of which is kept for the end, and the pages that watch them."""

    recruiter_id: UUID
    sessions: list[UUID]
    kept: UUID
    pages: list[Dashboard]


@dataclass(frozen=True, slots=True)
class Between:
    """What lies between writers and pages: nodes, each behind a proxy, and the way of both to Valkey."""

    product: Cluster
    nodes: list[Process]
    fronts: list[Proxy]
    valkey: Proxy


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes, and who watches."""

    pool: Pool
    writers: list[Writer]
    rooms: list[Room]

    @property
    def pages(self) -> list[Dashboard]:
        """All of them."""
        return [page for room in self.rooms for page in room.pages]


@asynccontextmanager
async def between(product: Cluster) -> AsyncIterator[Between]:
    """Two nodes more, with networks of ours on both sides."""
    async with AsyncExitStack() as stack:
        valkey = Proxy(target=product.redis_url)
        await valkey.open()
        stack.push_async_callback(valkey.close)
        nodes = [product.add_node(settings={"INTERLOCK_REDIS_URL": valkey.url}) for _ in range(2)]
        for node in nodes:
            stack.callback(product.remove, node)
        await product.ready(*nodes)
        fronts = [Proxy(target=node.url) for node in nodes]
        for front in fronts:
            await front.open()
            stack.push_async_callback(front.close)
        yield Between(product, nodes, fronts, valkey)


@asynccontextmanager
async def desk(at: Between, counts: Counts, rng: Random) -> AsyncIterator[Desk]:
    """Pages that watch, and writers who have not begun."""
    url = at.product.database_url
    async with (
        open_pool(url, application_name="writers", min_size=1, max_size=WRITERS) as pool,
        Redis.from_url(at.product.redis_url) as redis,
        aiohttp.ClientSession() as http,
    ):
        rooms = [await room(at, http, counts, rng) for _ in range(counts.feed_recruiters)]
        sessions = [session_id for each in rooms for session_id in each.sessions]
        writers = [Writer(pool, redis, sessions, Random(rng.random())) for _ in range(WRITERS)]
        it = Desk(pool, writers, rooms)
        for page in it.pages:
            page.start()
        try:
            yield it
        finally:
            await asyncio.gather(*(page.stop() for page in it.pages))


async def room(at: Between, http: aiohttp.ClientSession, counts: Counts, rng: Random) -> Room:
    """Make a recruiter with sessions in progress, and their pages."""
    people = await takers(at.product, counts.feed_sessions, limits=LIMITS)
    urls = [front.url for front in at.fronts]
    sessions = []
    for person in people:
        path = f"{urls[0]}/api/interviews/{person.interview_id}/start"
        async with http.post(path, headers=person.headers) as response:
            sessions.append(UUID((await response.json())["id"]))
    token = people[0].owner_token
    pages = [Dashboard(token, urls, http, Random(rng.random())) for _ in range(counts.dashboards)]
    return Room(people[0].owner_id, sessions[1:], sessions[0], pages)


async def test_dashboards_miss_nothing(product: Cluster, rng: Random, counts: Counts) -> None:
    await product.ready()
    before = product.tally.copy()
    async with between(product) as at, desk(at, counts, rng) as it:
        progress = Progress()
        async with asyncio.TaskGroup() as group:
            for writer in it.writers:
                group.create_task(writer.write(progress))
            await suffer(at, it, progress, rng, each=counts.feed_faults)
            await progress.until(counts.feed_events)
            progress.enough = True
        await all_applied(at, it)
        noticed = await a_gap_is_noticed(at, it)
        histories = await history_that_is_gone(at, it)
    done = product.tally - before
    faults = [
        fault
        for each, history in zip(it.rooms, histories, strict=True)
        for fault in feed_checker.faults(history, each.pages)
    ]
    print(
        f"{summary(done)}; {progress.committed} events, {sum(len(page.applied) for page in it.pages)} times applied,"
        f" {sum(page.misheard for page in it.pages)} misheard, {sum(page.replays for page in it.pages)} replays;"
        f" a gap without a new event was noticed after {noticed:.1f} s"
    )
    assert not faults, "\n".join(faults)
    assert noticed <= NOTICED_SECONDS
    assert done == Tally(
        {
            Fault.NODE_KILLED: counts.feed_faults,
            Fault.VALKEY_KILLED: counts.feed_faults,
            Fault.PUBSUB_SILENCED: counts.feed_faults,
        }
    )


async def suffer(at: Between, it: Desk, progress: Progress, rng: Random, *, each: int) -> None:
    """Kill, cut and silence while events are written, in an order of chance."""

    async def kill_node() -> None:
        node = rng.choice(at.nodes)
        node.kill()
        await progress.until(progress.committed + UNDER_FAULT)
        node.start()
        await at.product.ready(node)

    async def kill_valkey() -> None:
        at.product.kill_valkey()
        await progress.until(progress.committed + UNDER_FAULT)
        at.product.start_valkey()

    async def silence() -> None:
        await heard_again(it.writers[0].redis, at)
        swallowed = at.valkey.swallowed
        at.valkey.turn(Weather.DEAF)
        await progress.until(progress.committed + UNDER_FAULT)
        async with asyncio.timeout(PATIENCE_SECONDS):  # who numbers them may have to find its feet
            while at.valkey.swallowed == swallowed:
                await asyncio.sleep(LOOK_SECONDS)
        at.product.tally[Fault.PUBSUB_SILENCED] += 1
        at.valkey.turn(Weather.FAIR)

    async def cut() -> None:
        rng.choice(at.fronts).cut()

    faults: list[Callable[[], Awaitable[None]]] = [kill_node, kill_valkey, silence, cut] * each
    rng.shuffle(faults)
    for fault in faults:
        await progress.until(progress.committed + UNDER_FAULT)
        await fault()


async def heard_again(redis: Redis, at: Between) -> None:
    """Wait until every node hears the relay, if it did not."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while dict(await redis.pubsub_numsub(FEED)).get(FEED.encode(), 0) < len(at.product.live_nodes):
            await asyncio.sleep(LOOK_SECONDS)


async def tops(at: Between, it: Desk) -> list[int]:
    """Wait until all that is committed has its place; answers each recruiter's last one."""
    for each in it.rooms:
        await until(at.product.database_url, UNNUMBERED, each.recruiter_id, lambda row: row["left"] == 0)
    async with it.pool.acquire() as conn:
        return [(await outbox.position(conn, each.recruiter_id)).last_offset for each in it.rooms]


async def all_applied(at: Between, it: Desk) -> None:
    """Wait until every page has everything."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        for each, top in zip(it.rooms, await tops(at, it), strict=True):
            await asyncio.gather(*(page.until(top) for page in each.pages))


async def a_gap_is_noticed(at: Between, it: Desk) -> float:
    """Let every page miss the last event there is, with pub/sub silent; answers after how many seconds the last one had it."""
    at.valkey.turn(Weather.DEAF)
    for page in it.pages:
        page.deaf = True
    for each in it.rooms:
        assert await it.writers[0].advance(each.kept, 1) == 1
    committed = asyncio.get_running_loop().time()
    await all_applied(at, it)
    took = asyncio.get_running_loop().time() - committed
    for page in it.pages:
        page.deaf = False
    at.valkey.turn(Weather.FAIR)
    return took


async def history_that_is_gone(at: Between, it: Desk) -> list[History]:
    """Prune what one page of each room has not seen yet: it begins anew. Answers each room's history as it was before."""
    for each in it.rooms:
        await each.pages[0].stop()
        await it.writers[0].advance(each.kept, 3)
    await tops(at, it)
    async with it.pool.acquire() as conn:
        histories = [await feed_checker.read(conn, each.recruiter_id) for each in it.rooms]
        await outbox.prune_feed(conn, retention=timedelta(0))
    late = [each.pages[0] for each in it.rooms]
    begun = [len(page.snapshots) for page in late]
    for page in late:
        page.start()
    await all_applied(at, it)
    assert [len(page.snapshots) for page in late] == [number + 1 for number in begun]
    return histories
