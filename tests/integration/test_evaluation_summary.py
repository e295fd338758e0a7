"""The text about a session: once, from what is settled, and never in the way of the totals."""

from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from db.pool import Pool
from realtime.contracts.streams import DEAD
from tests import ai_server
from tests.ai_server import AiServer, Asked, Behaviour
from tests.integration.evaluation import MCQ, Answered, Json, World, opened_world, settled


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


async def test_a_failing_ai_leaves_the_totals_and_the_text_pending(world: World, ai: AiServer) -> None:
    ai.will(ai_server.fails(500), ai_server.says("prose"))
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming(ai):
        ear = world.ear()
        await ear.until(settled(done))
        session = await world.row(done)
        assert (session["final_score"], session["ai_summary"]) == (5.0, None)
        await ear.until(_recommended(done))
    assert (await world.row(done))["recommendation"] == "hire"
    assert len(ai.asked) == 3
    kinds = [kind for kind, _ in await world.feed(done)]
    assert kinds == ["answer_evaluated", "interview_completed", "session_changed"]


@pytest.mark.parametrize(
    "behaviour",
    [
        ai_server.fails(503),
        ai_server.fills(lambda form: form.update(recommendation="definitely")),
        ai_server.fills(lambda form: form.update(summary="  ")),
        ai_server.fills(lambda form: form.pop("strengths")),
    ],
)
async def test_a_text_given_up_on_stays_empty(world: World, ai: AiServer, behaviour: Behaviour) -> None:
    ai.otherwise = behaviour
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming(ai, ai_max_attempts=1):
        letter = await world.ear(DEAD).next()
    assert (letter["kind"], letter["session_id"]) == ("summary", str(done.session_id))
    session = await world.row(done)
    assert (session["final_score"], session["ai_summary"], session["recommendation"]) == (5.0, None, None)


async def test_a_text_is_written_once(world: World, ai: AiServer) -> None:
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming(ai):
        ear = world.ear()
        await ear.until(_recommended(done))
        await world.pool.execute(
            "UPDATE jobs SET state = 'queued', published_at = NULL WHERE kind = 'summary'"
        )
        other = await world.session(await world.interview(MCQ), ["B-tree"])
        await ear.until(_recommended(other))
    session = await world.row(done)
    assert session["totals_version"] == 2
    assert len(ai.asked) == 2


async def test_what_a_person_signed_stands(world: World, ai: AiServer) -> None:
    sign = """
    UPDATE interview_sessions
    SET recommendation = 'no_hire', recommendation_signed_by = recruiter_id, recommendation_signed_at = now()
    """

    async def sign_first(asked: Asked) -> web.StreamResponse:
        await world.pool.execute(sign)
        return await ai_server.honest()(asked)

    ai.otherwise = sign_first
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming(ai):
        await world.ear().until(_recommended(done))
    session = await world.row(done)
    assert session["recommendation"] == "no_hire"
    assert session["ai_summary"] is not None


async def test_nobody_asks_for_a_text_without_a_key(world: World) -> None:
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming():
        await world.ear().until(settled(done))
    assert await world.pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'summary'") == 0


def _recommended(done: Answered) -> Callable[[Json], bool]:
    def wanted(event: Json) -> bool:
        return event["subject"] == str(done.session_id) and event["data"].get("recommendation") is not None

    return wanted
