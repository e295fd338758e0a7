"""Candidates who answer as fast as they are served, or at a given rate, and the recruiter who hears of the results."""

import asyncio
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from time import perf_counter
from typing import Protocol

from tests.bench.figures import percentile
from tests.bench.seats import MCQ, Hall, Seat

QUESTIONS = 100
DRAIN_SECONDS = 120.0
_EVALUATED = b',["answer_evaluated",'
_SESSION = b'"session_id":"'
_INDEX = b'"question_index":'


def choice(index: int) -> str:
    """What is answered to a question: right and wrong in turn."""
    options: list[str] = MCQ["options"]
    return options[index % len(options)]


def _never() -> "array[float]":
    return array("d", bytes(8 * QUESTIONS))


@dataclass(slots=True)
class Sitting:
    """One candidate's interview, and when each answer was sent, accepted and seen evaluated; 0 is never."""

    seat: Seat
    sent: "array[float]" = field(default_factory=_never)
    accepted: "array[float]" = field(default_factory=_never)
    evaluated: "array[float]" = field(default_factory=_never)
    next_index: int = 0


class Way(Protocol):
    """How one client reaches a server."""

    async def begin(self, sitting: Sitting) -> None:
        """Be that candidate from now on."""

    async def submit(self, index: int) -> None:
        """Submit the answer to a question; raises where it is not accepted."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True, slots=True)
class Window:
    """What happened to the answers sent in one window, until the last of them was seen evaluated."""

    answers: int
    seconds: float
    cpu: dict[str, float]
    submit: list[float]
    evaluated: list[float]

    @property
    def rate(self) -> float:
        """Graded answers a second, a backlog's time included."""
        return self.answers / self.seconds

    def submit_ms(self, share: float) -> float:
        """From sending to the receipt."""
        return percentile(self.submit, share) * 1e3

    def evaluated_ms(self, share: float) -> float:
        """From sending to the recruiter's socket."""
        return percentile(self.evaluated, share) * 1e3

    def cpu_ms(self, *names: str) -> float:
        """CPU of these processes, an answer."""
        return sum(self.cpu[name] for name in names) / self.answers * 1e3

    def cores(self, name: str) -> float:
        """How much of the machine a process had, on average."""
        return self.cpu[name] / self.seconds


class DashboardLost(Exception):
    """The server hung up on the recruiter: its log says why."""


class Sittings:
    """The sittings of one server, taken one after the other, and what the recruiter's socket has said of them."""

    def __init__(self, hall: Hall) -> None:
        self._all = {str(seat.session_id).encode(): Sitting(seat) for seat in hall.seats}
        self._fresh = iter(self._all.values())
        self._unheard = 0
        self._quiet = asyncio.Event()
        self._deaf = False

    def take(self) -> Sitting:
        """Somebody who has not begun yet."""
        sitting = next(self._fresh, None)
        if sitting is None:
            raise RuntimeError("there are not enough sittings for a server this fast")
        return sitting

    def will_hear(self) -> None:
        """One more answer is on its way."""
        self._unheard += 1
        if not self._deaf:
            self._quiet.clear()

    def hear(self, packet: bytes) -> None:
        """Read a packet of the recruiter's socket."""
        if _EVALUATED not in packet[:60]:
            return
        now = perf_counter()
        start = packet.index(_SESSION) + len(_SESSION)
        sitting = self._all[packet[start : start + 36]]
        start = packet.index(_INDEX) + len(_INDEX)
        index = 0
        while packet[start : start + 1].isdigit():
            index = index * 10 + packet[start] - 48
            start += 1
        if sitting.evaluated[index]:
            return  # the sure path brings again what the fast one has brought
        sitting.evaluated[index] = now
        self._unheard -= 1
        if not self._unheard:
            self._quiet.set()

    def deafen(self) -> None:
        """The recruiter's socket is gone."""
        self._deaf = True
        self._quiet.set()

    async def quiet(self) -> None:
        """Wait until every answer that was sent has been seen evaluated; raises DashboardLost."""
        async with asyncio.timeout(DRAIN_SECONDS):
            if self._unheard:
                await self._quiet.wait()
        if self._deaf:
            raise DashboardLost

    def arrivals(self) -> list[float]:
        """When answers were seen evaluated so far, in order."""
        return sorted(at for sitting in self._all.values() for at in sitting.evaluated if at)

    def window(self, since: float, until: float, cpu: dict[str, float]) -> Window:
        """Gather what was sent from `since` on; all of it has been seen evaluated."""
        submit: list[float] = []
        evaluated: list[float] = []
        last = until
        for sitting in self._all.values():
            for sent, accepted, seen in zip(sitting.sent, sitting.accepted, sitting.evaluated, strict=True):
                if sent >= since:
                    submit.append(accepted - sent)
                    evaluated.append(seen - sent)
                    last = max(last, seen)
        return Window(len(submit), last - since, cpu, sorted(submit), sorted(evaluated))


Books = Callable[[], dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Clients before one server."""

    sittings: Sittings
    ways: list[Way]
    books: Books
    warm_up: float

    async def as_fast_as_served(self, seconds: float) -> Window:
        """Every client sends its next answer as soon as it has the last one's receipt."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as clients:
            for way in self.ways:
                clients.create_task(self._answer(way, stop))
            await asyncio.sleep(self.warm_up)
            since, before = perf_counter(), self.books()
            await asyncio.sleep(seconds)
            stop.set()
            until = perf_counter()
        return await self._close(since, until, before)

    async def at_rate(self, rate: float, seconds: float, *, rng: Random) -> Window:
        """Answers come at random moments, `rate` a second, whatever becomes of those before."""
        idle: asyncio.Queue[tuple[Way, Iterator[tuple[Sitting, int]]]] = asyncio.Queue()
        for way in self.ways:
            idle.put_nowait((way, self._turns()))
        started = due = perf_counter()
        since, before = 0.0, dict[str, float]()
        async with asyncio.TaskGroup() as answers:
            while due < started + self.warm_up + seconds:
                due += rng.expovariate(rate)
                await asyncio.sleep(max(0.0, due - perf_counter()))
                if not before and due >= started + self.warm_up:
                    since, before = due, self.books()
                answers.create_task(self._answer_one(idle, due))
        return await self._close(since, perf_counter(), before)

    async def _close(self, since: float, until: float, before: dict[str, float]) -> Window:
        await self.sittings.quiet()
        after = self.books()
        cpu = {name: after[name] - before[name] for name in before}
        for way in self.ways:
            way.close()
        return self.sittings.window(since, until, cpu)

    def _turns(self) -> Iterator[tuple[Sitting, int]]:
        for _ in count():
            sitting = self.sittings.take()
            for index in range(QUESTIONS):
                yield sitting, index

    async def _answer(self, way: Way, stop: asyncio.Event) -> None:
        for sitting, index in self._turns():
            if stop.is_set():
                return
            if index == 0:
                await way.begin(sitting)
            await self._submit(way, sitting, index=index, sent=perf_counter())

    async def _answer_one(
        self, idle: "asyncio.Queue[tuple[Way, Iterator[tuple[Sitting, int]]]]", due: float
    ) -> None:
        way, turns = await idle.get()
        sitting, index = next(turns)
        if index == 0:
            await way.begin(sitting)
        await self._submit(way, sitting, index=index, sent=due)
        idle.put_nowait((way, turns))

    async def _submit(self, way: Way, sitting: Sitting, *, index: int, sent: float) -> None:
        sitting.sent[index] = sent
        self.sittings.will_hear()
        await way.submit(index)
        sitting.accepted[index] = perf_counter()
