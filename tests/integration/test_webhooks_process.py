"""Webhooks with consumers as processes of their own: killed in the middle, and several at once; and the commands."""

import asyncio
import subprocess
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import orjson
import pytest

from db.pool import Pool
from tests.integration.evaluation import MCQ, World, opened_world, settled
from tests.integration.receiver import answers, hangs, receiving
from tests.integration.subscribing import HERE, happen, running_session, subscribe
from tests.processes import environment


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@asynccontextmanager
async def consumer(world: World) -> AsyncIterator[Process]:
    """Run `interlock consume`; kills it where the block did not end it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "realtime.cli", "consume"),
        cwd="/",
        env=environment(
            INTERLOCK_DATABASE_URL=world.database_url,
            INTERLOCK_REDIS_URL=world.redis_url,
            INTERLOCK_WEBHOOK_PRIVATE_NETWORKS=HERE,
        ),
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_killed_process_loses_nothing_and_repeats_at_most_what_was_on_the_way(world: World) -> None:
    session = await running_session(world)
    never = asyncio.Event()
    async with receiving(answers(204), answers(204), hangs(never)) as receiver:
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        async with consumer(world) as process:
            ids = await happen(world, session, 6)
            await receiver.count(3)  # the third is there, and its answer never comes
            process.kill()
            await process.wait()
        assert (await webhook.row())["lease_until"] is not None
        await world.pool.execute("UPDATE webhooks SET lease_until = clock_timestamp()")  # the time passes
        async with consumer(world):
            await webhook.reached(6)
        never.set()
    assert [delivery.id for delivery in receiver.got] == [*ids[:3], *ids[2:]]
    assert receiver.ids == ids
    bodies = [delivery.body for delivery in receiver.got if delivery.id == ids[2]]
    assert bodies == [bodies[0]] * 2


async def test_a_process_that_ends_in_order_leaves_its_webhooks_to_others_at_once(world: World) -> None:
    session = await running_session(world)
    never = asyncio.Event()
    async with receiving(hangs(never)) as receiver:
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        async with consumer(world) as process:
            ids = await happen(world, session, 2)
            await receiver.count(1)
            process.terminate()
            assert await process.wait() == 0
        assert (await webhook.row())["lease_until"] is None
        async with consumer(world):
            await webhook.reached(2)
        never.set()
    assert [delivery.id for delivery in receiver.got] == [ids[0], *ids]


async def test_one_process_at_a_time_delivers_to_a_webhook(world: World) -> None:
    session, other = await running_session(world), await running_session(world)
    let_go = asyncio.Event()
    async with receiving(hangs(let_go)) as receiver, receiving() as witness:
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await subscribe(world, other.recruiter_id, witness.url)
        async with consumer(world), consumer(world), consumer(world):
            ids = await happen(world, session, 20)
            await receiver.count(1)
            for looks in range(1, 11):  # meanwhile they all look around, again and again
                await happen(world, other)
                await witness.count(looks)
            assert (len(receiver.got), (await webhook.row())["attempt"]) == (1, 1)
            let_go.set()
            ids += await happen(world, session, 180)
            await webhook.reached(210)
    assert [delivery.id for delivery in receiver.got] == ids
    assert receiver.most_at_once == 1


def interlock(world: World, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "realtime.cli", *arguments],
        cwd="/",
        env=environment(INTERLOCK_DATABASE_URL=world.database_url, INTERLOCK_WEBHOOK_PRIVATE_NETWORKS=HERE),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_a_webhook_from_its_making_to_its_end_by_command(world: World) -> None:
    interview_id = await world.interview(MCQ)
    await world.pool.execute("UPDATE users SET email = 'rosa@work.test' WHERE role = 'recruiter'")
    owned = ("--owner", "Rosa@Work.test")
    async with receiving(always=answers(422)) as receiver:
        added = await asyncio.to_thread(interlock, world, "webhook", "add", receiver.url, *owned)
        webhook_id, secret = added.stdout.split()
        assert (added.returncode, secret[:6]) == (0, "whsec_")
        async with world.consuming(webhook_private_networks=HERE):
            done = await world.session(interview_id, ["B-tree"])
            await world.ear().until(settled(done))
            await receiver.count(1)
            assert receiver.got[0].is_signed_with(secret)
            async with asyncio.timeout(60):
                while not await world.pool.fetchval("SELECT count(*) FROM webhook_dead_letters"):
                    await world.pool.execute("UPDATE webhooks SET due_at = clock_timestamp()")
                    await asyncio.sleep(0.05)
            receiver.always = answers(200)
            listed = orjson.loads(
                (await asyncio.to_thread(interlock, world, "webhook", "list", *owned)).stdout
            )
            assert (listed["id"], listed["dead_letters"]) == (webhook_id, 1)
            assert "secret" not in listed
            dead = orjson.loads(
                (await asyncio.to_thread(interlock, world, "webhook", "dead", webhook_id, *owned)).stdout
            )
            assert dead["reason"] == "answered 422"
            asked = await asyncio.to_thread(
                interlock, world, "webhook", "retry", webhook_id, "--event", dead["event_id"], *owned
            )
            assert asked.stdout == "1 will be tried once more\n"
            async with asyncio.timeout(60):
                while await world.pool.fetchval("SELECT count(*) FROM webhook_dead_letters"):
                    await asyncio.sleep(0.05)
        rotated = await asyncio.to_thread(interlock, world, "webhook", "rotate", webhook_id, *owned)
        assert rotated.stdout.startswith("whsec_")
        assert rotated.stdout.strip() != secret
        removed = await asyncio.to_thread(interlock, world, "webhook", "remove", webhook_id, *owned)
        assert removed.stdout == f"removed {webhook_id}\n"
        assert (await asyncio.to_thread(interlock, world, "webhook", "list", *owned)).stdout == ""


async def test_what_cannot_be_done_is_said_in_one_line(world: World) -> None:
    await world.interview(MCQ)
    await world.pool.execute("UPDATE users SET email = 'rosa@work.test' WHERE role = 'recruiter'")
    candidate = await world.user("candidate")
    owned = ("--owner", "rosa@work.test")
    for arguments, said in (
        (("add", "ftp://a.test/", *owned), "must be an http:// or https:// URL"),
        (("add", "https://me:secret@a.test/", *owned), "must not carry a user or password"),
        (("add", "http://10.1.2.3/", *owned), "INTERLOCK_WEBHOOK_PRIVATE_NETWORKS"),
        (("add", "http://[::1]/", *owned), "INTERLOCK_WEBHOOK_PRIVATE_NETWORKS"),
        (("add", "https://a.test/", "--owner", "nobody@work.test"), "No user has the email"),
        (("add", "https://a.test/", "--owner", f"{candidate}@example.test"), "is no recruiter"),
        (("dead", str(uuid4()), *owned), "Not found"),
        (("retry", str(uuid4()), *owned), "Not found"),
        (("rotate", str(uuid4()), *owned), "Not found"),
        (("remove", str(uuid4()), *owned), "Not found"),
    ):
        done = await asyncio.to_thread(interlock, world, "webhook", *arguments)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done
        assert said in done.stderr
    for _ in range(10):
        await subscribe(
            world,
            await world.pool.fetchval("SELECT id FROM users WHERE role = 'recruiter'"),
            "https://a.test/",
        )
    done = await asyncio.to_thread(interlock, world, "webhook", "add", "https://a.test/", *owned)
    assert "At most 10" in done.stderr
    assert interlock(world, "webhook", "remove", "not-an-id", *owned).returncode == 2
