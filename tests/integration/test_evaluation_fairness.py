"""Fair between interviews, and nothing that stays behind: crowds in the queue, crowds for the sweeper, claims between two passes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from consumers import slots
from db import jobs, outbox
from db.pool import Pool
from realtime.contracts.streams import JOBS, SUMMARIES
from realtime.relay import LOST_AFTER
from tests import ai_server
from tests.ai_server import AiServer
from tests.integration.evaluation import ALREADY_OVER, MCQ, OPEN, Answered, World, opened_world, settled

CROWD, LONG_CROWD = 12_000, 50_000  # more than a queue holds
AT_ONCE = 4
SLOTS = AT_ONCE + 1  # with `ai_concurrency=4`: one more reads and records while four ask


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


async def test_a_crowd_in_one_interview_makes_no_other_wait(world: World, ai: AiServer, long: bool) -> None:
    """Though it fills the queue: once each slot has taken another job, the newcomer's is among them."""
    go_on = asyncio.Event()
    ai.otherwise = ai_server.honest_after(go_on)
    crowd = LONG_CROWD if long else CROWD
    assert crowd > slots.QUEUE_LIMIT
    first = await world.session(await world.interview(OPEN), ["Crowd."])
    await add_sessions(world, first, crowd)
    async with world.consuming(ai, ai_concurrency=AT_ONCE, ai_timeout_seconds=120):
        await everything_read(world)
        newcomer = await world.session(await world.interview(OPEN), ["Alone."])
        await everything_read(world)
        await is_taken_within_a_turn(world, ai, newcomer, go_on)
        await world.ear().until(settled(newcomer))
    assert len([asked for asked in ai.asked if "Alone." in asked.user]) == 1


async def test_who_comes_later_takes_of_what_waits_elsewhere(world: World, ai: AiServer) -> None:
    """Long before the sweeper would ask for it again; and nobody is asked about an answer twice."""
    go_on = asyncio.Event()
    ai.otherwise = ai_server.honest_after(go_on)
    first = await world.session(await world.interview(OPEN), ["Prose."])
    await add_sessions(world, first, 19)
    async with world.consuming(ai, ai_concurrency=4, ai_timeout_seconds=120):
        await everything_read(world)
        await ai.until(lambda server: server.in_flight == 4)
        async with world.consuming(ai, ai_concurrency=4, ai_timeout_seconds=120):
            await ai.until(lambda server: server.in_flight == 8)
            go_on.set()
            async with asyncio.timeout(60):
                while await world.pool.fetchval("SELECT EXISTS(SELECT FROM jobs WHERE state <> 'done')"):
                    await asyncio.sleep(0.02)
    assert len([asked for asked in ai.asked if asked.criteria]) == 20


async def test_texts_of_one_interview_make_no_other_wait(world: World, ai: AiServer) -> None:
    go_on = asyncio.Event()
    ai.otherwise = ai_server.honest_after(go_on)
    busy = await world.interview(MCQ)
    crowd = [await world.session(busy, ["B-tree"]) for _ in range(30)]
    async with world.consuming(ai, ai_concurrency=1, ai_timeout_seconds=120), asyncio.timeout(60):
        while await texts_asked_for(world) < len(crowd):
            await asyncio.sleep(0.02)
        alone = await world.session(await world.interview(MCQ), ["B-tree"])
        while await texts_asked_for(world) == len(crowd):
            await asyncio.sleep(0.02)
        await everything_read(world)
        go_on.set()
        while not (await world.row(alone))["ai_summary"]:
            await asyncio.sleep(0.01)
        before = [done for done in crowd if (await world.row(done))["ai_summary"]]
    assert len(before) < 10


async def test_the_sweeper_asks_for_a_crowd_bit_by_bit_and_for_everybody_elses_at_once(world: World) -> None:
    first = await world.session(await world.interview(OPEN), ["Crowd."])
    await add_sessions(world, first, 300)
    other = await world.session(await world.interview(OPEN), ["Alone."])
    await world.pool.execute("UPDATE jobs SET published_at = clock_timestamp() - interval '31 s'")
    await world.pool.execute(
        "UPDATE jobs SET published_at = published_at + interval '0.5 s' WHERE id = $1", other.jobs[0]
    )
    async with world.pool.acquire() as conn:
        assert await outbox.sweep_jobs(conn, older_than=LOST_AFTER, at_most=100) == 101
        assert (await world.job(other.jobs[0]))["published_at"] is None
        assert len(await outbox.take_jobs(conn, limit=500)) == 101
        assert await outbox.sweep_jobs(conn, older_than=LOST_AFTER, at_most=100) == 0, "they were asked for"
        await conn.execute(
            "UPDATE jobs SET state = 'done' WHERE published_at > clock_timestamp() - interval '5 s'"
        )
        assert await outbox.sweep_jobs(conn, older_than=LOST_AFTER, at_most=100) == 100


async def test_a_job_claimed_before_it_was_published_again_is_swept_too(world: World) -> None:
    """Its first entry was late, and who claimed it by that died: nobody else has a word of it."""
    done = await world.session(await world.interview(OPEN), ["Prose."])
    async with world.pool.acquire() as conn:
        assert await jobs.claim(conn, done.jobs[0], lease=ALREADY_OVER) is not None
        await conn.execute("UPDATE jobs SET published_at = published_at - interval '31 s'")
        assert await outbox.take_jobs(conn, limit=500) == []
        assert await outbox.sweep_jobs(conn, older_than=LOST_AFTER, at_most=100) == 1
        assert [job.job_id for job in await outbox.take_jobs(conn, limit=500)] == [done.jobs[0]]


async def add_sessions(world: World, like: Answered, count: int) -> None:
    """As many more sessions with one answer each, and a job for it, as this one."""
    await world.pool.execute(_MORE, like.session_id, count)


async def is_taken_within_a_turn(
    world: World, ai: AiServer, newcomer: Answered, go_on: asyncio.Event
) -> None:
    """Let what is being asked be answered: when each slot has taken another job, the newcomer's must be among them.

    Who is asked about first tells nothing: each slot claims and reads by itself, and the requests may overtake each other.
    """
    await ai.until(lambda server: server.in_flight == AT_ONCE)
    later = asyncio.Event()
    ai.otherwise = ai_server.honest_after(later)
    done = AT_ONCE + await jobs_in(world, "done")
    go_on.set()
    async with asyncio.timeout(60):
        while await jobs_in(world, "done") < done or await jobs_in(world, "running") < SLOTS:
            await asyncio.sleep(0.02)
    assert (await world.job(newcomer.jobs[0]))["state"] == "running", "not within one turn of each slot"
    later.set()


async def jobs_in(world: World, state: str) -> int:
    """How many jobs are in this state."""
    count: int = await world.pool.fetchval("SELECT count(*) FROM jobs WHERE state = $1", state)
    return count


async def texts_asked_for(world: World) -> int:
    count: int = await world.pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'summary'")
    return count


async def everything_read(world: World) -> None:
    """Wait until every job is published, and every entry read and acknowledged."""
    async with asyncio.timeout(60):
        while await world.pool.fetchval("SELECT EXISTS(SELECT FROM jobs WHERE published_at IS NULL)") or any(
            [await left(world, stream) for stream in (JOBS, SUMMARIES)]
        ):
            await asyncio.sleep(0.02)


async def left(world: World, stream: str) -> int:
    [group] = await world.redis.xinfo_groups(stream)
    return int(group["lag"]) + int(group["pending"])


_MORE = """
WITH first AS (SELECT * FROM interview_sessions WHERE id = $1),
made AS (
    INSERT INTO interview_sessions (
        id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt, pacing,
        extra_time_percent, question_count, max_score, status, started_at, completed_at, current_question_index,
        last_activity_at
    )
    SELECT
        gen_random_uuid(), user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, 1 + n, pacing,
        extra_time_percent, question_count, max_score, status, started_at, completed_at, current_question_index,
        last_activity_at
    FROM first, generate_series(1, $2) AS n
    RETURNING id
),
answered AS (
    INSERT INTO answers (id, session_id, question_id, question_index, answer_text, how, sha256, submitted_at, time_taken)
    SELECT gen_random_uuid(), made.id, a.question_id, 0, a.answer_text, a.how, a.sha256, a.submitted_at, a.time_taken
    FROM made, answers a WHERE a.session_id = $1
    RETURNING id, session_id
)
INSERT INTO jobs (id, kind, session_id, answer_id, grading_version)
SELECT gen_random_uuid(), 'answer', session_id, id, 1 FROM answered
"""
