"""Two nodes behind nginx are restarted one after the other: nobody loses anything, and everybody is back soon."""

import asyncio
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import quantiles
from typing import Any

import aiohttp
import pytest

from tests.faults import tables
from tests.faults.checker import Lateness, faults_of_answers, faults_of_clocks
from tests.faults.client import PATIENCE_SECONDS, UNCERTAIN, Candidate, Reply
from tests.faults.cluster import GRACE, Cluster, Process
from tests.faults.history import History, Outcome
from tests.faults.line import Away, Line
from tests.faults.tables import Clock, Tables
from tests.faults.world import takers
from tests.proxy import Nginx, nginx

pytestmark = pytest.mark.faults

PEOPLE, PEOPLE_LONG = 40, 200
THINK_SECONDS = 4.0
LIMITS = [600, 600, 6] * 30  # some questions run out meanwhile
AWAY_AT_MOST = 5.0
MILLISECOND = timedelta(milliseconds=1)
OFF_AT_MOST = timedelta(milliseconds=100)
CLOSED_WITHIN = timedelta(seconds=2)
STOPPED_WITHIN = 20.0
ARRIVING_AT_ONCE = 20
FIRST_REST, LONGEST_REST = 0.3, 2.0  # seconds, as realtime/web/src/socket/connection.ts has them


class Watched(Line):
    """A line whose end is noticed at once."""

    async def gone(self) -> None:
        """Wait until it is broken."""
        await self._gone.wait()


@dataclass(frozen=True, slots=True)
class Joined:
    """What somebody was told who asked to join at `asked_at`."""

    asked_at: datetime
    heard_at: datetime
    session: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody has joined again, `seconds` after they were cut off."""

    seconds: float
    tries: int
    joined: Joined


@dataclass(slots=True)
class Resident(Candidate):
    """A candidate who keeps their connection as the browser client does, and answers over HTTP while it is away."""

    watched: Watched | None = None
    returns: list[Return] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    async def arrive(self) -> None:
        """Start and join."""
        while self.session_id is None:
            await self._begin()
        while not await self._join():
            await asyncio.sleep(FIRST_REST)

    async def sit(self) -> None:
        """Answer until it is enough."""
        while not self.enough.is_set() and self.session_id is not None:
            await asyncio.sleep(self.rng.expovariate(1 / self.think_seconds))
            await self._answer()

    async def stay(self) -> None:
        """Come back whenever the line breaks, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            assert self.watched is not None
            await self.watched.gone()
            left, rest, tries = loop.time(), FIRST_REST, 0
            joined: Joined | None = None
            while joined is None:
                await asyncio.sleep(rest * self.rng.uniform(0.5, 1.5))
                rest, tries = min(rest * 2, LONGEST_REST), tries + 1
                joined = await self._join()
            self.returns.append(Return(loop.time() - left, tries, joined))

    async def _join(self) -> Joined | None:
        """Connect and join, without taking anything over; None where it was not possible now."""
        line = Watched()
        try:
            await line.open(self.urls[0], self.taker.token)
            asked_at = datetime.now(UTC)
            asked = {"session_id": str(self.session_id), "resume_token": self.resume_token}
            reply = await line.ask("join_session", asked)
        except Away:
            await line.drop()
            return None
        if not reply["ok"]:
            await line.drop()
            if reply["code"] not in UNCERTAIN:
                self.refusals.append(reply["code"])
            return None
        self.line = self.watched = line
        self.lock_token, self.resume_token = reply["lock_token"], reply["resume_token"]
        return Joined(asked_at, datetime.now(UTC), reply["session"])

    async def _connected(self) -> Line | None:
        return self.line if self.line is not None and self.line.is_up else None

    async def _refused(self, reply: Reply) -> None:
        # A request that our own join overtook carried the token before; `faults_of_people` looks at the others.
        if reply.code == "locked_elsewhere":
            await asyncio.sleep(PATIENCE_SECONDS)
        else:
            await Candidate._refused(self, reply)


async def test_a_rolling_restart_loses_nothing_and_everybody_is_back_soon(
    product: Cluster, rng: Random, long: bool
) -> None:
    await product.ready()
    history, enough = History(), asyncio.Event()
    everybody = await takers(product, PEOPLE_LONG if long else PEOPLE, limits=LIMITS)
    with nginx([node.url for node in product.nodes]) as proxy:
        async with aiohttp.ClientSession() as http:
            people = [
                Resident(taker, [proxy.url], http, history, enough, Random(rng.random()), THINK_SECONDS)
                for taker in everybody
            ]
            await arrive(people)
            async with asyncio.TaskGroup() as group:
                staying = [group.create_task(person.stay()) for person in people]
                sitting = [group.create_task(person.sit()) for person in people]
                for node in product.nodes:
                    await history.more(len(people) // 2, Outcome.OK)
                    await restart(node, product)
                    await everybody_is_up(people)
                await history.more(len(people) // 2, Outcome.OK)
                enough.set()
                await asyncio.wait(sitting)
                for task in staying:
                    task.cancel()
            for person in people:
                await person.hang_up()
        report(people, history, proxy)
    session_ids = await tables.sessions_of(product.database_url, [taker.user_id for taker in everybody])
    stored = await tables.read(product.database_url, session_ids)
    lateness = Lateness()
    found = [*faults_of_answers(history, stored), *faults_of_people(people, history, stored)]
    found += faults_of_clocks(stored, grace=GRACE, at_most=CLOSED_WITHIN, lateness=lateness)
    print(f"{lateness.closes} closes, the latest {lateness.worst.total_seconds():.3f} s late")
    assert not found, "\n".join(found)


async def arrive(people: list[Resident]) -> None:
    """Everybody comes, some at once."""
    door = asyncio.Semaphore(ARRIVING_AT_ONCE)

    async def enter(person: Resident) -> None:
        async with door:
            await person.arrive()

    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(enter(person))


async def restart(node: Process, product: Cluster) -> None:
    """Stop a node as an operator does, and start it again."""
    loop = asyncio.get_running_loop()
    assert node.process is not None
    began = loop.time()
    node.send(signal.SIGTERM)
    code = await asyncio.to_thread(node.process.wait, STOPPED_WITHIN)
    stopped = loop.time()
    node.start()
    await product.ready(node)
    print(f"{node.name} stopped within {stopped - began:.2f} s, ready {loop.time() - stopped:.2f} s later")
    assert code == 0, f"{node.name} ended with {code}"


async def everybody_is_up(people: list[Resident]) -> None:
    """Wait until nobody is away."""
    async with asyncio.timeout(2 * AWAY_AT_MOST):
        while not all(person.line is not None and person.line.is_up for person in people):
            await asyncio.sleep(0.05)


def faults_of_people(people: Iterable[Resident], history: History, stored: Tables) -> Iterator[str]:
    """Who was away too long, was shown another time than the database's, or was refused what is theirs."""
    clocks = {(clock.session_id, clock.revision): clock for clock in stored.clocks}
    last = {person.session_id: person.lock_token for person in people}
    for person in people:
        if not person.returns:
            yield f"never cut off, though both nodes were restarted: {person.session_id}"
        yield from (f"refused to join with their resume token: {code}" for code in person.refusals)
        for back in person.returns:
            if back.seconds > AWAY_AT_MOST:
                yield f"away for {back.seconds:.2f} s, {back.tries} tries: {person.session_id}"
            assert person.session_id is not None
            clock = clocks[person.session_id, back.joined.session["revision"]]
            yield from _told_wrongly(back.joined, clock)
    for each in history:
        if each.code == "locked_elsewhere" and each.lock_token == last[each.session_id]:
            yield f"refused with the token that holds the session: {each}"


def _told_wrongly(joined: Joined, clock: Clock) -> Iterator[str]:
    """A deadline that is not the stored one, or a remainder that was not left at any moment of the join."""
    told = joined.session
    deadline = clock.deadline
    assert deadline is not None
    if abs(datetime.fromisoformat(told["question_deadline"]) - deadline) > MILLISECOND:
        yield f"told {told['question_deadline']}, stored is {deadline}"
    left = timedelta(milliseconds=told["remaining_ms"])
    most, least = (max(deadline - at, timedelta()) for at in (joined.asked_at, joined.heard_at))
    if not least - OFF_AT_MOST <= left <= most + OFF_AT_MOST:
        yield f"told that {left} is left, when between {least} and {most} was"


def report(people: list[Resident], history: History, proxy: Nginx) -> None:
    """Print how long people were away, and what the proxy answered."""
    away = sorted(back.seconds for person in people for back in person.returns)
    cuts = quantiles(away, n=100, method="inclusive")
    tries = max(back.tries for person in people for back in person.returns)
    print(
        f"{len(people)} people, {len(away)} times away: p50 {cuts[49]:.2f} s, p90 {cuts[89]:.2f} s,"
        f" p99 {cuts[98]:.2f} s, at most {away[-1]:.2f} s and {tries} tries"
    )
    print(f"{history.summary()}; the proxy answered {dict(proxy.answers().most_common())}")
    print("\n".join(proxy.failures()))
