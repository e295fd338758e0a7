"""What grading again would change: worked out by the server, for the recruiter whose interview it is, and for nobody else."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from realtime.settings import Settings
from tests import ai_server
from tests.ai_server import AiServer, Asked, Behaviour, judged
from tests.integration.evaluation import consuming
from tests.integration.node import CODE, MCQ, SHORT, Node, Person
from tests.integration.recruiting import Desk
from tests.integration.test_recruiter_regrade import found, until, written

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
async def desks(node: Node, recruiter: Person) -> list[Desk]:
    """Three candidates of one interview: 10 points by rule, 20 half by keywords, 30 by the AI."""
    interview_id = await node.interview(recruiter, MCQ, SHORT, CODE)
    people = [await node.person("candidate", name=f"Candidate {number}") for number in range(3)]
    for person in people:
        await node.invite(recruiter, interview_id, person)
    return [Desk(node, recruiter, person, interview_id) for person in people]


def scoring(share: float, recommendation: str) -> Behaviour:
    """Judge everything to be met to `share`, and recommend."""

    async def answer(asked: Asked) -> Any:
        form = judged(asked, share=share)
        if not asked.criteria:
            form["recommendation"] = recommendation
        return ai_server.completion(json.dumps(form))

    return answer


async def difference(desk: Desk, regrade_id: str, **query: Any) -> dict[str, Any]:
    reply = await desk.get(f"/api/recruiter/regrades/{regrade_id}", **query)
    assert reply.status == 200, reply.body
    body: dict[str, Any] = reply.body
    return body


async def regraded(desk: Desk, session_id: str) -> str:
    begun = await desk.act(session_id, "regrade")
    assert begun.status == 202, begun.body
    [regrade_id] = [
        grading["regrade_id"]
        for grading in (await desk.detail(session_id))["gradings"]
        if grading["grading_version"] == begun.body["grading_version"]
    ]
    assert isinstance(regrade_id, str)
    return regrade_id


async def test_the_difference_is_shown_before_it_counts_and_stays_after(
    desks: list[Desk], ai: AiServer
) -> None:
    ai.otherwise = scoring(0.8, "hire")
    desk, *others = desks
    async with consuming(desk.node.settings):
        session_id = await desk.finish(*ANSWERS)
        for other in others:  # 0 and 47 of 60
            await other.finish(*((None,) * 3 if other is others[0] else ANSWERS))
        first = await until(desk, session_id, written(1))
        await desk.score(first["answers"][0]["id"], 4, "They guessed")
        ai.otherwise = scoring(0.9, "strong_hire")
        regrade_id = await regraded(desk, session_id)
        await until(desk, session_id, written(2))

    before = await difference(desk, regrade_id)
    assert (before["answer_count"], before["graded_count"], before["texts_pending"]) == (3, 3, 0)
    assert (before["session_count"], before["promoted_count"]) == (1, 0)
    assert before["begun_by"] == "Rita Recruiter"
    [session] = before["sessions"]
    assert [
        [answer[name] for name in ("question_type", "old_score", "new_score", "difference", "is_persons")]
        for answer in session["answers"]
    ] == [
        ["mcq", 4.0, 4.0, 0.0, True],
        ["short_answer", 13.0, 14.0, 1.0, False],
        ["code", 24.0, 27.0, 3.0, False],
    ]
    assert (session["old_score"], session["new_score"], session["difference"]) == (41.0, 45.0, 4.0)
    assert (session["old_rank"], session["new_rank"]) == (2, 2)  # 47 of 60 is another's
    assert (session["old_recommendation"], session["new_recommendation"]) == ("hire", "strong_hire")
    assert (session["is_signed"], session["counts"]) == (False, False)
    assert before["agreement"] == {
        "question_type": None,
        "answers": 2,
        "same_share": 0.0,
        "mean_absolute_difference": 7.5,  # 5 and 10 percent of the points
        "mean_difference": 7.5,
        "weighted_kappa": 0.6667,  # tenths 7 and 8 against 7 and 9: a square of 1, where chance gives 3
    }
    assert [(one["question_type"], one["answers"]) for one in before["agreement_by_type"]] == [
        ("short_answer", 1),
        ("code", 1),
    ]

    await desk.done(session_id, "promote", grading_version=2)
    after = await difference(desk, regrade_id)
    assert after["sessions"][0] == session | {"counts": True}
    assert after["promoted_count"] == 1
    assert after["agreement"] == before["agreement"]
    assert await difference(desk, regrade_id, session_id=session_id) == after
    assert (await difference(desk, regrade_id, session_id=str(uuid4())))["sessions"] == []


async def test_a_rank_moves_as_the_others_stand(desks: list[Desk]) -> None:
    sessions = [await desk.finish(*ANSWERS) for desk in desks]
    for desk, session_id, scores in zip(desks, sessions, ((10, 10, 10), (5, 5, 5), (1, 1, 1)), strict=True):
        await found(desk, session_id, 1, *(("scored", score) for score in scores))
        for answer, score in zip((await desk.detail(session_id))["answers"], scores, strict=True):
            await desk.node.pool.execute(
                "UPDATE answers SET evaluation_state = 'scored', score = $2, graded_by = 'ai', evaluated_at = now()"
                " WHERE id = $1",
                UUID(answer["id"]),
                score,
            )
        await desk.node.pool.execute(
            "UPDATE interview_sessions SET final_score = $2, percentage = 1, evaluated_at = now() WHERE id = $1",
            UUID(session_id),
            sum(scores),
        )
    last = desks[2]
    regrade_id = await regraded(last, sessions[2])
    [unknown] = (await difference(last, regrade_id))["sessions"]
    assert (unknown["old_score"], unknown["new_score"]) == (3.0, None)
    assert (unknown["old_rank"], unknown["new_rank"]) == (3, None)
    assert [answer["state"] for answer in unknown["answers"]] == [None] * 3
    await found(last, sessions[2], 2, ("scored", 10), ("scored", 10), ("scored", 10))
    [moved] = (await difference(last, regrade_id))["sessions"]
    assert (moved["old_rank"], moved["new_rank"]) == (3, 1)  # shared with the first, who has 30 too
    assert moved["difference"] == 27.0

    [half] = (await difference(desks[0], await regraded(desks[0], sessions[0])))["sessions"]
    assert (half["old_rank"], half["new_rank"]) == (1, None)


async def test_what_needs_a_person_has_no_new_score(desks: list[Desk]) -> None:
    desk = desks[0]
    session_id = await desk.finish(*ANSWERS)
    regrade_id = await regraded(desk, session_id)
    await found(desk, session_id, 2, ("scored", 10), ("needs_review", 5), ("needs_review", None))
    shown = await difference(desk, regrade_id)
    [session] = shown["sessions"]
    assert [(answer["new_score"], answer["state"]) for answer in session["answers"]] == [
        (10.0, "scored"),
        (None, "needs_review"),
        (None, "needs_review"),
    ]
    assert (session["old_score"], session["new_score"], session["old_rank"]) == (None, None, None)
    assert (shown["graded_count"], shown["agreement"]["answers"]) == (3, 0)
    assert shown["agreement"]["weighted_kappa"] is None


async def test_a_regrade_says_what_it_is_made_with(desks: list[Desk]) -> None:
    desk = desks[0]
    regrade_id = await regraded(desk, await desk.finish(*ANSWERS))
    shown = await difference(desk, regrade_id)
    kept = await desk.node.pool.fetchval(
        "SELECT recipe FROM grading_recipes WHERE sha256 = $1", shown["recipe_sha256"]
    )
    assert (
        shown["models"]
        == kept["models"]
        == {
            "short_answer": desk.node.settings.model_short_answer,
            "code": desk.node.settings.model_code,
            "summary": desk.node.settings.model_summary,
        }
    )
    assert shown["parameters"] == kept["parameters"] == {"temperature": 0}
    assert set(shown["prompts"]) == {"short_answer", "code", "summary"}


async def test_a_regrade_is_its_own_recruiters(desks: list[Desk], node: Node) -> None:
    desk = desks[0]
    regrade_id = await regraded(desk, await desk.finish(*ANSWERS))
    stranger = await node.person("recruiter")
    theirs = await node.call("GET", f"/api/recruiter/regrades/{regrade_id}", stranger)
    nobodys = await node.call("GET", f"/api/recruiter/regrades/{uuid4()}", stranger)
    assert theirs.status == nobodys.status == 404
    assert theirs.body == nobodys.body
    wrong = await node.call("GET", f"/api/recruiter/regrades/{regrade_id}?limit=0", desk.recruiter)
    assert wrong.status == 422
