"""Settlement: totals exactly once, whoever comes last, and only when nothing is missing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest

from consumers import instant
from consumers.instant import _ending
from db import jobs, outbox, results, sessions, settlement
from db.pool import Pool
from db.settlement import Settled
from realtime.contracts.streams import SessionEvaluatedData
from tests.integration.evaluation import MCQ, OPEN, Answered, World, opened_world


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


async def test_totals_come_once_when_all_come_last_at_once(world: World) -> None:
    """Every answer of a session is recorded by another at the same time: one of them settles, never none or two."""
    interview = await world.interview(*[MCQ] * 5)
    sessions = [await world.session(interview, ["B-tree"] * 5) for _ in range(20)]
    async with world.pool.acquire() as conn:
        works = await jobs.read_answer_work(conn, [job for done in sessions for job in done.jobs])
    await asyncio.gather(*(instant.grade_batch(world.pool, [work], summarise=True) for work in works))
    for done in sessions:
        kinds = [kind for kind, _ in await world.feed(done)]
        assert kinds == ["answer_evaluated"] * 5 + ["interview_completed"]
        session = await world.row(done)
        assert (session["final_score"], session["totals_version"]) == (25.0, 1)
    assert await world.pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'summary'") == 20


async def test_settling_again_changes_nothing(world: World) -> None:
    done = await _graded(world, ["B-tree"])
    async with world.pool.acquire() as conn, conn.transaction():
        await results.lock_sessions(conn, [done.session_id])
        assert await settlement.settle(conn, session_ids=[done.session_id], summarise=True) == []
    assert (await world.row(done))["totals_version"] == 1


async def test_a_terminated_session_is_settled_with_the_answers_it_has(world: World) -> None:
    interview = await world.interview(MCQ, MCQ, MCQ)
    done = await world.session(interview, ["B-tree", "Hash"], status="terminated")
    await _grade(world, done)
    session = await world.row(done)
    assert (session["final_score"], session["max_score"], session["percentage"]) == (5.0, 15, 33.33)
    assert await world.pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'summary'") == 0


async def test_a_terminated_session_without_answers_is_settled_by_whoever_terminates(world: World) -> None:
    done = await world.session(await world.interview(MCQ), [], status="terminated")
    async with world.pool.acquire() as conn, conn.transaction():
        await results.lock_sessions(conn, [done.session_id])
        [settled] = await settlement.settle(conn, session_ids=[done.session_id], summarise=True)
    assert (settled.final_score, settled.percentage) == (0.0, 0.0)
    assert [kind for kind, _ in await world.feed(done)] == ["interview_completed"]


@pytest.mark.parametrize("status", ["in_progress", "abandoned"])
async def test_a_session_that_did_not_end_well_is_not_settled(world: World, status: str) -> None:
    done = await world.session(await world.interview(MCQ, MCQ), ["B-tree"], status=status)
    await _grade(world, done)
    async with world.pool.acquire() as conn, conn.transaction():
        await results.lock_sessions(conn, [done.session_id])
        assert await settlement.settle(conn, session_ids=[done.session_id], summarise=True) == []


async def test_one_answer_in_review_holds_the_totals(world: World) -> None:
    done = await world.session(await world.interview(MCQ, OPEN), ["B-tree", "Prose."])
    await _grade(world, done)
    assert (await world.row(done))["evaluated_at"] is None
    async with world.pool.acquire() as conn, conn.transaction():
        await results.lock_sessions(conn, [done.session_id])
        await world.override(conn, done.answers[1], 6.5)
        [settled] = await settlement.settle(conn, session_ids=[done.session_id], summarise=False)
    assert (settled.final_score, settled.percentage) == (11.5, 76.67)


async def test_a_changed_score_changes_the_totals_and_tells_the_world(world: World) -> None:
    done = await _graded(world, ["Hash"])
    async with world.pool.acquire() as conn, conn.transaction():
        await results.lock_sessions(conn, [done.session_id])
        await world.override(conn, done.answers[0], 4.0)
        changed = await settlement.recompute(conn, done.session_id)
    assert changed == Settled(
        done.session_id, final_score=4.0, max_score=5, percentage=80.0, totals_version=2
    )
    data = await world.pool.fetchval(_LAST_TOTALS, done.session_id)
    assert SessionEvaluatedData.model_validate_json(orjson.dumps(data)).version == 2


async def test_what_is_not_settled_is_not_recomputed(world: World) -> None:
    done = await world.session(await world.interview(MCQ), ["B-tree"])
    async with world.pool.acquire() as conn:
        assert await settlement.recompute(conn, done.session_id) is None


async def test_a_session_that_ends_under_a_grader_is_settled_by_whoever_comes_last(world: World) -> None:
    """The first answer's grader began while its candidate was still answering; the last one's has to wait for it."""
    done = await world.session(await world.interview(*[MCQ] * 3), ["B-tree"] * 2, status="in_progress")
    async with world.pool.acquire() as conn:
        works = await jobs.read_answer_work(conn, list(done.jobs))
    first, last = sorted(works, key=lambda work: done.jobs.index(work.job_id))
    async with world.pool.acquire() as conn:
        beside = conn.transaction()
        await beside.start()
        recorded = await results.record(conn, [_ending(first)], beside=True)
        assert recorded.jobs == {first.job_id}
        # the candidate's write does not wait for the grader
        async with asyncio.timeout(5):
            await world.pool.execute(_END, done.session_id)
        settling = asyncio.create_task(
            instant.grade_batch(world.pool, [replace(last, session_status="terminated")], summarise=True)
        )
        await _until_somebody_waits(world.pool)
        await beside.commit()
        await settling
    session = await world.row(done)
    assert (session["final_score"], session["totals_version"]) == (10.0, 1)


async def test_a_persons_score_waits_for_the_grader_that_is_at_it(world: World) -> None:
    done = await world.session(await world.interview(MCQ, MCQ), ["Hash"], status="in_progress")
    async with world.pool.acquire() as conn:
        [work] = await jobs.read_answer_work(conn, list(done.jobs))
    async with world.pool.acquire() as conn, world.pool.acquire() as another:
        beside = conn.transaction()
        await beside.start()
        assert (await results.record(conn, [_ending(work)], beside=True)).jobs == {work.job_id}

        async def score_it() -> None:
            async with another.transaction():
                await sessions.lock_recruiters(another, done.session_id, done.recruiter_id)
                await world.override(another, done.answers[0], 4.0)

        person = asyncio.create_task(score_it())
        await _until_somebody_waits(world.pool)
        await beside.commit()
        await person
    answer = await world.answer(done.answers[0])
    assert (answer["score"], answer["graded_by"]) == (4.0, "person")


@pytest.mark.parametrize("status", ["in_progress", "completed"])
async def test_a_job_that_the_relay_is_still_marking_is_waited_for(world: World, status: str) -> None:
    """Its entry is on the stream before the relay has committed; passed over now, it would lie until the sweeper comes."""
    questions = 2 if status == "in_progress" else 1
    done = await world.session(await world.interview(*[MCQ] * questions), ["B-tree"], status=status)
    async with world.pool.acquire() as conn, world.pool.acquire() as relay:
        [work] = await jobs.read_answer_work(conn, list(done.jobs))
        marking = relay.transaction()
        await marking.start()
        assert len(await outbox.take_jobs(relay, limit=10)) == 1
        grading = asyncio.create_task(instant.grade_batch(world.pool, [work], summarise=False))
        await _until_somebody_waits(world.pool)
        await marking.commit()
        await grading
    assert (await world.job(done.jobs[0]))["state"] == "done"
    assert (await world.answer(done.answers[0]))["score"] == 5.0


async def _until_somebody_waits(pool: Pool) -> None:
    async with asyncio.timeout(10):
        while not await pool.fetchval(_SOMEBODY_WAITS):
            await asyncio.sleep(0.01)


async def _graded(world: World, answers: list[str]) -> Answered:
    done = await world.session(await world.interview(*[MCQ] * len(answers)), answers)
    await _grade(world, done)
    return done


async def _grade(world: World, done: Answered) -> None:
    async with world.pool.acquire() as conn:
        works = await jobs.read_answer_work(conn, list(done.jobs))
    await instant.grade_batch(world.pool, works, summarise=True)


_END = """
UPDATE interview_sessions
SET status = 'terminated', completed_at = clock_timestamp(), question_started_at = NULL, question_deadline = NULL
WHERE id = $1
"""

_SOMEBODY_WAITS = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
"""

_LAST_TOTALS = """
SELECT data FROM stream_events
WHERE session_id = $1 AND type = 'interlock.session.evaluated' ORDER BY id DESC LIMIT 1
"""
