"""A person's scores, signature and release: they count, stay, and are told."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.node import CODE, MCQ, SHORT, Node, Person
from tests.integration.recruiting import Desk

WHY = "The fire alarm went off"


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """A multiple-choice question of 10 points and a short answer of 20; nobody grades but the recruiter."""
    interview_id = await node.interview(recruiter, MCQ, SHORT)
    await node.invite(recruiter, interview_id, candidate)
    return Desk(node, recruiter, candidate, interview_id)


async def ids_of(desk: Desk, session_id: str) -> list[str]:
    return [answer["id"] for answer in (await desk.detail(session_id))["answers"]]


async def test_the_last_score_settles_the_session(desk: Desk) -> None:
    session_id = await desk.finish("404", "writes get slower")
    first, second = await ids_of(desk, session_id)
    reply = await desk.score(first, 10, "Right")
    assert reply.status == 200
    answer = reply.body
    assert {name: answer[name] for name in ("id", "score", "points", "evaluation_state", "graded_by")} == {
        "id": first,
        "score": 10.0,
        "points": 10,
        "evaluation_state": "scored",
        "graded_by": "person",
    }
    assert answer["overrides"][0] | {"scored_at": ""} == {
        "score": 10.0,
        "reason": "Right",
        "scored_by": "Rita Recruiter",
        "scored_at": "",
    }
    assert (await desk.row(session_id))["evaluated_at"] is None

    assert (await desk.score(second, 12.345)).body["score"] == 12.35
    detail = await desk.detail(session_id)
    assert (detail["final_score"], detail["percentage"], detail["evaluation_state"]) == (
        22.35,
        74.5,
        "scored",
    )
    told = await desk.told(session_id)
    assert [kind for kind, _ in told][-3:] == ["answer_evaluated", "interview_completed", "session_changed"]
    assert told[-3][1] == {
        "question_index": 1,
        "score": 12.35,
        "points": 20,
        "state": "scored",
        "graded_by": "person",
    }
    assert told[-2][1] == {"score": 22.35, "max_score": 30, "percentage": 74.5, "recommendation": None}
    published = await desk.published(session_id)
    assert [(kind, data["version"]) for kind, data in published][-3:] == [
        ("answer.evaluated", 1),
        ("answer.evaluated", 1),
        ("session.evaluated", 1),
    ]
    # nobody would write the text, for there is no AI
    assert await desk.node.pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'summary'") == 0


async def test_a_changed_score_changes_the_totals_with_a_version(desk: Desk) -> None:
    session_id = await desk.finish("404", "writes get slower")
    first, second = await ids_of(desk, session_id)
    await desk.score(first, 10)
    await desk.score(second, 20)
    answer = (await desk.score(second, 0, "I misread it")).body
    assert [override["score"] for override in answer["overrides"]] == [20.0, 0.0]
    detail = await desk.detail(session_id)
    assert (detail["final_score"], detail["percentage"]) == (10.0, 33.33)
    told = await desk.told(session_id)
    assert [kind for kind, _ in told].count("interview_completed") == 1
    assert told[-1][0] == "session_changed"
    assert told[-1][1]["final_score"] == 10.0
    published = await desk.published(session_id)
    assert [(kind, data["version"], data["score"]) for kind, data in published[-2:]] == [
        ("answer.evaluated", 2, 0.0),
        ("session.evaluated", 2, 10.0),
    ]
    entry = (await desk.audit(session_id))[-1]
    assert (entry["action"], entry["reason"]) == ("scored", "I misread it")
    assert entry["detail"] == {"answer_id": second, "question_index": 1, "score": 0.0, "before": 20.0}


async def test_a_score_stays_within_the_points(desk: Desk) -> None:
    session_id = await desk.finish("404", "writes get slower")
    [first, _] = await ids_of(desk, session_id)
    before = await desk.told(session_id)
    for score in (-0.01, 10.01, 10.001, -0.001, 1e308, -5):
        reply = await desk.score(first, score)
        assert (reply.status, reply.body["code"]) == (422, "invalid_score"), score
        assert reply.body["points"] == 10
    for body in (
        {"score": "5", "reason": WHY},
        {"score": True, "reason": WHY},
        {"score": None, "reason": WHY},
        {"score": 5},
        {"score": 5, "reason": "  "},
        {"score": 5, "reason": WHY, "points": 5},
    ):
        path = f"/api/recruiter/answers/{first}/score"
        reply = await desk.node.call("POST", path, desk.recruiter, json=body)
        assert (reply.status, reply.body["code"]) == (422, "invalid_body"), body
    for text in ('{"score": NaN, "reason": "x"}', '{"score": 1e999, "reason": "x"}'):
        reply = await desk.node.call(
            "POST", f"/api/recruiter/answers/{first}/score", desk.recruiter, data=text
        )
        assert reply.status in {400, 422}
    assert await desk.told(session_id) == before
    assert (await desk.detail(session_id))["answers"][0]["overrides"] == []
    for score in (0, 10, 0.001):
        assert (await desk.score(first, score)).status == 200


async def test_scores_at_once_settle_once_and_add_up(desk: Desk) -> None:
    session_id = await desk.finish("404", "writes get slower")
    first, second = await ids_of(desk, session_id)
    replies = await asyncio.gather(
        *(desk.score(answer_id, score) for score in range(10) for answer_id in (first, second))
    )
    assert {reply.status for reply in replies} == {200}
    told = await desk.told(session_id)
    assert [kind for kind, _ in told].count("interview_completed") == 1
    detail = await desk.detail(session_id)
    for answer in detail["answers"]:
        assert len(answer["overrides"]) == 10
        assert answer["score"] == answer["overrides"][-1]["score"]
    assert detail["final_score"] == sum(answer["score"] for answer in detail["answers"])
    published = await desk.published(session_id)
    versions = [data["version"] for kind, data in published if kind == "session.evaluated"]
    assert versions == list(range(1, len(versions) + 1))
    assert told[-1][1]["final_score"] == detail["final_score"]


async def test_an_answer_can_be_scored_while_the_session_runs(desk: Desk) -> None:
    session_id = await desk.start()
    await desk.node.answer(desk.candidate, session_id, 0, "404")
    [first] = await ids_of(desk, session_id)
    assert (await desk.score(first, 10)).status == 200
    row = await desk.row(session_id)
    assert (row["status"], row["evaluated_at"]) == ("in_progress", None)
    assert (await desk.node.answer(desk.candidate, session_id, 1, "writes")).status == 200


async def test_a_result_is_released_once_it_is_settled(desk: Desk) -> None:
    session_id = await desk.finish("404", "writes get slower")
    for _ in range(2):
        early = await desk.act(session_id, "release")
        assert (early.status, early.body["code"]) == (409, "not_ready")
    assert (await history(desk))[0]["result"] is None
    for answer_id in await ids_of(desk, session_id):
        await desk.score(answer_id, 10)
    assert (await history(desk))[0]["result"] is None

    await desk.done(session_id, "release")
    assert (await history(desk))[0]["result"] == {
        "score": 20.0,
        "max_score": 30,
        "percentage": 66.67,
        "strengths": [],
        "improvements": [],
    }
    before = await desk.row(session_id)
    await desk.done(session_id, "release")
    assert await desk.row(session_id) == before
    assert [entry["action"] for entry in await desk.audit(session_id)].count("released") == 1
    assert (await desk.detail(session_id))["released_at"] is not None


async def test_a_signed_recommendation_stands_and_is_published_with_the_totals(desk: Desk) -> None:
    session_id = await desk.start()
    early = await desk.act(session_id, "sign", recommendation="hire")
    assert (early.status, early.body["code"]) == (409, "not_ready")
    await desk.node.answer(desk.candidate, session_id, 0, "404")
    await desk.node.answer(desk.candidate, session_id, 1, "writes")
    for wrong in ("Hire", "", None, "promote"):
        assert (await desk.act(session_id, "sign", recommendation=wrong)).status == 422

    signed = await desk.done(session_id, "sign", recommendation="maybe")
    assert signed["recommendation"] == "maybe"
    assert [kind for kind, _ in await desk.published(session_id)].count("session.evaluated") == 0
    for answer_id in await ids_of(desk, session_id):
        await desk.score(answer_id, 10)
    assert (await desk.told(session_id))[-2][1]["recommendation"] == "maybe"

    await desk.done(session_id, "sign", recommendation="strong_hire")
    detail = await desk.detail(session_id)
    assert detail["recommendation_signed_by"] == "Rita Recruiter"
    assert detail["recommendation_signed_at"] is not None
    totals = [data for kind, data in await desk.published(session_id) if kind == "session.evaluated"]
    assert [(data["version"], data["recommendation"], data["score"]) for data in totals] == [
        (1, "maybe", 20.0),
        (2, "strong_hire", 20.0),
    ]
    entry = (await desk.audit(session_id))[-1]
    assert (entry["action"], entry["detail"]) == (
        "signed",
        {"recommendation": "strong_hire", "before": "maybe"},
    )


async def test_a_detail_shows_the_key_the_results_and_what_led_to_the_answer(desk: Desk) -> None:
    session_id = await desk.start()
    await desk.node.answer(desk.candidate, session_id, 0, "404")
    await desk.draft(session_id, 1, "writes")
    await desk.node.answer(desk.candidate, session_id, 1, "writes get slower")
    await _graded(desk, session_id, index=1, score=7.5, feedback={"total_score": 7.5})
    detail = await desk.detail(session_id)
    summary = (await desk.page())["sessions"][0]
    assert {name: detail[name] for name in summary} == summary
    assert detail["candidate_email"] == desk.candidate.email

    answer = detail["answers"][1]
    given = await history(desk)
    assert given[0]["answers"][1] == {name: answer[name] for name in given[0]["answers"][1]}
    assert answer["answer_text"] == "writes get slower"
    assert (answer["score"], answer["points"], answer["feedback"]) == (7.5, 20, {"total_score": 7.5})
    assert (answer["evaluation_state"], answer["graded_by"]) == ("needs_review", "rule")
    assert answer["provenance"] == {"grader": "test"}
    assert [result["grading_version"] for result in answer["results"]] == [1]
    assert [(draft["revision"], draft["answer"]) for draft in answer["draft_history"]] == [(1, "writes")]
    assert answer["question"] == SHORT
    assert detail["answers"][0]["question"] == MCQ
    assert detail["answers"][0]["provenance"] is None
    assert detail["gradings"] == [
        {"grading_version": 1, "answers": 2, "graded": 1, "counts": True, "regrade_id": None}
    ]


async def test_a_timeline_tells_each_thing_once_in_order(desk: Desk) -> None:
    session_id = await desk.start()
    await desk.done(session_id, "extend", seconds=30, reason=WHY)
    await desk.node.pool.execute(
        "INSERT INTO signals (id, session_id, question_index, kind, detail, client_time, server_time) "
        "VALUES ($1, $2, 0, 'paste', '{\"chars\": 4}', now(), clock_timestamp())",
        uuid4(),
        UUID(session_id),
    )
    await desk.node.answer(desk.candidate, session_id, 0, "404")
    await desk.done(session_id, "terminate", reason=WHY)
    timeline = (await desk.detail(session_id))["timeline"]
    assert [entry["kind"] for entry in timeline] == [
        "started",
        "extended",
        "signal",
        "answer_submitted",
        "question_advanced",
        "answer_submitted",
        "terminated",
        "session_ended",
    ]
    assert [entry["at"] for entry in timeline] == sorted(entry["at"] for entry in timeline)
    assert timeline[1]["actor"] == "Rita Recruiter"
    assert timeline[1]["reason"] == WHY
    assert timeline[2]["detail"] == {"signal": "paste", "question_index": 0, "detail": {"chars": 4}}
    assert timeline[3]["detail"]["question_index"] == 0


async def test_code_questions_are_shown_as_they_were_written(
    node: Node, recruiter: Person, candidate: Person
) -> None:
    interview_id = await node.interview(recruiter, CODE)
    await node.invite(recruiter, interview_id, candidate)
    desk = Desk(node, recruiter, candidate, interview_id)
    [answer] = (await desk.detail(await desk.finish(None)))["answers"]
    assert answer["question"] == CODE


async def history(desk: Desk) -> list[dict[str, Any]]:
    body: list[dict[str, Any]] = (await desk.node.call("GET", "/api/interviews/history", desk.candidate)).body
    return body


async def _graded(desk: Desk, session_id: str, *, index: int, score: float, feedback: object) -> None:
    """Have a grader's result stand in one answer."""
    await desk.node.pool.execute(
        "WITH graded AS ("
        "UPDATE answers SET evaluation_state = 'needs_review', score = $3, feedback = $4, graded_by = 'rule' "
        "WHERE session_id = $1 AND question_index = $2 RETURNING *) "
        "INSERT INTO results (answer_id, grading_version, attempt, state, score, feedback, graded_by, provenance) "
        'SELECT id, 1, 1, evaluation_state, score, feedback, graded_by, \'{"grader": "test"}\' '
        "FROM graded",
        UUID(session_id),
        index,
        score,
        feedback,
    )
