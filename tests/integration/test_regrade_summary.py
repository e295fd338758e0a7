"""The text about a session when it is graded again: one a grading, from its own scores, and never in the way of totals."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from pydantic import SecretStr

from realtime.settings import Settings
from tests import ai_server
from tests.ai_server import AiServer, Asked, judged
from tests.integration.evaluation import consuming
from tests.integration.node import CODE, MCQ, SHORT, Node, Person
from tests.integration.recruiting import SECONDS, Desk
from tests.integration.test_recruiter_regrade import complete, found, until, written

ANSWERS = ("404", "writes get slower", "return items[::-1]")


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, ai: AiServer) -> Settings:
    """A node and consumers with an AI."""
    return settings.model_copy(update={"openai_api_key": SecretStr("test-key"), "openai_base_url": ai.url})


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """10 points by rule, 20 half by keywords and half by the AI, 30 by the AI."""
    interview_id = await node.interview(recruiter, MCQ, SHORT, CODE)
    await node.invite(recruiter, interview_id, candidate)
    return Desk(node, recruiter, candidate, interview_id)


def texts(ai: AiServer) -> list[Asked]:
    """What the AI was asked to summarise."""
    return [asked for asked in ai.asked if not asked.criteria]


async def regraded(desk: Desk, ai: AiServer, session_id: str, *, share: float, text: str) -> None:
    """Have the session graded again, and a text written about it."""

    async def answer(asked: Asked) -> web.StreamResponse:
        form = judged(asked, share=share)
        return ai_server.completion(json.dumps(form if asked.criteria else form | {"summary": text}))

    ai.otherwise = answer
    version = (await desk.act(session_id, "regrade")).body["grading_version"]
    await until(desk, session_id, written(version))


async def fail_at_texts(asked: Asked) -> web.StreamResponse:
    """Judge answers, and have no text to say."""
    return await (ai_server.honest(share=0.5) if asked.criteria else ai_server.fails(500))(asked)


async def nothing_pending(desk: Desk, ai: AiServer, *, texts_asked: int) -> None:
    """Wait until so many texts were asked for, and what came of them is stored."""
    await ai.until(lambda _: len(texts(ai)) == texts_asked and ai.in_flight == 0)
    async with asyncio.timeout(SECONDS):
        while await desk.node.pool.fetchval(_WAITING):
            await asyncio.sleep(0.02)


async def test_a_text_is_written_from_the_grading_that_it_is_about(desk: Desk, ai: AiServer) -> None:
    async with consuming(desk.node.settings):
        session_id = await desk.finish(*ANSWERS)
        first = await until(desk, session_id, written(1))
        await desk.score(first["answers"][0]["id"], 4, "They guessed")
        await regraded(desk, ai, session_id, share=0.5, text="Not so good.")
    before, after = texts(ai)
    assert "Total: 78.33 percent" in before.user  # 47 of 60
    for score in ("10.00 of 10", "13.00 of 20", "24.00 of 30"):
        assert f"Score: {score}" in before.user
    assert "Total: 48.33 percent" in after.user  # 29 of 60, of which a person gave 4
    for score in ("4.00 of 10", "10.00 of 20", "15.00 of 30"):
        assert f"Score: {score}" in after.user
    for text in (before.user, after.user):
        assert "A good answer with gaps." in text


async def test_a_grading_that_comes_back_brings_its_own_text_and_asks_nobody(
    desk: Desk, ai: AiServer
) -> None:
    async with consuming(desk.node.settings):
        session_id = await desk.finish(*ANSWERS)
        first = await until(desk, session_id, written(1))
        await regraded(desk, ai, session_id, share=0.5, text="Not so good.")
        assert (await desk.detail(session_id))["ai_summary"] == first["ai_summary"]
        for version, text in ((2, "Not so good."), (1, first["ai_summary"]), (2, "Not so good.")):
            await desk.done(session_id, "promote", grading_version=version)
            detail = await desk.detail(session_id)
            assert detail["ai_summary"] == text
            assert [one["counts"] for one in detail["summaries"]] == [version == 1, version == 2]
    assert len(texts(ai)) == 2
    jobs = await desk.node.pool.fetch("SELECT state FROM jobs WHERE kind = 'summary'")
    assert [job["state"] for job in jobs] == ["done", "done"]


async def test_a_text_that_failed_in_the_shadow_is_asked_for_again_once_it_counts(
    desk: Desk, ai: AiServer
) -> None:
    async with consuming(desk.node.settings.model_copy(update={"ai_max_attempts": 1})):
        session_id = await desk.finish(*ANSWERS)
        await until(desk, session_id, written(1))
        ai.otherwise = fail_at_texts
        await desk.act(session_id, "regrade")
        await until(desk, session_id, complete(2))
        await nothing_pending(desk, ai, texts_asked=2)
        ai.otherwise = ai_server.honest(share=0.5)
        promoted = await desk.done(session_id, "promote", grading_version=2)
        assert (promoted["final_score"], promoted["recommendation"]) == (35.0, None)
        detail = await until(desk, session_id, written(2))
    assert (detail["ai_summary"], detail["final_score"]) == (detail["summaries"][1]["summary"], 35.0)
    assert detail["recommendation"] == "hire"


async def test_a_text_about_the_shadow_does_not_stand_in_for_one_that_failed(
    desk: Desk, ai: AiServer
) -> None:
    async with consuming(desk.node.settings.model_copy(update={"ai_max_attempts": 1})):
        ai.otherwise = fail_at_texts
        session_id = await desk.finish(*ANSWERS)
        await nothing_pending(desk, ai, texts_asked=1)
        await regraded(desk, ai, session_id, share=0.5, text="Not so good.")
        detail = await desk.detail(session_id)
        assert (detail["ai_summary"], detail["recommendation"], detail["final_score"]) == (None, None, 35.0)
        assert [kind for kind, _ in await desk.told(session_id)].count("session_changed") == 0
        await desk.done(session_id, "promote", grading_version=2)
        assert (await desk.detail(session_id))["ai_summary"] == "Not so good."


async def test_no_text_about_another_grading_is_left(desk: Desk) -> None:
    async with consuming(desk.node.settings):
        session_id = await desk.finish(*ANSWERS)
        first = await until(desk, session_id, written(1))
    await desk.act(session_id, "regrade")
    await found(desk, session_id, 2, ("scored", 0), ("scored", 0), ("scored", 0))
    promoted = await desk.done(session_id, "promote", grading_version=2)
    assert (promoted["final_score"], promoted["recommendation"]) == (0.0, None)
    detail = await desk.detail(session_id)
    assert (detail["ai_summary"], detail["strengths"]) == (None, [])
    await desk.done(session_id, "promote", grading_version=1)
    assert (await desk.detail(session_id))["ai_summary"] == first["ai_summary"]


async def test_no_text_is_written_about_a_grading_that_needs_a_person(desk: Desk, ai: AiServer) -> None:
    async with consuming(desk.node.settings.model_copy(update={"ai_max_attempts": 1})):
        session_id = await desk.finish(*ANSWERS)
        await until(desk, session_id, written(1))
        ai.otherwise = ai_server.says("prose")
        await desk.act(session_id, "regrade")
        shadow = await until(desk, session_id, complete(2))
        count = "SELECT count(*) FROM jobs WHERE kind = 'summary'"
        assert await desk.node.pool.fetchval(count) == 1
        # what a person has scored needs nobody any more: both gradings are complete by it
        for answer in shadow["answers"][1:]:
            await desk.score(answer["id"], 5)
        await desk.act(session_id, "regrade")
        await until(desk, session_id, complete(3))
        assert await desk.node.pool.fetchval(count) == 3


_WAITING = "SELECT count(*) FROM jobs WHERE kind = 'summary' AND state IN ('queued', 'running')"
