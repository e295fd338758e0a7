"""The relay: gapless numbers after commit, one hand at a time, and a Redis that may lose everything."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from redis.asyncio import Redis

from db.pool import Pool
from realtime.contracts.streams import BODY_FIELD, JOBS, RESULTS
from realtime.hints import Hints
from realtime.relay import Relay
from realtime.settings import Settings
from tests.integration.node import Node, Person


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """The run's Valkey."""
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
async def written(node: Node, recruiter: Person, candidate: Person) -> str:
    """A session of which one question was answered, and a node that has stopped since."""
    interview_id = await node.interview(recruiter)
    await node.invite(recruiter, interview_id, candidate)
    session = await node.start(candidate, str(interview_id))
    await node.answer(candidate, session["id"], 0, "404")
    await node.server.close()
    return str(session["id"])


# What a relay that hangs meets after five seconds.
CUT_LEADER_OFF = """
SELECT count(pg_terminate_backend(pid)) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def relay_of(settings: Settings, redis: Redis, *, reluctant: bool = False) -> Relay:
    return Relay(
        database_url=settings.required_database_url,
        redis=redis,
        hints=Hints(redis),
        retention=timedelta(days=30),
        reluctant=reluctant,
    )


async def drain(relay: Relay) -> None:
    for leader, work in ((relay.feed, relay.number), (relay.publishing, relay.publish)):
        async with asyncio.timeout(10), leader.connected() as conn:
            while not await leader.try_to_lead(
                conn
            ):  # PostgreSQL has yet to notice that the last one has gone
                await asyncio.sleep(0.01)
            while await work(conn):
                pass


async def offsets(pool: Pool) -> list[int]:
    async with pool.acquire() as conn:
        rows = await conn.fetch("SELECT feed_offset FROM feed_events ORDER BY id")
    return [row["feed_offset"] for row in rows]


async def entries(redis: Redis) -> list[tuple[str, dict[str, Any]]]:
    found: Any = await redis.xrange(RESULTS)
    return [(key.decode(), orjson.loads(fields[BODY_FIELD.encode()])) for key, fields in found]


async def add_events(pool: Pool, session_id: str, count: int) -> None:
    async with pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO feed_events (recruiter_id, session_id, kind, payload)"
            " SELECT recruiter_id, id, 'session_connected', jsonb_build_object('attempt', n)"
            " FROM interview_sessions, generate_series(1, $2) AS n WHERE id = $1",
            UUID(session_id),
            count,
        )


async def test_numbers_are_gapless_though_one_relay_after_the_other_is_cut_off(
    pool: Pool, settings: Settings, redis: Redis, written: str
) -> None:
    cut_off = 0

    async def cut() -> None:
        nonlocal cut_off
        while cut_off < 5:
            cut_off += await pool.fetchval(CUT_LEADER_OFF)
            await asyncio.sleep(0.01)  # until the next one leads

    async def write() -> int:
        written_events = 0
        while cut_off < 5:
            await add_events(pool, written, 30)
            written_events += 30
        return written_events

    relays = [asyncio.create_task(hand) for _ in range(4) for hand in relay_of(settings, redis).hands()]
    try:
        async with asyncio.timeout(40):
            _, one, other = await asyncio.gather(cut(), write(), write())
            while await pool.fetchval("SELECT EXISTS (SELECT FROM feed_events WHERE feed_offset IS NULL)"):
                await asyncio.sleep(0.01)
    finally:
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)
    numbers = await offsets(pool)
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert len(numbers) > one + other


async def test_a_reluctant_relay_gives_way_to_another(settings: Settings, redis: Redis) -> None:
    reluctant, other = relay_of(settings, redis, reluctant=True).feed, relay_of(settings, redis).feed
    async with reluctant.connected() as conn, other.connected() as another:
        assert await reluctant.try_to_lead(conn)
        leading = asyncio.create_task(reluctant.lead_on(conn))
        await asyncio.sleep(0)
        assert not await other.try_to_lead(another)
        reluctant.overheard({"work": True})
        assert not await other.try_to_lead(another)
        reluctant.overheard({"leads": True})
        await leading
        assert await other.try_to_lead(another)


async def test_numbers_follow_the_order_of_a_sessions_commits(
    pool: Pool, settings: Settings, redis: Redis, written: str
) -> None:
    await add_events(pool, written, 700)
    await drain(relay_of(settings, redis))
    numbers = await offsets(pool)
    assert numbers == sorted(numbers)


async def test_public_events_are_cloud_events_with_ids_from_their_position(
    pool: Pool, settings: Settings, redis: Redis, written: str
) -> None:
    await drain(relay_of(settings, redis))
    published = await entries(redis)
    assert [event["type"] for _, event in published] == ["interlock.session.started"]
    key, event = published[0]
    assert key.endswith("-1")
    assert event["specversion"] == "1.0"
    assert event["subject"] == written
    assert event["data"]["attempt"] == 1


async def test_jobs_are_published_once_and_again_when_nobody_took_them(
    pool: Pool, settings: Settings, redis: Redis, written: str
) -> None:
    first = await redis.xlen(JOBS)  # sent by the node itself
    assert first == 1
    relay = relay_of(settings, redis)
    await drain(relay)
    assert await redis.xlen(JOBS) == first
    async with pool.acquire() as conn:
        await conn.execute("UPDATE jobs SET published_at = clock_timestamp() - interval '31 seconds'")
    await drain(relay_of(settings, redis))
    assert await redis.xlen(JOBS) == first + 1


async def test_an_emptied_redis_is_refilled_in_order(
    pool: Pool, settings: Settings, redis: Redis, written: str
) -> None:
    await drain(relay_of(settings, redis))
    before = await entries(redis)
    await redis.flushall()
    async with pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)"
            " SELECT gen_random_uuid(), session_id, type, data, occurred_at FROM stream_events"
        )
    await drain(relay_of(settings, redis))
    after = await entries(redis)
    assert after[: len(before)] == before
    assert len(after) == 2 * len(before)


async def test_what_a_stopped_relay_had_written_is_not_written_twice(
    pool: Pool, settings: Settings, redis: Redis, written: str
) -> None:
    await drain(relay_of(settings, redis))
    before = await entries(redis)
    async with pool.acquire() as conn:  # as if it had been stopped between XADD and mark
        await conn.execute("UPDATE stream_positions SET published = 0")
    await drain(relay_of(settings, redis))
    assert await entries(redis) == before


async def test_another_databases_stream_is_written_above(
    pool: Pool, settings: Settings, redis: Redis, written: str
) -> None:
    later = 99_999_999_999_999
    await redis.xadd(RESULTS, {BODY_FIELD: b"{}"}, id=f"{later}-7")
    relay = relay_of(settings, redis)
    await drain(relay)
    published = await entries(redis)
    assert published[-1][0] == f"{later + 1}-1"
