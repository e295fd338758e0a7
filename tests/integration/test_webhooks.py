"""Webhooks: real receivers on 127.0.0.1 that take, fail, hang, redirect and refuse."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from consumers import posting
from consumers.webhooks import MOST_REFUSED, MOST_UNWELL
from db.pool import Pool
from realtime.usecases import webhooks
from tests.integration.evaluation import MCQ, WAIT_SECONDS, World, opened_world, settled
from tests.integration.receiver import answers, hangs, receiving
from tests.integration.subscribing import delivering, happen, numbered, running_session, subscribe


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


async def test_a_receiver_gets_what_the_stream_has_signed_and_in_order(world: World) -> None:
    interview_id = await world.interview(MCQ, MCQ)
    owner_id = await world.pool.fetchval("SELECT created_by FROM interviews WHERE id = $1", interview_id)
    async with receiving() as receiver:
        webhook = await subscribe(world, owner_id, receiver.url)
        async with delivering(world):
            done = await world.session(interview_id, ["B-tree", "Hash"])
            streamed = await world.ear().until(settled(done))
            got = await receiver.count(len(streamed))
    assert [delivery.event for delivery in got] == streamed
    assert {event["type"] for event in streamed} == {
        "interlock.answer.evaluated",
        "interlock.session.evaluated",
    }
    for delivery in got:
        assert delivery.headers["content-type"] == "application/cloudevents+json"
        assert delivery.id == delivery.event["id"]
        assert delivery.is_signed_with(webhook.secret)
        assert not delivery.is_signed_with("whsec_" + "A" * 44)


async def test_a_webhook_hears_only_of_its_owners_interviews_and_only_from_now_on(world: World) -> None:
    ours, theirs = await running_session(world), await running_session(world)
    async with receiving() as receiver, delivering(world):
        await happen(world, ours)
        await numbered(world, 1)
        await subscribe(world, ours.recruiter_id, receiver.url)
        await happen(world, theirs, 3)
        first = await happen(world, ours)
        await happen(world, theirs, 3)
        last = await happen(world, ours, 2)
        await receiver.count(3)
    assert receiver.ids == first + last


async def test_what_fails_is_sent_again_with_the_same_id_before_anything_later(world: World) -> None:
    session = await running_session(world)
    async with receiving(answers(500), answers(503)) as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        ids = await happen(world, session, 3)
        for failures in (1, 2):
            row = await webhook.failed(failures)
            assert row["last_error"].startswith("answered 50")
            await webhook.is_due()
        await receiver.count(5)
        row = await webhook.reached(3)
    assert [delivery.id for delivery in receiver.got] == [ids[0], ids[0], *ids]
    assert (row["failures"], row["failing_since"], row["last_error"]) == (0, None, None)


async def test_retry_after_is_honoured(world: World) -> None:
    session = await running_session(world)
    async with receiving(answers(429, Retry_After="1800")) as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await happen(world, session)
        await webhook.failed(1)
        wait = await world.pool.fetchval("SELECT due_at - clock_timestamp() FROM webhooks")
    assert (
        timedelta(seconds=1700) < wait < timedelta(seconds=2000)
    )  # by the database's clock, with its jitter
    assert len(receiver.got) == 1


async def test_a_receiver_that_hangs_delays_neither_others_nor_grading(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 600.0)  # nobody is to be saved by its end
    let_go = asyncio.Event()
    slow, other = await running_session(world), await running_session(world)
    async with receiving(always=hangs(let_go)) as hanging, receiving() as well, delivering(world):
        await subscribe(world, slow.recruiter_id, hanging.url)
        await happen(world, slow, 3)
        await hanging.count(1)
        await subscribe(world, other.recruiter_id, well.url)
        ids = await happen(world, other, 5)
        await well.count(5)
        done = await world.session(await world.interview(MCQ), ["B-tree"])
        await world.ear().until(settled(done))
        assert len(hanging.got) == 1
        let_go.set()
    assert well.ids == ids


async def test_a_receiver_that_hangs_has_not_taken_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.2)
    let_go = asyncio.Event()
    session = await running_session(world)
    async with receiving(hangs(let_go)) as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        ids = await happen(world, session, 2)
        row = await webhook.failed(1)
        assert row["last_error"] == "did not answer within 0.2 s"
        await webhook.is_due()
        await webhook.reached(2)
        let_go.set()
    assert [delivery.id for delivery in receiver.got] == [ids[0], *ids]


async def test_an_event_that_is_refused_is_given_up_on_and_can_be_tried_again(world: World) -> None:
    session = await running_session(world)
    refusals = [answers(422)] * MOST_REFUSED
    async with receiving(*refusals) as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        refused, taken = await happen(world, session, 2)
        for failures in range(1, MOST_REFUSED):
            await webhook.failed(failures)
            await webhook.is_due()
        await webhook.reached(2)
        [letter] = await webhook.dead()
        assert (str(letter.event_id), letter.attempts, letter.reason) == (
            refused,
            MOST_REFUSED,
            "answered 422",
        )
        assert [delivery.id for delivery in receiver.got] == [refused] * MOST_REFUSED + [taken]

        receiver.will.append(answers(422))
        assert await webhook.retry() == 1
        await receiver.count(MOST_REFUSED + 2)
        async with asyncio.timeout(10):
            while (letter := (await webhook.dead())[0]).retry_asked_at is not None:
                await asyncio.sleep(0.02)
        assert letter.attempts == MOST_REFUSED + 1

        assert await webhook.retry(letter.event_id) == 1
        await receiver.count(MOST_REFUSED + 3)
        async with asyncio.timeout(10):
            while await webhook.dead():
                await asyncio.sleep(0.02)
    assert receiver.got[-1].body == receiver.got[0].body


async def test_a_receiver_that_is_not_well_is_given_more_time_than_one_that_refuses(world: World) -> None:
    session = await running_session(world)
    async with receiving(answers(500)) as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await world.pool.execute("UPDATE webhooks SET failures = $1", MOST_REFUSED)
        await happen(world, session)
        row = await webhook.failed(MOST_REFUSED + 1)
        assert await webhook.dead() == []
        await world.pool.execute("UPDATE webhooks SET failures = $1", MOST_UNWELL - 1)
        receiver.will.append(answers(500))
        await webhook.is_due()
        row = await webhook.reached(1)
        assert row["failing_since"] is not None
        assert [letter.attempts for letter in await webhook.dead()] == [MOST_UNWELL]


async def test_redirects_are_not_followed(world: World) -> None:
    session = await running_session(world)
    async with (
        receiving() as elsewhere,
        receiving(answers(302, Location=elsewhere.url)) as receiver,
        delivering(world),
    ):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await happen(world, session)
        row = await webhook.failed(1)
    assert "redirects are not followed" in row["last_error"]
    assert elsewhere.got == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"])
async def test_a_private_address_is_not_connected_to_unless_it_is_listed(world: World, host: str) -> None:
    session = await running_session(world)
    async with receiving() as receiver:
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await world.pool.execute("UPDATE webhooks SET url = $1", receiver.url.replace("127.0.0.1", host))
        async with world.consuming():
            await happen(world, session)
            row = await webhook.failed(1)
    assert "INTERLOCK_WEBHOOK_PRIVATE_NETWORKS" in row["last_error"]
    assert receiver.got == []


async def test_nothing_listens_and_no_such_name_are_failures_like_others(world: World) -> None:
    session = await running_session(world)
    async with delivering(world):
        webhook = await subscribe(world, session.recruiter_id, "http://127.0.0.1:1/")
        await happen(world, session)
        await webhook.failed(1)
        for failures, url in enumerate(
            ("http://nowhere.invalid/", "http://a..b/", f"http://{'x' * 70}.test/"), 2
        ):
            await world.pool.execute("UPDATE webhooks SET url = $1", url)
            await webhook.is_due()
            row = await webhook.failed(failures)
            assert row["last_error"]


async def test_an_answer_that_is_no_http_is_a_failure_like_others(world: World) -> None:
    session = await running_session(world)

    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 \x00\xff\x1b[31m nonsense\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server, delivering(world):
        port = server.sockets[0].getsockname()[1]
        webhook = await subscribe(world, session.recruiter_id, f"http://127.0.0.1:{port}/?key=canary")
        await happen(world, session)
        row = await webhook.failed(1)
    assert row["last_error"].startswith("the answer is no HTTP")
    assert row["last_error"].isprintable()
    assert "canary" not in row["last_error"]


async def test_names_that_are_never_found_delay_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked, let_go = socket.getaddrinfo, threading.Semaphore(0), threading.Event()

    def look_up(host: str, *rest: Any, **more: Any) -> Any:
        if host.endswith(".slow.test"):
            asked.release()
            let_go.wait()
        return found(host, *rest, **more)

    monkeypatch.setattr(posting, "ANSWER_SECONDS", 600.0)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    slow = [await running_session(world) for _ in range(2)]
    other = await running_session(world)
    async with receiving() as receiver, delivering(world):
        for number in range(20):
            await subscribe(world, slow[number % 2].recruiter_id, f"http://{number}.slow.test/")
        for session in slow:
            await happen(world, session)
        for _ in range(20):
            assert await asyncio.to_thread(asked.acquire, timeout=WAIT_SECONDS)
        await subscribe(world, other.recruiter_id, receiver.url.replace("127.0.0.1", "localhost"))
        ids = await happen(world, other, 3)
        await receiver.count(3)
        let_go.set()
    assert receiver.ids == ids


async def test_a_rotated_secret_signs_beside_the_old_one_for_a_while(world: World) -> None:
    session = await running_session(world)
    async with receiving() as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        async with world.pool.acquire() as conn:
            rotated = await webhooks.rotate(conn, owner_id=session.recruiter_id, webhook_id=webhook.id)
        await happen(world, session)
        await receiver.count(1)
        await webhook.reached(1)
        await world.pool.execute("UPDATE webhooks SET previous_until = clock_timestamp()")
        await happen(world, session)
        await receiver.count(2)
    assert [
        [delivery.is_signed_with(secret) for secret in (webhook.secret, rotated.secret)]
        for delivery in receiver.got
    ] == [[True, True], [False, True]]


async def test_what_was_pruned_before_it_could_be_delivered_is_told(world: World) -> None:
    session = await running_session(world)
    async with receiving(answers(500)) as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await happen(world, session, 4)
        await webhook.failed(1)
        last = await world.pool.fetchval("SELECT event_id FROM stream_events WHERE position = 4")
        await world.pool.execute("DELETE FROM stream_events WHERE position <= 3")
        await webhook.is_due()
        row = await webhook.reached(4)
    assert (row["missed_until"], row["missed_at"] is not None) == (3, True)
    assert receiver.got[-1].id == str(last)


async def test_a_removed_webhook_is_told_nothing_more(world: World) -> None:
    session = await running_session(world)
    let_go = asyncio.Event()
    async with receiving(hangs(let_go)) as receiver, receiving() as witness, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await happen(world, session, 2)
        await receiver.count(1)
        async with world.pool.acquire() as conn:
            await webhooks.remove(conn, owner_id=session.recruiter_id, webhook_id=webhook.id)
        let_go.set()
        await subscribe(world, session.recruiter_id, witness.url)
        await happen(world, session, 2)
        await witness.count(2)
    assert len(receiver.got) == 1


async def test_an_answer_without_end_is_not_read(world: World) -> None:
    session = await running_session(world)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000
            await asyncio.sleep(0.01)

    async def talk(_: object) -> web.Response:
        return web.Response(body=endless())

    async with receiving(talk) as receiver, delivering(world):
        webhook = await subscribe(world, session.recruiter_id, receiver.url)
        await happen(world, session, 2)
        await webhook.reached(2)
    assert len(receiver.got) == 2
