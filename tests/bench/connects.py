"""Connecting: thousands of clients that all lost their node come to another one at once, which has sessions already."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tests.bench.accounts import cpu
from tests.bench.contenders import OURS, SOCKETIO, Contender
from tests.bench.crowd import crowd
from tests.bench.figures import Bar, Figure, of_medians
from tests.bench.options import Options
from tests.bench.orders import Arrived, Heard
from tests.bench.place import Place
from tests.bench.seats import furnish
from tests.bench.ticks import window

log = logging.getLogger("bench")

CONTENDERS = (OURS, SOCKETIO)
THERE, COMING = 500, 5_000
THERE_QUICK, COMING_QUICK = 5, 20
LEASE = timedelta(seconds=15)  # INTERLOCK_LOCK_SECONDS: so long does what their node held stay locked
SETTLE_SECONDS = 2.0
MILLI = 1e3
NEVER = ("lost again once they were in", "time-outs")


@dataclass(frozen=True, slots=True)
class Storm:
    """One storm: how they came in, what it cost, and how those fared who were there."""

    arrived: Arrived
    there: Heard
    lost: int  # of all, those whose connection broke again until some seconds after the storm
    cpu_ms: float  # a connect and join: all that the server used until the last one was in
    ticks_ms: float  # of that, what the ticks meanwhile cost
    cpu_share: float  # of one core, while it lasted


async def measure(place: Place, options: Options) -> list[Figure]:
    """Storm each contender in turn, as many rounds as are wanted."""
    storms: dict[str, list[Storm]] = {contender.name: [] for contender in CONTENDERS}
    for number in range(options.rounds):
        for contender in CONTENDERS:
            log.info("connects, round %d of %d: %s", number + 1, options.rounds, contender.name)
            storm = await _storm(place, contender, quick=options.quick)
            log.info("  %s", storm)
            storms[contender.name].append(storm)
    ours, theirs = storms[OURS.name], storms[SOCKETIO.name]
    return [*_entrance(ours), *_costs(ours, theirs), *_entrance(theirs, of=" of Node socket.io")]


async def _storm(place: Place, contender: Contender, *, quick: bool) -> Storm:
    there, coming = (THERE_QUICK, COMING_QUICK) if quick else (THERE, COMING)
    database_url = await place.database()
    early = await furnish(database_url, there)
    server = await contender.start(place, database_url)
    try:
        async with crowd() as inside, crowd() as outside:
            await inside.connect(contender.kind, server, early.seats)
            late = await furnish(database_url, coming, lost_by=LEASE)
            await asyncio.sleep(0 if quick else SETTLE_SECONDS)
            await outside.begin()
            await inside.begin()
            before = cpu(server.pid)
            arrived = await outside.connect(contender.kind, server, late.seats, at_once=coming, resumes=True)
            used = cpu(server.pid).since(before)
            there_meanwhile, came_meanwhile = await inside.tell(), await outside.tell()
            await asyncio.sleep(0 if quick else SETTLE_SECONDS)
            calm = await window(server, outside, size=coming, seconds=1.5 if quick else 5)
            there_after = await inside.tell()
    finally:
        place.end(server)
    joined = max(arrived.joined, 1)
    ticks = there_meanwhile.ticks + came_meanwhile.ticks
    # the window's ticks are those of the late alone, the CPU that of all
    tick_us = calm.cpu_us * coming / (coming + there)
    return Storm(
        arrived=arrived,
        there=there_meanwhile,
        lost=there_after.lost + calm.heard.lost,
        cpu_ms=used * MILLI / joined,
        ticks_ms=tick_us * ticks / MILLI / joined,
        cpu_share=used / there_meanwhile.seconds,
    )


def _entrance(storms: list[Storm], *, of: str = "") -> Iterator[Figure]:
    arrived = [storm.arrived for storm in storms]
    own = not of
    refusals = sorted({code for each in arrived for code in each.refused})
    yield of_medians(
        f"storm{of}: share that came in",
        unit="",
        samples=[each.joined / (each.joined + each.gave_up) for each in arrived],
        bar=Bar(">=", 1) if own else None,
        note=f"refused: {', '.join(refusals)}" if refusals else "",
    )
    for what, samples in (
        ("lost again once they were in", [storm.lost for storm in storms]),
        ("time-outs", [each.timed_out for each in arrived]),
        ("broken connections", [each.broken for each in arrived]),
        ("told to wait and come again", [each.told_to_wait for each in arrived]),
        ("attempts a client", [each.attempts / max(each.joined + each.gave_up, 1) for each in arrived]),
    ):
        bar = Bar("<=", 0) if own and what in NEVER else None
        yield of_medians(f"storm{of}: {what}", unit="", samples=[float(each) for each in samples], bar=bar)
    yield of_medians(
        f"storm{of}: all are in after",
        unit="s",
        samples=[each.last_seconds for each in arrived],
        note=f"half after {arrived[0].p50_seconds:.1f}",
    )
    yield of_medians(
        f"storm{of}: gap between ticks of those already there p99",
        unit="ms",
        samples=[storm.there.gap_p99_ms for storm in storms],
        bar=Bar("<=", 1_500) if own else None,
        note=f"max {max(storm.there.gap_max_ms for storm in storms):.0f}",
    )


def _costs(ours: list[Storm], theirs: list[Storm]) -> Iterator[Figure]:
    yield of_medians(
        "CPU a connect and join",
        unit="ms",
        samples=[storm.cpu_ms for storm in ours],
        bar=Bar("<=", 1.8, goal=1.2),
        note=f"ticks meanwhile: {ours[0].ticks_ms:.2f} of it; {ours[0].cpu_share:.2f} cores",
    )
    yield of_medians(
        "CPU a connect and join, beside a join that only enters a room",
        unit="ms",
        samples=[storm.cpu_ms for storm in ours],
        peer=SOCKETIO.name,
        peer_samples=[storm.cpu_ms for storm in theirs],
    )
