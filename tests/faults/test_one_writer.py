"""Promise 3: one writer a session, however many want to be it, and whatever happens to the nodes that let them in."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import aiohttp
import pytest

from db.pool import connect
from tests.faults import tables
from tests.faults.checker import faults_of_answers, faults_of_writers
from tests.faults.cluster import LOCK, Cluster, Process
from tests.faults.counts import Counts, Fault
from tests.faults.history import History, Outcome, Sent
from tests.faults.line import Away, Line
from tests.faults.world import Taker, takers

pytestmark = pytest.mark.faults

STOPPED_FOR = 10  # takeovers, while one node is stopped with whatever it was at
QUESTIONS = [600] * 100
REPLY = aiohttp.ClientTimeout(total=3)


class Contest:
    """A session that everybody wants, and what came of it."""

    def __init__(self, product: Cluster, person: Taker, session_id: UUID, rng: Random) -> None:
        self.product, self.person, self.session_id, self.rng = product, person, session_id, rng
        self.history = History()
        self.revisions = count(1)
        self.index = 0
        self.takeovers = 0
        self.joined = asyncio.Condition()

    async def taken(self) -> None:
        """Count a takeover."""
        async with self.joined:
            self.takeovers += 1
            self.joined.notify_all()

    async def until(self, number: int) -> None:
        """Wait for that many takeovers since now."""
        wanted = self.takeovers + number
        async with asyncio.timeout(100), self.joined:
            await self.joined.wait_for(lambda: self.takeovers >= wanted)

    async def contend(self, name: str, http: aiohttp.ClientSession, over: asyncio.Event) -> None:
        """Take the session over, write until somebody else has it, try with the old token all the same, begin again."""
        line, texts = Line(), (f"{name}:{number}" for number in count())
        while not over.is_set():
            try:
                if not line.is_up:
                    line = Line()
                    await line.open(self.rng.choice(self.product.live_nodes).url, self.person.token)
                joined = await line.ask(
                    "join_session", {"session_id": str(self.session_id), "takeover": True}
                )
                if joined["ok"]:
                    await self.taken()
                    await self._write_while_possible(line, http, joined["lock_token"], texts)
            except Away:
                await line.drop()
        await line.drop()

    async def _write_while_possible(
        self, line: Line, http: aiohttp.ClientSession, token: str, texts: Iterator[str]
    ) -> None:
        writes = True
        while writes:
            writes = await self._write(line if self.rng.random() < 0.7 else http, token, next(texts))
        await self._write(http, token, next(texts))  # nobody believes what a line was told last

    async def _write(self, way: Line | aiohttp.ClientSession, token: str, text: str) -> bool:
        """Write a draft or, seldom, an answer; answers whether it was taken."""
        index, submits = self.index, self.rng.random() < 0.05
        body: dict[str, Any] = {"question_index": index, "answer": text, "lock_token": token}
        body |= {"time_expired": False} if submits else {"revision": next(self.revisions)}
        reply: dict[str, Any] = {}
        try:
            if isinstance(way, Line):
                event = "submit_answer" if submits else "save_draft"
                reply = await way.ask(event, body | {"session_id": str(self.session_id)})
            else:
                reply = await self._post(way, body, submits=submits)
        except (Away, aiohttp.ClientError, OSError):
            pass
        uncertain = not reply or reply.get("code") in ("unavailable", "internal_error")
        self._note(body, reply, uncertain=uncertain, way="socket" if isinstance(way, Line) else "http")
        if "next_question_index" in reply:
            self.index = max(self.index, reply["next_question_index"])
        return bool(reply) and "code" not in reply

    async def _post(
        self, http: aiohttp.ClientSession, body: dict[str, Any], *, submits: bool
    ) -> dict[str, Any]:
        node = self.rng.choice(self.product.nodes)
        path = f"{node.url}/api/interviews/{self.session_id}/" + ("answers" if submits else "draft")
        if submits:
            body = body | {"submitted_at": "2026-11-22T10:15:00.123Z"}
        method = "POST" if submits else "PUT"
        async with http.request(
            method, path, json=body, headers=self.person.headers, timeout=REPLY
        ) as response:
            reply: dict[str, Any] = await response.json(content_type=None)
            return reply

    def _note(self, body: dict[str, Any], reply: dict[str, Any], *, uncertain: bool, way: Any) -> None:
        refused = None if uncertain else reply.get("code")
        receipt = reply.get("receipt")
        self.history.add(
            Sent(
                session_id=self.session_id,
                index=body["question_index"],
                what="answer" if "time_expired" in body else "draft",
                text=body["answer"],
                way=way,
                outcome=Outcome.UNKNOWN if uncertain else Outcome.FAILED if refused else Outcome.OK,
                lock_token=body["lock_token"],
                code=refused,
                revision=body.get("revision"),
                answer_id=UUID(receipt["answer_id"]) if receipt else None,
                sha256=receipt["sha256"] if receipt else None,
            )
        )


async def start(product: Cluster, http: aiohttp.ClientSession, limits: list[int]) -> tuple[Taker, UUID]:
    """Start a session."""
    await product.ready()
    (person,) = await takers(product, 1, limits=limits)
    path = f"{product.nodes[0].url}/api/interviews/{person.interview_id}/start"
    async with http.post(path, headers=person.headers) as response:
        return person, UUID((await response.json())["id"])


async def test_only_the_holder_writes(
    product: Cluster, rng: Random, counts: Counts, round_number: int
) -> None:
    frozen = product.tally[Fault.NODE_FROZEN]
    over = asyncio.Event()
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        person, session_id = await start(product, http, QUESTIONS)
        contest = Contest(product, person, session_id, rng)
        for number in range(counts.contenders):
            group.create_task(contest.contend(f"contender-{number}", http, over))
        await contest.until(counts.takeovers // 2)
        stopped = rng.choice(product.nodes)
        stopped.stop()  # what it was at, it will finish when it comes to, with tokens that are old by then
        await contest.until(STOPPED_FOR)
        stopped.resume()
        await contest.until(counts.takeovers // 2)
        over.set()
    stored = await tables.read(product.database_url, [session_id])
    takeovers = sum(1 for act in stored.audit if act.action == "taken_over")  # of a session that was held
    product.tally[Fault.TAKEOVER] += takeovers
    refused = contest.history.count(Outcome.FAILED, what="draft")
    print(
        f"{takeovers} takeovers by {counts.contenders} contenders, {len(stored.writes)} writes,"
        f" {refused} drafts refused"
    )
    faults = [*faults_of_writers(contest.history, stored), *faults_of_answers(contest.history, stored)]
    assert not faults, "\n".join(faults)
    assert takeovers >= counts.takeovers
    assert product.tally[Fault.NODE_FROZEN] == frozen + 1
    assert len(stored.writes) > takeovers / 2
    assert refused > 0, "nobody ever wrote with an old token: nothing was proved"


# --- who holds it when the database was away ---


@asynccontextmanager
async def held(product: Cluster, node: Process) -> AsyncIterator[tuple[Taker, UUID, Line]]:
    """A session that is held by a line to `node`."""
    async with aiohttp.ClientSession() as http:
        person, session_id = await start(product, http, [600])
    line = Line()
    await line.open(node.url, person.token)
    joined = await line.ask("join_session", {"session_id": str(session_id)})
    assert joined["ok"], joined
    yield person, session_id, line
    await line.drop()


async def holder(product: Cluster, session_id: UUID) -> UUID | None:
    conn = await connect(product.database_url)
    try:
        node: UUID | None = await conn.fetchval(
            "SELECT holder_node FROM interview_sessions WHERE id = $1", session_id
        )
        return node
    finally:
        await conn.close()


async def test_a_lock_is_freed_though_the_database_was_away_when_its_holder_left(product: Cluster) -> None:
    async with held(product, product.nodes[1]) as (_, session_id, line):
        product.stop_postgres()
        await line.close()
        product.start_postgres()
        async with asyncio.timeout(10):
            while await holder(product, session_id) is not None:
                await asyncio.sleep(0.1)


async def test_live_holders_keep_their_locks_though_the_database_was_away_for_longer_than_a_lease(
    product: Cluster,
) -> None:
    async with held(product, product.nodes[0]) as one, held(product, product.nodes[1]) as two:
        product.stop_postgres()
        await asyncio.sleep(1.5 * LOCK.total_seconds())
        product.start_postgres()
        await product.ready()
        await asyncio.sleep(
            3
        )  # every node has renewed its lease, let go of dead nodes' sessions, and compared
        for person, session_id, line in (one, two):
            assert line.is_up
            assert (await second_tab(product, person, session_id))["code"] == "locked_elsewhere"


async def test_a_node_that_comes_to_has_its_sessions_again(product: Cluster) -> None:
    node = product.nodes[1]
    async with held(product, node) as (person, session_id, line):
        node.stop()
        async with asyncio.timeout(2 * LOCK.total_seconds() + 5):
            while await holder(product, session_id) is not None:
                await asyncio.sleep(0.1)
        node.resume()
        async with asyncio.timeout(10):
            while await holder(product, session_id) is None:
                await asyncio.sleep(0.1)
        assert line.is_up
        assert (await second_tab(product, person, session_id))["code"] == "locked_elsewhere"


async def second_tab(product: Cluster, person: Taker, session_id: UUID) -> dict[str, Any]:
    """What another tab is told that neither resumes nor takes over."""
    tab = Line()
    await tab.open(product.nodes[0].url, person.token)
    try:
        return await tab.ask("join_session", {"session_id": str(session_id)})
    finally:
        await tab.drop()
