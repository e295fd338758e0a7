"""Grading without the AI: mcq and empty answers at once, the rest to a person with what could be computed."""

from collections.abc import AsyncIterator

import pytest

from db.pool import Pool
from realtime.contracts.streams import DEAD, GRADERS, JOBS, PUBLIC_EVENTS
from tests.integration.evaluation import CODE, MCQ, OPEN, SHORT, World, evaluated, opened_world, settled


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


async def test_an_interview_of_mcq_is_settled_at_once(world: World) -> None:
    interview = await world.interview(MCQ, MCQ | {"points": 7})
    done = await world.session(interview, ["B-tree", "Hash"])
    async with world.consuming():
        heard = await world.ear().until(settled(done))

    right, wrong = await world.answers(done)
    assert (right["score"], right["feedback"], right["evaluation_state"]) == (5.0, "Correct!", "scored")
    assert (wrong["score"], wrong["feedback"]) == (0.0, "Incorrect. Correct answer: B-tree")
    assert right["evaluated"]
    assert right["graded_by"] == "rule"
    session = await world.row(done)
    assert (session["final_score"], session["percentage"]) == (5.0, 41.67)
    assert session["evaluated_at"] is not None
    assert (session["ai_summary"], session["recommendation"]) == (None, None)
    assert [(await world.job(job))["state"] for job in done.jobs] == ["done", "done"]
    assert await world.feed(done) == [
        (
            "answer_evaluated",
            {"question_index": 0, "score": 5.0, "points": 5, "state": "scored", "graded_by": "rule"},
        ),
        (
            "answer_evaluated",
            {"question_index": 1, "score": 0.0, "points": 7, "state": "scored", "graded_by": "rule"},
        ),
        (
            "interview_completed",
            {"score": 5.0, "max_score": 12, "percentage": 41.67, "recommendation": None},
        ),
    ]
    for event in heard:
        PUBLIC_EVENTS[event["type"]].model_validate(event)
    assert [event["type"] for event in heard] == ["interlock.answer.evaluated"] * 2 + [
        "interlock.session.evaluated"
    ]


async def test_without_a_key_the_computed_part_stands_and_a_person_decides(world: World) -> None:
    interview = await world.interview(SHORT, OPEN, CODE)
    done = await world.session(interview, ["An index.", "Prose.", "return 1"])
    async with world.consuming():
        await world.ear().until(evaluated(done.answers[2], "needs_review"))

    short, prose, code = await world.answers(done)
    assert [row["evaluation_state"] for row in (short, prose, code)] == ["needs_review"] * 3
    assert [row["score"] for row in (short, prose, code)] == [2.5, None, None]
    assert short["feedback"]["keywords_found"] == ["index"]
    assert [row["graded_by"] for row in (short, prose, code)] == ["rule", None, None]
    assert (await world.row(done))["evaluated_at"] is None
    assert [(await world.job(job))["state"] for job in done.jobs] == ["done"] * 3


async def test_empty_answers_score_zero(world: World) -> None:
    interview = await world.interview(MCQ, SHORT, OPEN, CODE, CODE)
    done = await world.session(interview, [None, "  ", None, None, CODE["starter_code"]])
    async with world.consuming():
        await world.ear().until(settled(done))
    assert [row["score"] for row in await world.answers(done)] == [0.0] * 5
    assert (await world.row(done))["final_score"] == 0.0


async def test_a_running_session_is_graded_and_not_settled(world: World) -> None:
    interview = await world.interview(MCQ, MCQ)
    done = await world.session(interview, ["B-tree"], status="in_progress")
    async with world.consuming():
        await world.ear().until(evaluated(done.answers[0], "scored"))
    assert (await world.row(done))["evaluated_at"] is None
    assert [kind for kind, _ in await world.feed(done)] == ["answer_evaluated"]


async def test_an_abandoned_session_is_not_graded_further(world: World) -> None:
    interview = await world.interview(MCQ)
    dropped = await world.session(interview, ["B-tree"], status="abandoned")
    done = await world.session(interview, ["B-tree"])
    async with world.consuming():
        await world.ear().until(settled(done))
    assert (await world.job(dropped.jobs[0]))["state"] == "done"
    assert (await world.answer(dropped.answers[0]))["evaluation_state"] == "queued"
    assert await world.results(dropped) == []
    assert await world.feed(dropped) == []


async def test_a_persons_score_survives_the_grader(world: World) -> None:
    interview = await world.interview(MCQ, MCQ)
    done = await world.session(interview, ["Hash", "B-tree"])
    async with world.pool.acquire() as conn:
        await world.override(conn, done.answers[0], 4.5)
    async with world.consuming():
        await world.ear().until(settled(done))
    first = await world.answer(done.answers[0])
    assert (first["score"], first["graded_by"]) == (4.5, "person")
    assert (await world.row(done))["final_score"] == 9.5
    # the grader's finding is kept
    assert sorted(row["score"] for row in await world.results(done)) == [0.0, 5.0]


async def test_a_job_delivered_again_changes_nothing(world: World) -> None:
    interview = await world.interview(MCQ)
    done = await world.session(interview, ["B-tree"])
    async with world.consuming():
        ear = world.ear()
        await ear.until(settled(done))
        body = b'{"job_id":"%s","kind":"answer","answer_id":"%s","session_id":"%s","question_type":"mcq","grading_version":1}'
        ids = (str(done.jobs[0]).encode(), str(done.answers[0]).encode(), str(done.session_id).encode())
        for _ in range(3):
            await world.redis.xadd(JOBS, {"__data__": body % ids})
        # two at once too, as after a lost mark
        await world.pool.execute(
            "UPDATE jobs SET state = 'queued', published_at = NULL WHERE id = $1", done.jobs[0]
        )
        other = await world.session(interview, ["B-tree"])
        await ear.until(settled(other))
    assert len(await world.results(done)) == 1
    assert (await world.answer(done.answers[0]))["result_version"] == 1
    assert [kind for kind, _ in await world.feed(done)] == ["answer_evaluated", "interview_completed"]


async def test_an_answer_that_breaks_its_grader_goes_to_a_person_and_stops_nobody(world: World) -> None:
    interview = await world.interview(*[MCQ] * 3)
    done = await world.session(interview, ["B-tree", "Hash", "B-tree"])
    await world.pool.execute(_BREAK.format(answer_id=done.answers[1]))
    async with world.consuming():
        letter = await world.ear(DEAD).next()
    assert (letter["job_id"], letter["reason"]) == (str(done.jobs[1]), "crashed: RaiseError")
    states = [row["evaluation_state"] for row in await world.answers(done)]
    assert states == ["scored", "needs_review", "scored"]
    assert ("evaluation_failed", {"question_index": 1, "attempts": 1, "reason": "crashed: RaiseError"}) in (
        await world.feed(done)
    )


async def test_a_thousand_answers_are_graded_in_batches(world: World) -> None:
    interview = await world.interview(*[MCQ] * 20)
    sessions = [await world.session(interview, ["B-tree"] * 20) for _ in range(50)]
    async with world.consuming():
        ear = world.ear()
        waiting = {str(done.session_id) for done in sessions}
        while waiting:
            event = await ear.next()
            if event["type"] == "interlock.session.evaluated":
                waiting.discard(event["subject"])
    assert await world.pool.fetchval("SELECT count(*) FROM results") == 1000
    assert (await world.redis.xpending(JOBS, GRADERS))["pending"] == 0
    assert {row["final_score"] for row in [await world.row(done) for done in sessions]} == {100.0}


_BREAK = """
CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'broken';
END $$;
CREATE TRIGGER breaks BEFORE INSERT ON results FOR EACH ROW
WHEN (NEW.answer_id = '{answer_id}' AND NEW.state = 'scored') EXECUTE FUNCTION break();
"""
