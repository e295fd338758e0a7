"""`interlock replay`: the whole of what was asked for, in order and with the same ids, or an error."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from db.pool import Pool
from realtime.contracts.streams import BODY_FIELD, RESULTS
from tests.integration.evaluation import Answered, World, opened_world
from tests.integration.subscribing import delivering, happen, numbered, running_session
from tests.processes import environment

COUNT = 12


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
async def sessions(world: World) -> tuple[Answered, Answered]:
    """Two sessions whose events alternate, published a minute apart: positions 1 to 12, at 10:01 to 10:12."""
    both = (await running_session(world), await running_session(world))
    async with delivering(world):
        for index in range(COUNT):
            await happen(world, both[index % 2])
        await numbered(world, COUNT)
        while await world.redis.xlen(RESULTS) < COUNT:
            await asyncio.sleep(0.02)
    await world.pool.execute(
        "UPDATE stream_events SET occurred_at = '2026-11-22T10:00:00Z'::timestamptz + position * interval '1 minute'"
    )
    return both


async def replay(world: World, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command to its end."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-P", "-m", "realtime.cli", "replay", *arguments],
        cwd="/",
        env=environment(INTERLOCK_DATABASE_URL=world.database_url, INTERLOCK_REDIS_URL=world.redis_url),
        capture_output=True,
        timeout=60,
        check=False,
    )


async def replayed(world: World, *arguments: str) -> list[int]:
    """The positions of what the command writes to stdout, found by the events' ids."""
    done = await replay(world, *arguments)
    assert done.returncode == 0, done.stderr
    ids = [orjson.loads(line)["id"] for line in done.stdout.splitlines()]
    rows = await world.pool.fetch("SELECT event_id::text AS id, position FROM stream_events")
    positions = {row["id"]: row["position"] for row in rows}
    return [positions[event_id] for event_id in ids]


async def entries(world: World, stream: str) -> list[tuple[bytes, bytes]]:
    """What a stream holds."""
    found: Any = await world.redis.xrange(stream)
    return [(entry_id, fields[BODY_FIELD.encode()]) for entry_id, fields in found]


async def test_where_to_begin_and_where_to_end(world: World, sessions: tuple[Answered, Answered]) -> None:
    whole = list(range(1, COUNT + 1))
    installed_ms = await world.pool.fetchval("SELECT installed_ms FROM stream_positions")
    fifth = await world.pool.fetchval("SELECT event_id FROM stream_events WHERE position = 5")
    assert await replayed(world, "--after", "0") == whole
    assert await replayed(world, "--after", "0-0") == whole
    assert await replayed(world, "--after", f"{installed_ms}-5") == whole[5:]
    assert await replayed(world, "--after", str(COUNT)) == []
    assert await replayed(world, "--after-event", str(fifth)) == whole[5:]
    assert await replayed(world, "--since", "2026-11-22T10:05:00Z") == whole[4:]
    assert await replayed(world, "--since", "2026-11-22T10:05:00.001Z") == whole[5:]
    assert await replayed(world, "--since", "2026-11-23") == []
    assert await replayed(world, "--after", "2", "--until", "2026-11-22T10:05:00Z") == [3, 4, 5]
    assert await replayed(world, "--after", "9", "--until", "2026-11-22T10:05:00Z") == []
    assert await replayed(world, "--after", "0", "--session", str(sessions[1].session_id)) == whole[1::2]


async def test_what_is_written_is_what_the_stream_carries(
    world: World, sessions: tuple[Answered, Answered]
) -> None:
    await world.redis.delete(RESULTS)
    async with delivering(world):  # refilled, for the times were changed
        while await world.redis.xlen(RESULTS) < COUNT:
            await asyncio.sleep(0.02)
    done = await replay(world, "--after", "0")
    assert done.stdout.splitlines() == [body for _, body in await entries(world, RESULTS)]
    assert done.stderr.decode().startswith(f"{COUNT} events; go on after ")

    done = await replay(world, "--after", "0", "--until", "2026-11-22T10:05:00Z", "--to-stream", "mine")
    assert (done.returncode, done.stdout) == (0, b"")
    assert await entries(world, "mine") == (await entries(world, RESULTS))[:5]
    last = (await entries(world, "mine"))[-1][0].decode()
    assert f"go on after {last} of the public stream" in done.stderr.decode()

    refused = await replay(world, "--after", "0", "--to-stream", "mine")
    assert refused.returncode == 1
    assert f"go on with --after {last}" in refused.stderr.decode()
    assert (await replay(world, "--after", last, "--to-stream", "mine")).returncode == 0
    assert await entries(world, "mine") == await entries(world, RESULTS)

    await world.redis.set("text", "x")
    assert b"is no stream" in (await replay(world, "--after", "0", "--to-stream", "text")).stderr


@pytest.mark.parametrize(
    "begin",
    [
        ("--after", "3"),
        ("--after", "0", "--until", "2026-11-22T10:02:00Z"),
        ("--since", "2026-11-22T10:04:00Z"),
        ("--since", "2026-11-22T10:05:30Z"),
        ("--after-event", "the third"),
    ],
)
async def test_pruned_history_is_an_error_and_never_a_partial_list(
    world: World, sessions: tuple[Answered, Answered], begin: tuple[str, ...]
) -> None:
    third = await world.pool.fetchval("SELECT event_id FROM stream_events WHERE position = 3")
    await world.pool.execute("DELETE FROM stream_events WHERE position <= 4")
    done = await replay(world, *(str(third) if part == "the third" else part for part in begin))
    assert (done.returncode, done.stdout) == (1, b"")
    [line] = done.stderr.decode().splitlines()
    assert "what is left begins at position 5" in line
    assert "go on after position 4" in line
    assert await replayed(world, "--after", "4") == list(range(5, COUNT + 1))
    assert await replayed(world, "--since", "2026-11-22T10:06:00Z") == list(range(6, COUNT + 1))


async def test_a_hole_in_history_is_an_error_too(world: World, sessions: tuple[Answered, Answered]) -> None:
    await world.pool.execute("DELETE FROM stream_events WHERE position = 7")
    for begin in (("--after", "2"), ("--after", "2", "--until", "2026-11-22T10:04:00Z")):
        done = await replay(world, *begin)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"1 of 10 are gone" in done.stderr
    assert await replayed(world, "--after", "7") == list(range(8, COUNT + 1))


async def test_when_everything_is_pruned_nothing_is_said_to_be_nothing(
    world: World, sessions: tuple[Answered, Answered]
) -> None:
    await world.pool.execute("DELETE FROM stream_events")
    for begin in (("--after", "0"), ("--since", "2026-11-22T10:06:00Z"), ("--after", str(COUNT - 1))):
        done = await replay(world, *begin)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"nothing is left" in done.stderr
    assert await replayed(world, "--after", str(COUNT)) == []


async def test_more_than_a_page(world: World) -> None:
    session = await running_session(world)
    async with delivering(world):
        ids = await happen(world, session, 1_203)
        await numbered(world, 1_203)
    done = await replay(world, "--after", "0")
    assert [orjson.loads(line)["id"] for line in done.stdout.splitlines()] == ids


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "exactly one of"),
        (("--after", "1", "--since", "2026-11-22"), 2, "exactly one of"),
        (("--after", "five"), 2, "is no position"),
        (("--since", "yesterday"), 2, "does not match"),
        (("--after", "0", "--to-stream", RESULTS), 2, "must not begin with interlock."),
        (("--after", "99"), 1, "position 99 was never given: the last one is 12"),
        (("--after", "7-3"), 1, "is of another numbering"),
        (("--after-event", "00000000-0000-0000-0000-000000000000"), 1, "there is no event"),
    ],
)
async def test_what_cannot_be_replayed_is_said(
    world: World, sessions: tuple[Answered, Answered], arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = await replay(world, *arguments)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in " ".join(done.stderr.decode().split())
