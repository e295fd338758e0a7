"""The public stream as another service sees it: a consumer in Node that was written from the AsyncAPI document alone."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from redis.asyncio import Redis

from realtime.contracts.streams import RESULTS
from tests.bench import peers
from tests.integration.evaluation import consuming
from tests.integration.node import MCQ, Node, Person
from tests.processes import environment

FOLDER = Path(__file__).parent / "consumer_node"
WAIT_SECONDS = 60

Line: TypeAlias = dict[str, Any]


@pytest.fixture(scope="module")
def node_program() -> str:
    """Node, with what the consumer needs installed."""
    program = peers.find_node()
    peers.install(program, FOLDER)
    return program


@dataclass(slots=True)
class Consumer:
    """The example at work."""

    process: Process
    lines: list[Line] = field(default_factory=list)

    async def next(self) -> Line:
        """The next line that it writes; raises AssertionError with its last words where it has ended."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        async with asyncio.timeout(WAIT_SECONDS):
            written = await self.process.stdout.readline()
        assert written, (await self.process.stderr.read()).decode()
        line: Line = json.loads(written)
        self.lines.append(line)
        return line

    async def through(self, *sessions: str) -> list[Line]:
        """All lines until each of these sessions has its totals."""
        left = set(sessions)
        while left:
            line = await self.next()
            if line["type"] == "interlock.session.evaluated":
                left.discard(line["subject"])
        return self.lines


@dataclass(frozen=True, slots=True)
class Place:
    """Where the example runs."""

    node_program: str
    node: Node
    redis_url: str
    state: Path

    @asynccontextmanager
    async def consumer(self) -> AsyncIterator[Consumer]:
        """Run it, and kill it at the end of the block: it is given no chance to save anything."""
        process = await asyncio.create_subprocess_exec(
            *(
                self.node_program,
                str(FOLDER / "consumer.mjs"),
                self.node.url,
                self.redis_url,
                str(self.state),
            ),
            env=environment(),
            stdout=PIPE,
            stderr=PIPE,
        )
        try:
            yield Consumer(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def streamed(self) -> list[tuple[str, str]]:
        """The entries of the stream: their ids, and their events'."""
        async with Redis.from_url(self.redis_url) as redis:
            found: Any = await redis.xrange(RESULTS)
        return [(entry.decode(), json.loads(fields[b"__data__"])["id"]) for entry, fields in found]


@pytest.fixture
async def place(node_program: str, node: Node, redis_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with consuming(node.settings):
        yield Place(node_program, node, redis_url, tmp_path / "state.json")


async def took(node: Node, owner: Person, interview_id: UUID) -> str:
    """Somebody new takes the interview; answers the session's id."""
    candidate = await node.person("candidate")
    await node.invite(owner, interview_id, candidate)
    session_id: str = (await node.start(candidate, interview_id))["id"]
    for index, answer in enumerate(("404", "200")):
        assert (await node.answer(candidate, session_id, index, answer)).status == 200
    return session_id


def of(session_id: str, lines: list[Line]) -> list[Line]:
    """What was heard of one session."""
    return [line for line in lines if line["subject"] == session_id]


async def test_sessions_are_heard_from_their_start_to_their_totals(place: Place, recruiter: Person) -> None:
    interview_id = await place.node.interview(recruiter, MCQ, MCQ)
    async with place.consumer() as consumer:
        sessions = await asyncio.gather(*(took(place.node, recruiter, interview_id) for _ in range(3)))
        lines = await consumer.through(*sessions)
    for session_id in sessions:
        heard = [line["type"].removeprefix("interlock.") for line in of(session_id, lines)]
        assert heard[0] == "session.started"
        assert heard[-1] == "session.evaluated"
        assert sorted(heard[1:-1]) == ["answer.evaluated", "answer.evaluated", "session.ended"]
    assert {line["effect"] for line in lines} == {"applied"}
    assert [(line["entry"], line["id"]) for line in lines] == await place.streamed()


async def test_one_that_was_killed_goes_on_where_it_was_and_misses_nothing(
    place: Place, recruiter: Person
) -> None:
    interview_id = await place.node.interview(recruiter, MCQ, MCQ)
    lines: list[Line] = []
    while_it_was_away: list[str] = []
    for _ in range(3):
        async with place.consumer() as consumer:
            while_it_reads = await took(place.node, recruiter, interview_id)
            lines += await consumer.through(*while_it_was_away, while_it_reads)
        while_it_was_away = [await took(place.node, recruiter, interview_id)]
    async with place.consumer() as consumer:
        lines += await consumer.through(*while_it_was_away)
    assert {line["effect"] for line in lines} == {"applied"}
    assert [(line["entry"], line["id"]) for line in lines] == await place.streamed()


async def test_what_comes_again_has_no_second_effect(place: Place, recruiter: Person) -> None:
    """Its place is lost, what it did is not: everything comes once more."""
    interview_id = await place.node.interview(recruiter, MCQ, MCQ)
    async with place.consumer() as consumer:
        first = await consumer.through(await took(place.node, recruiter, interview_id))
    state = json.loads(place.state.read_text())
    place.state.write_text(json.dumps(state | {"last": "0-0"}))
    async with place.consumer() as consumer:
        again = [await consumer.next() for _ in first]
        later = await took(place.node, recruiter, interview_id)
        await consumer.through(later)
    assert [line["id"] for line in again] == [line["id"] for line in first]
    assert {line["effect"] for line in again} == {"repeated"}
    assert {line["effect"] for line in of(later, consumer.lines)} == {"applied"}


async def test_a_stream_that_redis_lost_comes_back_under_the_same_ids(
    place: Place, recruiter: Person
) -> None:
    interview_id = await place.node.interview(recruiter, MCQ, MCQ)
    async with place.consumer() as consumer:
        await consumer.through(await took(place.node, recruiter, interview_id))
        before = await place.streamed()
        async with Redis.from_url(place.redis_url) as redis:
            await redis.delete(RESULTS)
        lines = await consumer.through(await took(place.node, recruiter, interview_id))
    after = await place.streamed()
    assert after[: len(before)] == before
    assert [(line["entry"], line["id"]) for line in lines] == after


async def test_one_that_was_away_for_too_long_says_so(place: Place, recruiter: Person) -> None:
    interview_id = await place.node.interview(recruiter, MCQ, MCQ)
    async with place.consumer() as consumer:
        await consumer.through(await took(place.node, recruiter, interview_id))
    session_id = await took(place.node, recruiter, interview_id)
    async with Redis.from_url(place.redis_url) as redis:
        while not await _has_ended(redis, session_id):
            await asyncio.sleep(0.02)
        await redis.xtrim(RESULTS, maxlen=1, approximate=False)
    async with place.consumer() as consumer:
        with pytest.raises(AssertionError, match="has been trimmed: read the tables"):
            await consumer.next()


async def _has_ended(redis: Redis, session_id: str) -> bool:
    found: Any = await redis.xrange(RESULTS)
    events = [json.loads(fields[b"__data__"]) for _, fields in found]
    return any(
        event["type"] == "interlock.session.evaluated" and event["subject"] == session_id for event in events
    )
