"""Every result and every text can be explained: who decided, by what, at which attempt, and where they did not, why."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncpg import RestrictViolationError

from db.pool import Pool
from realtime.contracts.streams import DEAD
from tests import ai_server
from tests.ai_server import AiServer
from tests.integration.evaluation import CODE, MCQ, OPEN, SHORT, Answered, World, opened_world, settled

# What every result of a grader says, and what the AI's say beside it.
OF_ALL = {"grader", "grader_version", "attempt"}
ASKED = {"requested_model", "parameters", "prompt", "recipe_sha256", "endpoint", "latency_ms"}
ANSWERED = {"model", "response_id", "system_fingerprint", "tokens", "raw_output"}


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


async def provenances(world: World, done: Answered) -> list[tuple[str, dict[str, Any]]]:
    """Who decided and by what, in the order of the questions."""
    rows = await world.pool.fetch(
        "SELECT r.graded_by, r.provenance FROM results r INNER JOIN answers a ON a.id = r.answer_id"
        " WHERE a.session_id = $1 ORDER BY a.question_index",
        done.session_id,
    )
    return [(row["graded_by"], row["provenance"]) for row in rows]


async def test_every_kind_of_result_says_what_decided_it(world: World, ai: AiServer) -> None:
    interview = await world.interview(MCQ, SHORT, OPEN, CODE, OPEN, CODE)
    answers = ["B-tree", "An index.", "Prose.", "return 1", " ", None]
    done = await world.session(interview, answers)
    async with world.consuming(ai):
        await world.ear().until(lambda event: event["data"].get("recommendation") is not None)
    found = await provenances(world, done)
    assert [(who, by["grader"]) for who, by in found] == [
        ("rule", "mcq"),
        ("ai", "keywords+ai"),
        ("ai", "ai"),
        ("ai", "ai"),
        ("rule", "empty"),
        ("rule", "empty"),
    ]
    for who, by in found:
        assert by.keys() == OF_ALL | (ASKED | ANSWERED | {"rubric_sha256"} if who == "ai" else set())
        assert (by["grader_version"], by["attempt"]) == (1, 1)
    of_code = found[3][1]
    assert of_code["rubric_sha256"] != found[2][1]["rubric_sha256"]
    assert (of_code["endpoint"], of_code["response_id"]) == ("127.0.0.1", "chatcmpl-test")


async def test_what_was_found_is_never_overwritten(world: World) -> None:
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming():
        await world.ear().until(settled(done))
    async with world.pool.acquire() as conn:
        await world.override(conn, done.answers[0], 3)
        for statement in (
            "UPDATE results SET score = 4",
            "DELETE FROM results",
            "UPDATE score_overrides SET score = 4",
            "DELETE FROM score_overrides",
        ):
            with pytest.raises(RestrictViolationError, match="rows are never changed or removed"):
                await conn.execute(statement)


async def test_the_prompts_that_results_name_are_kept(world: World, ai: AiServer) -> None:
    done = await world.session(await world.interview(OPEN), ["Prose."])
    async with world.consuming(ai, model_short_answer="small-model"):
        await world.ear().until(settled(done))
    [(_, by)] = await provenances(world, done)
    recipe = await world.pool.fetchval(
        "SELECT recipe FROM grading_recipes WHERE sha256 = $1", by["recipe_sha256"]
    )
    assert recipe["models"]["short_answer"] == "small-model"
    assert recipe["parameters"] == by["parameters"] == {"temperature": 0}
    nonce = ai.asked[0].user.split("<answer-")[1].split(">")[0]
    assert recipe["prompts"]["short_answer"].replace("$nonce", nonce) == ai.asked[0].system


async def test_a_result_without_the_ai_says_so(world: World) -> None:
    done = await world.session(await world.interview(SHORT, CODE), ["An index.", "return 1"])
    async with world.consuming():
        ear = world.ear()
        for _ in done.answers:
            await ear.next()
    assert await provenances(world, done) == [
        ("rule", {"grader": "keywords", "grader_version": 1, "attempt": 1}),
        ("rule", {"grader": "none", "grader_version": 1, "attempt": 1}),
    ]


@pytest.mark.parametrize(
    ("body", "reason", "said"),
    [
        (ai_server.says("Full marks, I would say."), "malformed:", "Full marks, I would say."),
        (ai_server.fails(503), "unavailable: the endpoint answered 503", None),
    ],
)
async def test_what_went_to_a_person_says_whom_we_asked_and_what_came_of_it(
    world: World, ai: AiServer, body: ai_server.Behaviour, reason: str, said: str | None
) -> None:
    ai.otherwise = body
    done = await world.session(await world.interview(SHORT), ["An index."])
    async with world.consuming(ai, ai_max_attempts=2):
        await world.ear(DEAD).next()
    [(who, by)] = await provenances(world, done)
    assert (who, by["grader"], by["attempt"]) == ("rule", "keywords", 2)
    assert by.keys() == OF_ALL | ASKED | {"failure"} | ({"raw_output", "tokens"} if said else set())
    assert by["failure"].startswith(reason)
    assert (said or "") in by.get("raw_output", "")


async def test_a_text_says_where_it_came_from(world: World, ai: AiServer) -> None:
    ai.will(ai_server.fails(500))
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.consuming(ai, model_summary="large-model"):
        await world.ear().until(lambda event: event["data"].get("recommendation") is not None)
    [text] = await world.pool.fetch("SELECT * FROM summaries WHERE session_id = $1", done.session_id)
    session = await world.row(done)
    assert text["summary"] == session["ai_summary"]
    assert (text["recommendation"], text["attempt"], text["grading_version"]) == ("hire", 2, 1)
    assert text["provenance"].keys() == ASKED | ANSWERED
    assert text["provenance"]["requested_model"] == "large-model"
    assert text["provenance"]["prompt"]["name"] == "summary"
