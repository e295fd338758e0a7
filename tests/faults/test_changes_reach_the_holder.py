"""Promises 2 and 3, to the candidate: whatever node makes a change, it reaches the connection that holds the session.

Pub/sub is only the hint. It is black-holed here: connections to Valkey stay open, and nothing passes any more.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from tests.faults.cluster import GRACE, Cluster, Process
from tests.faults.line import Line
from tests.faults.proxy import Proxy, Weather
from tests.faults.world import Taker, takers

pytestmark = pytest.mark.faults

WITH_HINTS = 1.0  # seconds: by pub/sub
WITHOUT_HINTS = 2.0  # by the watcher's look alone
OF_EACH = 3
LIMIT_SECONDS = 5
LONGER_GRACE = "30"  # seconds, of the holding node, so that it is the other that closes the question
REPLY = aiohttp.ClientTimeout(total=5)


@dataclass(slots=True)
class Heard:
    """What a candidate's connection was told, and when."""

    events: list[tuple[str, Any, datetime]] = field(default_factory=list)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, event: str, payload: Any) -> None:
        """Keep what came."""
        self.events.append((event, payload, datetime.now(UTC)))
        self._came.set()

    async def first(self, event: str, *, seconds: float) -> datetime:
        """Wait for an event; answers when it came."""
        async with asyncio.timeout(seconds):
            while True:
                for name, _, at in self.events:
                    if name == event:
                        return at
                self._came.clear()
                await self._came.wait()


@dataclass(frozen=True, slots=True)
class Scene:
    """A session that a connection of one node holds, and that the other node will change."""

    other: Process
    http: aiohttp.ClientSession
    person: Taker
    session: dict[str, Any]
    line: Line
    heard: Heard

    async def supervise(self, act: str, **body: Any) -> datetime:
        """Act as the recruiter, at the other node; answers when that was asked for."""
        asked = datetime.now(UTC)
        path = f"{self.other.url}/api/recruiter/sessions/{self.session['id']}/{act}"
        headers = {"Authorization": f"Bearer {self.person.owner_token}"}
        async with self.http.post(path, json=body or None, headers=headers, timeout=REPLY) as response:
            assert response.status == 200, await response.text()
        return asked

    async def take_over(self) -> datetime:
        """Join at the other node."""
        asked = datetime.now(UTC)
        line = Line()
        await line.open(self.other.url, self.person.token)
        joined = await line.ask("join_session", {"session_id": self.session["id"], "takeover": True})
        assert joined["ok"], joined
        await line.drop()
        return asked

    async def run_out(self) -> datetime:
        """Let the time run out; answers when the question is due."""
        deadline = datetime.fromisoformat(self.session["question_deadline"])
        due = deadline + GRACE
        await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
        return due


@dataclass(frozen=True, slots=True)
class Change:
    """What is done, and what the candidate hears of it."""

    act: Callable[[Scene], Awaitable[datetime]]
    event: str


CHANGES = {
    "extension": Change(lambda s: s.supervise("extend", seconds=60, reason="because"), "deadline_changed"),
    "takeover": Change(lambda s: s.take_over(), "session_superseded"),
    "expiry": Change(lambda s: s.run_out(), "question_expired"),
    "termination": Change(lambda s: s.supervise("terminate", reason="because"), "session_terminated"),
    "pause": Change(lambda s: s.supervise("pause", reason="because"), "session_paused"),
    "message": Change(lambda s: s.supervise("message", text="Hello"), "message"),
}


@asynccontextmanager
async def two_nodes(product: Cluster) -> AsyncIterator[tuple[Process, Process, Proxy]]:
    """A node to hold and one to act, both with Valkey behind a network of ours, and nobody else."""
    valkey = Proxy(target=product.redis_url)
    await valkey.open()
    others = product.live_nodes
    reached = {"INTERLOCK_REDIS_URL": valkey.url}
    holder = product.add_node(settings=reached | {"INTERLOCK_GRACE_SECONDS": LONGER_GRACE})
    other = product.add_node(settings=reached)
    try:
        await product.ready(holder, other)
        for node in others:
            node.end()  # else one of them, who hears and says everything, might do it
        yield holder, other, valkey
    finally:
        product.remove(holder)
        product.remove(other)
        await valkey.close()


@asynccontextmanager
async def scene(
    http: aiohttp.ClientSession, holder: Process, other: Process, person: Taker
) -> AsyncIterator[Scene]:
    """A session that is held by a connection to `holder`."""
    path = f"{holder.url}/api/interviews/{person.interview_id}/start"
    async with http.post(path, headers=person.headers, timeout=REPLY) as response:
        session: dict[str, Any] = await response.json()
    heard = Heard()
    line = Line(hear=heard.note)
    await line.open(holder.url, person.token)
    assert (await line.ask("join_session", {"session_id": session["id"]}))["ok"]
    yield Scene(other, http, person, session, line, heard)
    await line.drop()


async def test_a_change_reaches_the_connection_that_holds_the_session(product: Cluster) -> None:
    async with two_nodes(product) as (holder, other, valkey), aiohttp.ClientSession() as http:
        with_hints = await all_changes(product, http, holder, other)
        assert not valkey.swallowed
        valkey.turn(Weather.DEAF)
        without = await all_changes(product, http, holder, other)
        assert valkey.swallowed > 0, "the hole swallowed nothing"
    said = [f"{name} {with_hints[name]:.3f} s ({without[name]:.3f} s)" for name in CHANGES]
    print(f"heard after, with pub/sub and with pub/sub cut: {', '.join(said)}")
    late = [f"{name} with pub/sub" for name in CHANGES if with_hints[name] > WITH_HINTS]
    late += [f"{name} with pub/sub cut" for name in CHANGES if without[name] > WITHOUT_HINTS]
    assert not late


async def all_changes(
    product: Cluster, http: aiohttp.ClientSession, holder: Process, other: Process
) -> dict[str, float]:
    """Make every change, each to some sessions; answers after how many seconds the last candidate had heard."""
    people = await takers(product, len(CHANGES) * OF_EACH, limits=[LIMIT_SECONDS, 600])
    took = dict.fromkeys(CHANGES, 0.0)

    async def see(name: str, person: Taker, number: int) -> None:
        async with scene(http, holder, other, person) as at:
            await asyncio.sleep(
                number / OF_EACH
            )  # the watcher looks once a second: at another moment for each
            asked = await CHANGES[name].act(at)
            heard = await at.heard.first(CHANGES[name].event, seconds=WITHOUT_HINTS + 3)
            took[name] = max(took[name], (heard - asked).total_seconds())

    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(people):
            group.create_task(see(list(CHANGES)[number % len(CHANGES)], person, number % OF_EACH))
    return took
