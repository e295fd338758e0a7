"""Consumers as processes of their own: both commands, signals, and a kill in the middle of an AI call."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from db.pool import Pool
from tests import ai_server
from tests.ai_server import AiServer
from tests.integration.evaluation import MCQ, OPEN, World, opened_world, settled
from tests.processes import environment

COMMANDS = {
    "interlock consume": ["-m", "realtime.cli", "consume"],
    "faststream run": ["-m", "faststream", "run", "consumers.app:app"],
}


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_process_grades_and_ends_cleanly_when_it_is_told_to(world: World, command: str) -> None:
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with _process(world, command) as process:
        await world.ear().until(settled(done))
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_process_whose_redis_was_emptied_ends_with_an_error(world: World, command: str) -> None:
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with _process(world, command) as process:
        await world.ear().until(settled(done))
        await world.redis.flushall()
        assert await asyncio.wait_for(process.wait(), 15) == 1
        assert process.stderr is not None
        assert "Redis was emptied" in (await process.stderr.read()).decode()


async def test_an_ai_call_that_died_with_its_process_is_made_again(world: World, ai: AiServer) -> None:
    ai.will(ai_server.hangs())
    done = await world.session(await world.interview(OPEN), ["Prose."])
    async with _process(world, "interlock consume", ai=ai) as process:
        await ai.until(lambda server: len(server.asked) == 1)
        process.kill()
        await process.wait()
    assert (await world.answer(done.answers[0]))["evaluation_state"] == "running"
    # the time passes after which the sweeper looks for it
    await world.pool.execute(
        "UPDATE jobs SET lease_until = clock_timestamp(), published_at = clock_timestamp() - interval '31 s'"
    )
    async with _process(world, "interlock consume", ai=ai):
        await world.ear().until(settled(done))
    [result] = await world.results(done)
    assert (result["attempt"], result["score"]) == (2, 8.0)


@asynccontextmanager
async def _process(world: World, command: str, *, ai: AiServer | None = None) -> AsyncIterator[Process]:
    variables = {"INTERLOCK_DATABASE_URL": world.database_url, "INTERLOCK_REDIS_URL": world.redis_url}
    if ai is not None:
        variables |= {"OPENAI_API_KEY": "test-key", "OPENAI_BASE_URL": ai.url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *COMMANDS[command], env=environment(**variables), stdout=DEVNULL, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
