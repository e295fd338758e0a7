"""Promise 2: each question closes once and on time, whichever nodes are killed, stopped, or wrong about the time."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random
from typing import Any
from uuid import UUID

import aiohttp
import pytest

from db.pool import Connection, connect
from realtime.usecases.expire import OTHERS_WAIT
from tests.faults import tables, wrong_clock
from tests.faults.checker import Lateness, faults_of_answers, faults_of_clocks
from tests.faults.cluster import GRACE, Cluster, Process
from tests.faults.counts import Counts, Fault, Tally, summary
from tests.faults.history import History, Outcome, Sent
from tests.faults.line import Away, Line
from tests.faults.world import Taker, takers

pytestmark = pytest.mark.faults

AT_MOST = timedelta(seconds=2)
SITTERS = 40
BEHAVIOURS = [
    "silent",
    *["types"] * 2,
    "vanishes",
    *["at the last moment"] * 2,
    *["a moment too late"] * 4,
]
LIMIT_SECONDS = 5
SHORTLY = timedelta(seconds=1)  # before the first closes: the leases of who holds the sessions still run then
WRONG_BY = 300  # seconds
REPLY = aiohttp.ClientTimeout(total=10)


class Sitter:
    """A candidate who lets questions run out, or answers at the last moment, or is gone."""

    def __init__(self, taker: Taker, product: Cluster, http: aiohttp.ClientSession, history: History) -> None:
        self.taker, self.product, self.http, self.history = taker, product, http, history
        self.line = Line()
        self.lock_token: str | None = None
        self.session: dict[str, Any] = {}

    @property
    def due(self) -> datetime:
        """When the server closes the first question."""
        return datetime.fromisoformat(self.session["question_deadline"]) + GRACE

    async def begin(self, node: Process) -> None:
        """Start and join."""
        reply = await self._call("POST", node, f"/api/interviews/{self.taker.interview_id}/start")
        self.session = reply
        await self.line.open(node.url, self.taker.token)
        joined = await self.line.ask("join_session", {"session_id": self.session["id"]})
        self.lock_token = joined["lock_token"]

    async def sit(self, rng: Random) -> None:
        """Do something about the first question, then leave it to the clock."""
        match rng.choice(BEHAVIOURS):
            case "types":
                await self._type()
            case "vanishes":
                await self._type()
                await self.line.drop()
            case "at the last moment":
                await self._submit_at(timedelta(seconds=rng.uniform(-0.5, 0.1)), rng)
            case (
                "a moment too late"
            ):  # while the nodes that do not hold the session still wait for the one that does
                await self._submit_at(OTHERS_WAIT * rng.uniform(0.1, 0.9), rng)

    async def _submit_at(self, after: timedelta, rng: Random) -> None:
        await asyncio.sleep((self.due + after - datetime.now(UTC)).total_seconds())
        await self._submit(rng)

    async def _type(self) -> None:
        text = f"typed by {self.taker.user_id}"
        body = {"question_index": 0, "revision": 1, "answer": text}
        try:
            sent = body | {"session_id": self.session["id"], "lock_token": self.lock_token}
            reply = await self.line.ask("save_draft", sent)
            outcome = Outcome.OK if reply["ok"] else Outcome.FAILED
        except Away:
            outcome = Outcome.UNKNOWN
        self._note("draft", text, outcome, {}, revision=1)

    async def _submit(self, rng: Random) -> None:
        text = f"submitted by {self.taker.user_id}"
        body = {
            "question_index": 0,
            "answer": text,
            "submitted_at": self.session["started_at"],
            "time_expired": False,
            "lock_token": self.lock_token,
        }
        path = f"/api/interviews/{self.session['id']}/answers"
        node = rng.choice(self.product.live_nodes)
        try:
            reply = await self._call("POST", node, path, body)
            refused = reply.get("code")
            outcome = Outcome.OK if refused is None else Outcome.FAILED
        except (aiohttp.ClientError, OSError):
            reply, outcome = {}, Outcome.UNKNOWN
        self._note("answer", text, outcome, reply.get("receipt", {}))

    def _note(
        self, what: Any, text: str, outcome: Outcome, receipt: dict[str, Any], revision: int | None = None
    ) -> None:
        self.history.add(
            Sent(
                session_id=UUID(self.session["id"]),
                index=0,
                what=what,
                text=text,
                way="http" if what == "answer" else "socket",
                outcome=outcome,
                revision=revision,
                answer_id=UUID(receipt["answer_id"]) if receipt else None,
                sha256=receipt.get("sha256"),
            )
        )

    async def _call(self, method: str, node: Process, path: str, body: Any = None) -> dict[str, Any]:
        async with self.http.request(
            method, node.url + path, json=body, headers=self.taker.headers, timeout=REPLY
        ) as response:
            reply: dict[str, Any] = await response.json(content_type=None)
            return reply


async def test_questions_close_once_and_on_time(
    product: Cluster, rng: Random, counts: Counts, round_number: int
) -> None:
    by, tally = WRONG_BY if round_number % 2 == 0 else -WRONG_BY, product.tally.copy()
    questions = counts.frozen_seconds // LIMIT_SECONDS + 1
    wrong = product.add_node(launcher=wrong_clock.launcher(by), settings=wrong_clock.settings(by))
    try:
        await product.ready()
        history = History()
        people = await takers(product, SITTERS, limits=[LIMIT_SECONDS] * questions)
        credited = await tables.outages(product.database_url)
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
            assert abs(await off_by(http, wrong) - by) < 5, "the wrong clock is not that wrong"
            sitters = [Sitter(person, product, http, history) for person in people]
            for sitter in sitters:
                await sitter.begin(rng.choice(product.nodes))
                group.create_task(sitter.sit(rng))
            first_due = min(sitter.due for sitter in sitters)
            await asyncio.sleep((first_due - SHORTLY - datetime.now(UTC)).total_seconds())
            await faults(product, wrong, rng, frozen_seconds=counts.frozen_seconds)
        session_ids = [UUID(sitter.session["id"]) for sitter in sitters]
        await all_ended(product, session_ids, seconds=questions * (LIMIT_SECONDS + 4))
        stored = await tables.read(product.database_url, session_ids)
        for sitter in sitters:
            await sitter.line.drop()
    finally:
        product.remove(wrong)
    product.tally[Fault.CLOCK_AHEAD if by > 0 else Fault.CLOCK_BEHIND] += 1
    lateness = Lateness()
    found = [*faults_of_answers(history, stored)]
    found += faults_of_clocks(stored, grace=GRACE, at_most=AT_MOST, lateness=lateness)
    done = product.tally - tally
    print(
        f"{summary(done)} (stopped for {counts.frozen_seconds} s); {lateness.closes} closes, the latest"
        f" {lateness.worst.total_seconds():.3f} s late; {history.summary()}"
    )
    assert done >= Tally({Fault.NODE_FROZEN: 1, Fault.NODE_KILLED: 2})
    assert lateness.closes >= SITTERS
    assert not found, "\n".join(found)
    assert await tables.outages(product.database_url) == credited, "time was given back though a node lived"


async def faults(product: Cluster, wrong: Process, rng: Random, *, frozen_seconds: float) -> None:
    """Stop one node and kill the other, so that for a while only the one with the wrong clock lives; then kill that."""
    stopped, killed = rng.sample([node for node in product.nodes if node is not wrong], 2)
    stopped.stop()
    came_to = asyncio.get_running_loop().time() + frozen_seconds
    killed.kill()
    killed.start()
    await product.ready(killed)
    wrong.kill()
    wrong.start()
    await product.ready(wrong)
    await asyncio.sleep(came_to - asyncio.get_running_loop().time())
    stopped.resume()


async def off_by(http: aiohttp.ClientSession, node: Process) -> float:
    """By how many seconds a node's clock is ahead of ours."""
    async with http.get(f"{node.url}/healthz") as response:
        told = parsedate_to_datetime(response.headers["Date"])
    return (told - datetime.now(UTC)).total_seconds()


async def all_ended(product: Cluster, session_ids: list[UUID], *, seconds: float) -> None:
    conn = await connect(product.database_url)
    try:
        async with asyncio.timeout(seconds):
            while await running_of(conn, session_ids):
                await asyncio.sleep(0.2)
    finally:
        await conn.close()


async def running_of(conn: Connection, session_ids: list[UUID]) -> int:
    count: int = await conn.fetchval(
        "SELECT count(*) FROM interview_sessions WHERE id = ANY($1) AND status = 'in_progress'", session_ids
    )
    return count


async def test_a_node_stopped_in_the_middle_of_a_write_delays_no_close(product: Cluster) -> None:
    await product.ready()
    writer, other = product.nodes
    (person,) = await takers(product, 1, limits=[60])
    conn = await connect(product.database_url)
    async with aiohttp.ClientSession() as http:
        sitter = Sitter(person, product, http, History())
        await sitter.begin(other)
        session_id = UUID(sitter.session["id"])
        # the node's write waits for our lock; it is stopped; it gets the lock when we let go, and keeps it
        async with conn.transaction():
            await conn.execute("SELECT FROM interview_sessions WHERE id = $1 FOR UPDATE", session_id)
            body = {"question_index": 0, "revision": 1, "answer": "x", "lock_token": sitter.lock_token}
            writing = asyncio.create_task(
                sitter._call("PUT", writer, f"/api/interviews/{session_id}/draft", body)
            )
            async with asyncio.timeout(5):
                while not await conn.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                    await asyncio.sleep(0.01)
            writer.stop()
            due: datetime = await conn.fetchval(
                "UPDATE interview_sessions SET question_started_at = clock_timestamp() - interval '1 minute',"
                " question_deadline = clock_timestamp() - $2::interval + interval '300 ms' WHERE id = $1"
                " RETURNING question_deadline + $2::interval",
                session_id,
                GRACE,
            )
        await all_ended(product, [session_id], seconds=20)
        closed_at: datetime = await conn.fetchval(
            "SELECT created_at FROM feed_events WHERE session_id = $1 AND kind = 'answer_submitted'",
            session_id,
        )
        writer.resume()
        await asyncio.gather(writing, return_exceptions=True)
        await sitter.line.drop()
    await conn.close()
    print(f"closed {(closed_at - due).total_seconds():.3f} s after it was due")
    assert timedelta() <= closed_at - due <= AT_MOST
