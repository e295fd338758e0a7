"""The jobs of accepted answers go out with the answer, and by the relay where Redis is away at that moment."""

import asyncio
from typing import Any, cast
from uuid import UUID

import pytest
import redis as redis_sync
from redis.asyncio import Redis

from db.pool import Pool
from realtime.contracts.streams import BODY_FIELD, JOBS, AnswerJob, SummaryJob, read_job
from realtime.dispatch import Dispatch
from realtime.settings import Settings
from tests.integration.node import MCQ, Node, Person
from tests.integration.test_relay import drain, relay_of
from tests.ports import free_ports


@pytest.fixture
async def answered(node: Node, recruiter: Person, candidate: Person) -> UUID:
    """A session with one answer, whose node has stopped since; its job was sent."""
    interview_id = await node.interview(recruiter, MCQ, MCQ)
    await node.invite(recruiter, interview_id, candidate)
    session = await node.start(candidate, interview_id)
    reply = await node.answer(candidate, session["id"], 0, "404")
    assert reply.status == 200
    await node.server.close()
    return UUID(reply.body["receipt"]["answer_id"])


async def job_of(pool: Pool, answer_id: UUID) -> AnswerJob:
    row = await pool.fetchrow(
        "SELECT id AS job_id, answer_id, session_id, grading_version, 'mcq' AS question_type FROM jobs WHERE answer_id = $1",
        answer_id,
    )
    assert row is not None
    return AnswerJob.model_validate(dict(row))


async def sent(redis: Redis) -> list[AnswerJob | SummaryJob]:
    entries: Any = await redis.xrange(JOBS)
    return [read_job(fields[BODY_FIELD.encode()]) for _, fields in entries]


async def test_the_job_is_sent_with_the_answer(pool: Pool, redis_url: str, answered: UUID) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert await sent(redis) == [await job_of(pool, answered)]
    assert await pool.fetchval("SELECT published_at IS NOT NULL FROM jobs")


async def test_a_grader_that_waits_gets_all_that_was_committed_together(
    settings: Settings, pool: Pool, redis_url: str, answered: UUID
) -> None:
    job = await job_of(pool, answered)
    async with Redis.from_url(redis_url) as redis, Redis.from_url(redis_url) as grader:
        await redis.flushall()
        waiting = asyncio.ensure_future(grader.xread({JOBS: "$"}, block=10_000))
        while not (await redis.info("clients"))["blocked_clients"]:
            await asyncio.sleep(0.01)
        dispatch = Dispatch(pool=pool, redis=redis, relay=relay_of(settings, redis))
        dispatch.send([job] * 16)
        await dispatch.close()
        ((_, entries),) = cast("list[Any]", await waiting)
    assert len(entries) == 16


async def test_who_stops_us_waits_until_all_is_sent(
    settings: Settings, pool: Pool, redis_url: str, answered: UUID
) -> None:
    job = await job_of(pool, answered)
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
        dispatch = Dispatch(pool=pool, redis=redis, relay=relay_of(settings, redis))
        dispatch.send([job])
        await asyncio.sleep(0)  # these are on their way, and others come
        dispatch.send([job, job])
        await dispatch.close()
        with redis_sync.Redis.from_url(redis_url) as blocking:  # nothing else goes on while it asks
            assert blocking.xlen(JOBS) == 3


async def test_while_redis_is_away_the_job_is_left_to_the_relay(
    pool: Pool, settings: Settings, redis_url: str, answered: UUID
) -> None:
    async with Redis.from_url(redis_url) as redis, Redis(port=free_ports(1)[0]) as away:
        await redis.flushall()
        dispatch = Dispatch(pool=pool, redis=away, relay=relay_of(settings, redis))
        dispatch.send([await job_of(pool, answered)])
        async with asyncio.timeout(10):
            while await pool.fetchval("SELECT published_at IS NOT NULL FROM jobs"):
                await asyncio.sleep(0.01)
        assert await sent(redis) == []
        await drain(relay_of(settings, redis))
        assert await sent(redis) == [await job_of(pool, answered)]
