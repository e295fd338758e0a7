"""Grading many sessions of an interview again makes nobody wait who has no result yet, of the same interview either."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from consumers.grading.recipe import Models, configured
from db import outbox
from db.pool import Pool
from realtime.relay import LOST_AFTER
from realtime.usecases import regrade_many
from tests import ai_server
from tests.ai_server import AiServer
from tests.integration.evaluation import OPEN, World, opened_world, settled
from tests.integration.test_evaluation_fairness import AT_ONCE, everything_read, is_taken_within_a_turn

RECIPE = configured(Models(short_answer="a", code="b", summary="c"))
CROWD = 40


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


async def crowd_of(world: World) -> UUID:
    """An interview whose sessions, whatever became of them, are to be graded again; answers its id."""
    interview_id = await world.interview(OPEN)
    for _ in range(CROWD):
        await world.session(interview_id, ["Crowd."])
    await world.pool.execute("UPDATE jobs SET state = 'done', published_at = clock_timestamp()")
    async with world.pool.acquire() as conn:
        await regrade_many.begin(conn, interview_id=interview_id, session_id=None, recipe=RECIPE)
    return interview_id


async def test_a_first_result_does_not_stand_behind_those_that_are_found_again(
    world: World, ai: AiServer
) -> None:
    go_on = asyncio.Event()
    ai.otherwise = ai_server.honest_after(go_on)
    interview_id = await crowd_of(world)
    async with world.consuming(ai, ai_concurrency=AT_ONCE, ai_timeout_seconds=120):
        await everything_read(world)
        newcomer = await world.session(interview_id, ["New."])
        await everything_read(world)
        await is_taken_within_a_turn(world, ai, newcomer, go_on)
        await world.ear().until(settled(newcomer))
    assert len([asked for asked in ai.asked if "New." in asked.user]) == 1


async def test_a_first_grading_that_is_lost_is_asked_for_beside_those_that_are_lost_again(
    world: World,
) -> None:
    interview_id = await crowd_of(world)
    first = await world.session(interview_id, ["New."])
    await world.pool.execute(
        "UPDATE jobs SET published_at = clock_timestamp() - interval '31 s' WHERE state = 'queued'"
    )
    await world.pool.execute(
        "UPDATE jobs SET published_at = published_at + interval '0.5 s' WHERE id = $1", first.jobs[0]
    )
    async with world.pool.acquire() as conn:
        assert await outbox.sweep_jobs(conn, older_than=LOST_AFTER, at_most=10) == 11
    assert (await world.job(first.jobs[0]))["published_at"] is None
