"""Between Redis and the consumers: entries that are no jobs, groups that are gone, consumers that died."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from consumers import groups
from consumers.app import GroupLost, build
from db.pool import Pool
from realtime.contracts.streams import BODY_FIELD, DEAD, GRADERS, JOBS, SUMMARIES, AnswerJob
from tests.integration.evaluation import MCQ, World, opened_world, settled

POISON: dict[str, tuple[Any, str]] = {
    "not json": ({b"__data__": b"hello"}, "json_invalid"),
    "not utf-8": ({b"__data__": b"\xff\xfe{"}, "json_invalid"),
    "no field": ({b"something": b"else"}, "no field __data__"),
    "a list": ({b"__data__": b"[]"}, "dict_type"),
    "unknown kind": ({b"__data__": b'{"kind":"coffee"}'}, "union_tag_invalid"),
    "no id": ({b"__data__": b'{"kind":"answer","job_id":"7"}'}, "answer.job_id: uuid_parsing"),
    "an empty body": ({b"__data__": b""}, "json_invalid"),
}


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.mark.parametrize("name", POISON)
async def test_poison_is_put_aside_and_stops_nobody(world: World, name: str) -> None:
    fields, reason = POISON[name]
    await groups.create(world.redis)
    entry_id: Any = await world.redis.xadd(JOBS, fields)
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming():
        letter = await world.ear(DEAD).next()
        await world.ear().until(settled(done))
    assert reason in letter["reason"]
    assert (letter["stream"], letter["entry_id"]) == (JOBS, entry_id.decode())
    assert await world.redis.xlen(JOBS) == 1  # the good one; what is settled is trimmed by the relay
    assert await world.redis.xlen(DEAD) == 1
    assert await _pending(world) == 0


async def test_an_entry_whose_job_does_not_exist_is_dropped(world: World) -> None:
    await groups.create(world.redis)
    unknown = (
        b'{"job_id":"00000000-0000-4000-8000-000000000000","kind":"answer",'
        b'"answer_id":"00000000-0000-4000-8000-000000000000","session_id":"00000000-0000-4000-8000-000000000000",'
        b'"question_type":"mcq","grading_version":1}'
    )
    await world.redis.xadd(JOBS, {BODY_FIELD: unknown})
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming():
        await world.ear().until(settled(done))
    assert await _pending(world) == 0


async def test_jobs_from_before_the_first_consumer_are_done(world: World) -> None:
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming():
        pass  # its relay may have published, its subscribers may have read nothing yet
    later = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming():
        ear, waiting = world.ear(), {str(done.session_id), str(later.session_id)}
        while waiting:
            event = await ear.next()
            if event["type"] == "interlock.session.evaluated":
                waiting.discard(event["subject"])


@pytest.mark.parametrize("loss", ["flushed", "group destroyed"])
async def test_a_lost_group_ends_the_process_with_an_error_and_the_next_one_goes_on(
    world: World, loss: str
) -> None:
    app = build(world.settings)
    running = asyncio.create_task(app.run())
    first = await world.session(await world.interview(MCQ), ["B-tree"])
    await world.ear().until(settled(first))
    if loss == "flushed":
        await world.redis.flushall()
    else:
        await world.redis.xgroup_destroy(JOBS, GRADERS)
    with pytest.raises(GroupLost):
        await asyncio.wait_for(running, 20)
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming():
        await world.ear().until(settled(done))


async def test_what_a_dead_consumer_read_does_not_stay_pending(world: World) -> None:
    await groups.create(world.redis)
    await world.redis.xadd(JOBS, {BODY_FIELD: b"{}"})
    await world.redis.xreadgroup(GRADERS, "dead", {JOBS: ">"})
    assert await groups.drop_stale(world.redis, JOBS, idle_ms=60_000) == 0
    assert await groups.drop_stale(world.redis, JOBS, idle_ms=0) == 1
    assert await _pending(world) == 0


async def test_poison_that_a_dead_consumer_read_is_put_aside_once(world: World) -> None:
    await groups.create(world.redis)
    entry_id: Any = await world.redis.xadd(JOBS, {b"__data__": b"\xff\xfe{"})
    job = AnswerJob(
        job_id=uuid4(), answer_id=uuid4(), session_id=uuid4(), question_type="mcq", grading_version=1
    )
    await world.redis.xadd(JOBS, {BODY_FIELD: job.encode()})
    await world.redis.xreadgroup(GRADERS, "dead", {JOBS: ">"})
    await _age(world)
    dropped = await asyncio.gather(*(groups.drop_stale(world.redis, JOBS, idle_ms=60_000) for _ in range(2)))
    assert sorted(dropped) == [0, 2]
    letter = await world.ear(DEAD).next()
    assert (letter["stream"], letter["entry_id"]) == (JOBS, entry_id.decode())
    assert await world.redis.xlen(DEAD) == 1
    assert await _pending(world) == 0


async def test_groups_begin_at_the_streams_beginnings_and_can_be_made_twice(world: World) -> None:
    """FastStream's own would begin at the ends: what was there before the first consumer would never be read."""
    for stream in (JOBS, SUMMARIES):
        await world.redis.xadd(stream, {BODY_FIELD: b"{}"})
    await groups.create(world.redis)
    await groups.create(world.redis)
    for stream in (JOBS, SUMMARIES):
        read: Any = await world.redis.xreadgroup(GRADERS, "first", {stream: ">"})
        [[_, entries]] = read
        assert len(entries) == 1


async def test_connections_to_the_database_may_break(world: World) -> None:
    interview = await world.interview(*[MCQ] * 10)
    sessions = [await world.session(interview, ["B-tree"] * 10) for _ in range(30)]
    async with world.consuming():
        ear, waiting = world.ear(), {str(done.session_id) for done in sessions}
        while waiting:
            event = await ear.next()
            if event["type"] == "interlock.session.evaluated":
                waiting.discard(event["subject"])
                await world.pool.execute(_CUT)
    assert await world.pool.fetchval("SELECT count(*) FROM results") == 300
    assert {(await world.row(done))["totals_version"] for done in sessions} == {1}


async def _age(world: World) -> None:
    """Have a minute and a second pass for what is pending."""
    pending: Any = await world.redis.xpending_range(JOBS, GRADERS, min="-", max="+", count=100)
    ids = [entry["message_id"] for entry in pending]
    await world.redis.xclaim(JOBS, GRADERS, "dead", 0, ids, idle=61_000, justid=True)


async def _pending(world: World) -> Any:
    return (await world.redis.xpending(JOBS, GRADERS))["pending"]


_CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'interlock-consumers' AND random() < 0.3
"""
