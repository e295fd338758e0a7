"""An interview in figures: every person counted once, every question compared with itself, nothing of anybody else's."""

from typing import Any
from uuid import UUID

import pytest

from tests.integration.node import MCQ, SHORT, Node, Person
from tests.integration.recruiting import Desk


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """Two questions, and a candidate with three attempts."""
    interview_id = await node.interview(recruiter, MCQ, SHORT)
    await node.invite(recruiter, interview_id, candidate, max_attempts=3)
    return Desk(node, recruiter, candidate, interview_id)


async def statistics(desk: Desk) -> dict[str, Any]:
    reply = await desk.get(f"/api/recruiter/interviews/{desk.interview_id}/statistics")
    assert reply.status == 200, reply.body
    figures: dict[str, Any] = reply.body
    return figures


async def took(desk: Desk, session_id: str, seconds: float) -> None:
    """Say how long the session's answers took."""
    await desk.node.pool.execute(
        "UPDATE answers SET time_taken = $2 WHERE session_id = $1", UUID(session_id), seconds
    )


async def settle(desk: Desk, session_id: str, *scores: float) -> None:
    for answer, score in zip((await desk.detail(session_id))["answers"], scores, strict=True):
        assert (await desk.score(answer["id"], score)).status == 200


async def test_an_interview_that_nobody_has_started_is_all_zeros_with_its_questions(desk: Desk) -> None:
    figures = await statistics(desk)
    assert figures["funnel"] == {"invited": 1, "started": 0, "completed": 0, "settled": 0, "released": 0}
    assert figures["sessions"] == {"in_progress": 0, "completed": 0, "abandoned": 0, "terminated": 0}
    assert figures["tenths"] == [0] * 10
    assert (figures["mean_percentage"], figures["median_percentage"]) == (None, None)
    assert [question["type"] for question in figures["questions"]] == ["mcq", "short_answer"]
    for question in figures["questions"]:
        assert (question["answers"], question["mean_percentage"]) == (0, None)
        assert question["time_taken_seconds"] is None


async def test_people_are_counted_once_and_attempts_each(desk: Desk) -> None:
    first, second = [await desk.finish("404", "writes") for _ in range(2)]
    await settle(desk, first, 10.0, 20.0)
    await settle(desk, second, 10.0, 5.0)
    await desk.done(second, "release")
    await desk.start()
    other = await desk.node.person("candidate")
    await desk.node.invite(desk.recruiter, desk.interview_id, other)
    figures = await statistics(desk)
    assert figures["funnel"] == {"invited": 2, "started": 1, "completed": 1, "settled": 1, "released": 1}
    assert figures["sessions"] == {"in_progress": 1, "completed": 2, "abandoned": 0, "terminated": 0}
    assert figures["tenths"] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 1]  # 100 % belongs to the last tenth
    assert (figures["mean_percentage"], figures["median_percentage"]) == (75.0, 75.0)


async def test_a_question_says_how_hard_it_was_and_how_long_it_took(desk: Desk) -> None:
    for seconds, score, text in ((10, 20.0, "writes"), (20, 10.0, "space"), (30, 0.0, None)):
        session_id = await desk.finish("404", text)
        await settle(desk, session_id, 10.0, score)
        await took(desk, session_id, seconds)
    first, second = (await statistics(desk))["questions"]
    assert (first["mean_percentage"], second["mean_percentage"]) == (100.0, 50.0)
    assert (second["answers"], second["empty"], second["scored"], second["expired"]) == (3, 1, 3, 0)
    assert second["time_taken_seconds"] == {"lower": 15.0, "median": 20.0, "upper": 25.0}


async def test_what_waits_for_a_person_does_not_count_as_zero(desk: Desk) -> None:
    await desk.finish("404", "writes")
    figures = await statistics(desk)
    assert figures["funnel"]["settled"] == 0
    assert figures["questions"][1]["mean_percentage"] is None


async def test_an_ended_session_says_nothing_about_how_long_its_open_question_takes(desk: Desk) -> None:
    session_id = await desk.start()
    await desk.node.answer(desk.candidate, session_id, 0, "404")
    await desk.done(session_id, "terminate", reason="Enough")
    first, second = (await statistics(desk))["questions"]
    assert first["time_taken_seconds"] is not None
    assert (second["answers"], second["time_taken_seconds"]) == (1, None)


async def test_a_question_that_was_kept_in_a_new_version_stays_one(desk: Desk) -> None:
    await desk.finish("404", "writes")
    changed = {"title": "Back end", "questions": [SHORT, MCQ | {"points": 11}]}
    reply = await desk.node.call(
        "PUT",
        f"/api/recruiter/interviews/{desk.interview_id}",
        desk.recruiter,
        json={"version": 1, "interview": changed},
    )
    assert reply.status == 200, reply.body
    await desk.finish("writes", "404")
    figures = await statistics(desk)
    said = [
        (question["type"], question["points"], question["current"], question["answers"])
        for question in figures["questions"]
    ]
    assert said == [("short_answer", 20, True, 2), ("mcq", 11, True, 1), ("mcq", 10, False, 1)]
