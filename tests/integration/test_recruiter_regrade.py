"""Grading again in the shadow: nothing counts before promotion, and nothing a person decided ever changes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from realtime.settings import Settings
from tests import ai_server
from tests.ai_server import AiServer, honest
from tests.integration.evaluation import consuming
from tests.integration.node import CODE, MCQ, SHORT, Node, Person
from tests.integration.recruiting import SECONDS, Desk

ANSWERS = ("404", "writes get slower", "return items[::-1]")


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, ai: AiServer) -> Settings:
    """A node and consumers with an AI."""
    from pydantic import SecretStr

    return settings.model_copy(update={"openai_api_key": SecretStr("test-key"), "openai_base_url": ai.url})


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """10 points by rule, 20 half by keywords and half by the AI, 30 by the AI."""
    interview_id = await node.interview(recruiter, MCQ, SHORT, CODE)
    await node.invite(recruiter, interview_id, candidate, max_attempts=3)
    return Desk(node, recruiter, candidate, interview_id)


async def until(desk: Desk, session_id: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The session's detail, once it is as wanted: a shadow grading tells nobody when it is through."""
    async with asyncio.timeout(SECONDS):
        while True:
            detail = await desk.detail(session_id)
            if wanted(detail):
                return detail
            await asyncio.sleep(0.05)


def complete(version: int) -> Callable[[dict[str, Any]], bool]:
    return lambda detail: any(
        grading["grading_version"] == version and grading["graded"] == grading["answers"] == 3
        for grading in detail["gradings"]
    )


def written(version: int) -> Callable[[dict[str, Any]], bool]:
    return lambda detail: any(text["grading_version"] == version for text in detail["summaries"])


async def found(desk: Desk, session_id: str, version: int, *results: tuple[str, float | None]) -> None:
    """Let a grading have found these states and scores, without any grader running."""
    for index, (state, score) in enumerate(results):
        await desk.node.pool.execute(
            "INSERT INTO results (answer_id, grading_version, attempt, state, score, feedback, graded_by) "
            "SELECT id, $3, 1, $4, $5, '{}', 'ai' FROM answers "
            "WHERE session_id = $1 AND question_index = $2",
            UUID(session_id),
            index,
            version,
            state,
            score,
        )


async def test_a_grading_counts_after_promotion_only(desk: Desk, ai: AiServer) -> None:
    async with consuming(desk.node.settings):
        session_id = await desk.finish(*ANSWERS)
        first = await until(desk, session_id, lambda detail: detail["ai_summary"] is not None)
        assert [answer["score"] for answer in first["answers"]] == [10.0, 13.0, 24.0]
        assert (first["final_score"], first["recommendation"]) == (47.0, "hire")
        person = await desk.score(first["answers"][2]["id"], 29)
        assert person.status == 200

        ai.otherwise = honest(share=0.5)
        before, told = await desk.row(session_id), await desk.told(session_id)
        begun = await desk.act(session_id, "regrade")
        assert (begun.status, begun.body) == (202, {"grading_version": 2})
        shadow = await until(desk, session_id, written(2))
        assert complete(2)(shadow)
        assert [answer["score"] for answer in shadow["answers"]] == [10.0, 13.0, 29.0]
        assert [result["score"] for result in shadow["answers"][1]["results"]] == [13.0, 10.0]
        assert await desk.row(session_id) == before
        assert await desk.told(session_id) == told

        promoted = await desk.done(session_id, "promote", grading_version=2)
        assert (promoted["final_score"], promoted["recommendation"]) == (49.0, "hire")
        after = await desk.detail(session_id)
        assert [answer["score"] for answer in after["answers"]] == [10.0, 10.0, 29.0]
        assert [answer["graded_by"] for answer in after["answers"]] == ["rule", "ai", "person"]
        assert [result["score"] for result in after["answers"][2]["results"]] == [24.0, 15.0]
        regrade_id = after["gradings"][1]["regrade_id"]
        assert after["gradings"][1] == {
            "grading_version": 2,
            "answers": 3,
            "graded": 3,
            "counts": True,
            "regrade_id": regrade_id,
        }
        assert [text["counts"] for text in after["summaries"]] == [False, True]
        assert len([asked for asked in ai.asked if not asked.criteria]) == 2  # each grading has its own

    totals = [data for kind, data in await desk.published(session_id) if kind == "session.evaluated"]
    assert [(data["score"], data["version"]) for data in totals] == [
        (47.0, 1),
        (47.0, 2),
        (52.0, 3),
        (49.0, 4),
    ]
    entries = {entry["action"]: entry["detail"] for entry in await desk.audit(session_id)}
    assert entries["regraded"] == {"grading_version": 2, "regrade_id": regrade_id}
    assert entries["promoted"]["before"]["grading_version"] == 1
    assert entries["promoted"]["before"]["recommendation"] == "hire"


async def test_what_only_another_grader_saw_is_flagged_once_its_grading_counts(
    desk: Desk, ai: AiServer
) -> None:
    async with consuming(desk.node.settings):
        session_id = await desk.finish(*ANSWERS)
        await until(desk, session_id, written(1))
        ai.otherwise = honest(addresses_grader=True)
        await desk.act(session_id, "regrade")
        shadow = await until(desk, session_id, complete(2))
        assert shadow["flags"] == []
    for version in (2, 1, 2):
        promoted = await desk.done(session_id, "promote", grading_version=version)
        assert promoted["flags"] == ["grader_instructions"]


async def test_an_incomplete_or_unknown_grading_is_not_promoted(desk: Desk) -> None:
    session_id = await desk.finish(*ANSWERS)
    await found(desk, session_id, 1, ("scored", 10), ("scored", 13), ("scored", 24))
    assert (await desk.act(session_id, "regrade")).body == {"grading_version": 2}
    await found(desk, session_id, 2, ("scored", 10), ("scored", 11))
    before, told = await desk.row(session_id), await desk.told(session_id)
    incomplete = await desk.act(session_id, "promote", grading_version=2)
    assert (incomplete.status, incomplete.body["code"]) == (409, "not_ready")
    assert incomplete.body["question_indexes"] == [2]
    unknown = await desk.act(session_id, "promote", grading_version=3)
    assert (unknown.status, unknown.body["code"]) == (409, "not_ready")
    for wrong in (0, -1, 2**31, "2", None, 1.5):
        assert (await desk.act(session_id, "promote", grading_version=wrong)).status == 422
    assert (await desk.act(session_id, "promote", grading_version=1)).status == 200
    assert await desk.row(session_id) == before
    assert await desk.told(session_id) == told


async def test_an_unknown_grading_is_none_even_where_people_scored_everything(desk: Desk) -> None:
    session_id = await desk.finish(*ANSWERS)
    for answer in (await desk.detail(session_id))["answers"]:
        await desk.score(answer["id"], 5)
    unknown = await desk.act(session_id, "promote", grading_version=7)
    assert (unknown.status, unknown.body["code"]) == (409, "not_ready")
    assert (await desk.row(session_id))["grading_version"] == 1


async def test_versions_count_up_and_an_older_one_can_be_brought_back(desk: Desk) -> None:
    session_id = await desk.finish(*ANSWERS)
    for answer in (await desk.detail(session_id))["answers"]:
        if answer["question_index"] == 2:
            await desk.score(answer["id"], 30)
    await found(desk, session_id, 1, ("scored", 10), ("scored", 20), ("scored", 24))
    for version in (2, 3):
        assert (await desk.act(session_id, "regrade")).body == {"grading_version": version}
    await found(desk, session_id, 3, ("scored", 0), ("scored", 1), ("scored", 2))
    assert (await desk.done(session_id, "promote", grading_version=3))["final_score"] == 31.0
    assert (await desk.done(session_id, "promote", grading_version=1))["final_score"] == 60.0
    assert (await desk.row(session_id))["grading_version"] == 1
    assert (await desk.act(session_id, "regrade")).body == {"grading_version": 4}


async def test_a_grading_that_needs_a_person_does_not_unsettle_what_is_settled(desk: Desk) -> None:
    session_id = await desk.finish(*ANSWERS)
    await desk.act(session_id, "regrade")
    await found(desk, session_id, 2, ("scored", 10), ("scored", 20), ("scored", 30))
    settled = await desk.done(session_id, "promote", grading_version=2)
    assert (settled["final_score"], settled["evaluation_state"]) == (60.0, "scored")
    await desk.act(session_id, "regrade")
    await found(desk, session_id, 3, ("scored", 9), ("scored", 19), ("needs_review", None))
    refused = await desk.act(session_id, "promote", grading_version=3)
    assert (refused.status, refused.body["question_indexes"]) == (409, [2])
    last = (await desk.detail(session_id))["answers"][2]
    await desk.score(last["id"], 25)
    assert (await desk.done(session_id, "promote", grading_version=3))["final_score"] == 53.0


async def test_a_grading_that_needs_a_person_may_count_where_nothing_is_settled(desk: Desk) -> None:
    session_id = await desk.finish(*ANSWERS)
    await desk.act(session_id, "regrade")
    await found(desk, session_id, 2, ("scored", 10), ("needs_review", 10), ("needs_review", None))
    summary = await desk.done(session_id, "promote", grading_version=2)
    assert (summary["final_score"], summary["evaluation_state"]) == (None, "needs_review")
    assert [answer["score"] for answer in (await desk.detail(session_id))["answers"]] == [10.0, 10.0, None]


async def test_only_what_was_finished_is_graded_again(desk: Desk) -> None:
    session_id = await desk.start()
    for _ in range(2):
        refused = await desk.act(session_id, "regrade")
        assert (refused.status, refused.body["code"]) == (409, "not_ready")
        # the second time, it is an attempt that was abandoned
        await desk.node.call("POST", f"/api/interviews/{session_id}/start-over", desk.candidate)
    assert await desk.node.pool.fetchval("SELECT count(*) FROM jobs") == 0


async def test_a_signed_recommendation_survives_a_promotion(desk: Desk) -> None:
    session_id = await desk.finish(*ANSWERS)
    for version, score in ((2, 10), (3, 5)):
        await desk.act(session_id, "regrade")
        await found(desk, session_id, version, *[("scored", score)] * 3)
    await desk.done(session_id, "promote", grading_version=2)
    await desk.done(session_id, "sign", recommendation="no_hire")
    promoted = await desk.done(session_id, "promote", grading_version=3)
    assert (promoted["recommendation"], promoted["final_score"]) == ("no_hire", 15.0)


async def test_it_can_be_asked_with_another_model_and_prompt(desk: Desk, ai: AiServer) -> None:
    prompt = "Judge between $nonce and $nonce, kindly."
    async with consuming(desk.node.settings):
        session_id = await desk.finish(*ANSWERS)
        await until(desk, session_id, written(1))
        before = len(ai.asked)
        begun = await desk.act(
            session_id, "regrade", models={"code": "another-model"}, prompts={"short_answer": prompt}
        )
        assert (begun.status, begun.body) == (202, {"grading_version": 2})
        shadow = await until(desk, session_id, complete(2))
    settings = desk.node.settings
    assert {asked.model for asked in ai.asked[before:]} >= {
        settings.model_short_answer,
        "another-model",
    }
    short, code = (answer["results"][1]["provenance"] for answer in shadow["answers"][1:])
    assert (short["requested_model"], code["requested_model"]) == (
        settings.model_short_answer,
        "another-model",
    )
    assert short["prompt"]["sha256"] == sha256(prompt.encode()).hexdigest()
    assert code["prompt"] == shadow["answers"][2]["results"][0]["provenance"]["prompt"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"prompts": {"code": "no delimiters"}}, "prompts"),
        ({"prompts": {"mcq": "$nonce"}}, "prompts.mcq"),
        ({"models": {"code": ""}}, "models.code"),
        ({"model": "another"}, "model"),
    ],
)
async def test_what_cannot_be_asked_with_is_refused_and_begins_nothing(
    desk: Desk, body: dict[str, Any], path: str
) -> None:
    session_id = await desk.finish(*ANSWERS)
    refused = await desk.act(session_id, "regrade", **body)
    assert (refused.status, refused.body["code"]) == (422, "invalid_body")
    assert [error["path"] for error in refused.body["errors"]] == [path]
    assert await desk.node.pool.fetchval("SELECT count(*) FROM regrades") == 0
