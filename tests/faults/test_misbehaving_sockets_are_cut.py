"""Promise 9, the other half: whoever does not behave is cut in time, and named in the log and in the metric."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import aiohttp
import orjson
import pytest

from tests.faults.cluster import Cluster, Process
from tests.faults.deaf import Deaf
from tests.faults.line import Line
from tests.faults.world import Taker, takers

pytestmark = pytest.mark.faults

PATIENCE = 10.0  # seconds until a socket is cut that does not CONNECT, or floods
READING_PATIENCE = (
    30.0  # and one that does not read, at a tick a second and with whatever the kernel holds for it
)
OF_EACH = 3
PONG_EVERY = 5.0  # more often than they are asked for: their senders are alive, and that alone saves nobody
FLOOD_PER_SECOND = 300  # ten of the busiest typists
CALM_PER_SECOND = 5
WATCHED_LONGER = 5.0  # seconds, so that a failure says by how much
MOST_BETWEEN_TICKS = 1.5  # seconds, for those who behave
REPLY = aiohttp.ClientTimeout(total=5)


@pytest.fixture
def node(product: Cluster) -> Iterator[Process]:
    """A node of its own, whose log says everything."""
    own = product.add_node(settings={"INTERLOCK_LOG_LEVEL": "info"})
    yield own
    product.remove(own)


@dataclass(slots=True)
class Sitter:
    """One socket that does not behave, and how long it was suffered."""

    how: str
    reasons: frozenset[str]
    within: float
    socket: Deaf
    lasted: float | None = None

    def faults(self, named: Mapping[str, str]) -> Iterator[str]:
        """What is wrong with how it was treated, and with what the log says of it."""
        if self.lasted is None:
            yield f"{self.how}: is there still after {self.within + WATCHED_LONGER} s"
        elif self.lasted > self.within:
            yield f"{self.how}: cut after {self.lasted:.1f} s only"
        if named.get(self.socket.eio_sid) not in self.reasons:
            said = named.get(self.socket.eio_sid)
            yield f"{self.how}: the log says {said!r}, none of {sorted(self.reasons)}"


async def says_nothing(_socket: Deaf) -> None:
    """After the upgrade, nothing."""


async def only_pongs(socket: Deaf) -> None:
    """Alive, and no more."""
    with suppress(OSError):
        while True:
            await socket.send("3")
            await asyncio.sleep(PONG_EVERY)


async def knocks_at_a_wrong_door(socket: Deaf) -> None:
    """A CONNECT to what does not exist."""
    await socket.send("40/nowhere,{}")
    await only_pongs(socket)


async def has_a_bad_token(socket: Deaf) -> None:
    """A CONNECT that is refused."""
    await socket.send('40/candidate,{"token":"rubbish"}')
    await only_pongs(socket)


async def floods_with_events(socket: Deaf) -> None:
    """Events that do something, and are answered to nobody."""
    await flood(socket, lambda: socket.send('42/candidate,["sync_clock",{"client_time_ms":1}]'))


async def floods_with_nonsense(socket: Deaf) -> None:
    """Events that do not exist."""
    await flood(socket, lambda: socket.send('42/candidate,["nothing",{}]'))


async def floods_with_noops(socket: Deaf) -> None:
    """Packets that mean nothing, below Socket.IO."""
    await flood(socket, lambda: socket.send("6"))


async def floods_with_pings(socket: Deaf) -> None:
    """Frames that never reach Engine.IO."""
    await flood(socket, socket.ping)


async def flood(socket: Deaf, send: Callable[[], Awaitable[None]]) -> None:
    """Send far too much, at that rate even where this loop is slow, and read what comes."""
    reading, loop = asyncio.ensure_future(socket.read_all()), asyncio.get_running_loop()
    began, sent = loop.time(), 0
    try:
        while True:
            while sent < (loop.time() - began) * FLOOD_PER_SECOND:
                await send()
                sent += 1
            await asyncio.sleep(1 / FLOOD_PER_SECOND)
    except OSError:
        return  # it was cut
    finally:
        reading.cancel()


Behaviour: TypeAlias = Callable[[Deaf], Awaitable[None]]

NEVER_CONNECT: list[Behaviour] = [says_nothing, only_pongs, knocks_at_a_wrong_door, has_a_bad_token]
FLOODS: list[Behaviour] = [
    floods_with_events,
    floods_with_nonsense,
    floods_with_noops,
    floods_with_pings,
]


@dataclass(slots=True)
class Behaved:
    """A candidate who behaves, and must not notice anything of the others."""

    line: Line
    ticks: list[float]

    async def work(self) -> None:
        """Ask for the time now and then, as pages do."""
        while True:
            assert (await self.line.ask("sync_clock", {"client_time_ms": 1}))["ok"]
            await asyncio.sleep(1 / CALM_PER_SECOND)

    @property
    def longest_gap(self) -> float:
        """Between two ticks, in seconds."""
        return max(after - before for before, after in pairwise(self.ticks))


async def test_sockets_that_do_not_behave_are_cut_and_named(
    product: Cluster, node: Process, long: bool
) -> None:
    await product.ready(node)
    with ExitStack() as sockets:
        sitters, acts = await place(product, node, sockets, deaf=OF_EACH if long else 0)
        good = await behaved(product, node)
        acting = [asyncio.ensure_future(act) for act in (*acts, good.work())]
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(watch(sitter, began) for sitter in sitters))
        assert good.line.is_up
        assert not acting[-1].done(), "the one who behaves was disturbed"
        for act in acting:
            act.cancel()
        await asyncio.gather(*acting, return_exceptions=True)
        await good.line.drop()
    cut, named = await metric(node), named_in_log(node)
    lasted = {sitter.how: f"{sitter.lasted or -1:.1f} s" for sitter in sitters}
    print(f"{len(sitters)} cut: {lasted}; the metric says {dict(cut)}; ticks {good.longest_gap:.2f} s apart")
    faults = [fault for sitter in sitters for fault in sitter.faults(named)]
    assert not faults, "\n".join(faults)
    assert cut == Counter(named[sitter.socket.eio_sid] for sitter in sitters)
    assert good.longest_gap <= MOST_BETWEEN_TICKS


async def place(
    product: Cluster, node: Process, sockets: ExitStack, *, deaf: int
) -> tuple[list[Sitter], list[Awaitable[None]]]:
    """Open everything that will not behave, `deaf` holders among it; answers what each will do from now on, too."""
    sitters: list[Sitter] = []
    acts: list[Awaitable[None]] = []

    def sit(socket: Deaf, how: str, *reasons: str, within: float) -> Deaf:
        sockets.callback(socket.close)
        sitters.append(Sitter(how, frozenset(reasons), within, socket))
        return socket

    people = iter(await takers(product, OF_EACH * len(FLOODS) + deaf, limits=[600]))
    async with aiohttp.ClientSession() as http:
        for behaviour in FLOODS * OF_EACH:
            socket = sit(Deaf(buffer=None), behaviour.__name__, "floods", within=PATIENCE)
            await hold(http, node, next(people), socket)
            acts.append(behaviour(socket))
        for person in people:
            # by which of the two it is found depends on how much the kernel holds
            socket = sit(Deaf(buffer=None), "reads_nothing", "silent", "never_reads", within=READING_PATIENCE)
            await hold(http, node, person, socket)
    for behaviour in NEVER_CONNECT * OF_EACH:
        socket = sit(Deaf(), behaviour.__name__, "never_connected", within=PATIENCE)
        await socket.upgrade(node.url)
        acts.append(behaviour(socket))
    return sitters, acts


async def watch(sitter: Sitter, began: float) -> None:
    """Wait for its end."""
    with suppress(TimeoutError):
        async with asyncio.timeout(sitter.within + WATCHED_LONGER):
            await sitter.socket.hung_up()
            sitter.lasted = asyncio.get_running_loop().time() - began


async def behaved(product: Cluster, node: Process) -> Behaved:
    """Somebody who holds a session, reads, and sends little."""
    (person,) = await takers(product, 1, limits=[600])
    ticks: list[float] = []
    loop = asyncio.get_running_loop()
    line = Line(hear=lambda event, _: ticks.append(loop.time()) if event == "tick" else None)
    async with aiohttp.ClientSession() as http:
        session_id = await begin(http, node, person)
    await line.open(node.url, person.token)
    assert (await line.ask("join_session", {"session_id": session_id}))["ok"]
    return Behaved(line, ticks)


async def begin(http: aiohttp.ClientSession, node: Process, person: Taker) -> str:
    """Start a session."""
    path = f"{node.url}/api/interviews/{person.interview_id}/start"
    async with http.post(path, headers=person.headers, timeout=REPLY) as response:
        session_id: str = (await response.json())["id"]
        return session_id


async def hold(http: aiohttp.ClientSession, node: Process, person: Taker, socket: Deaf) -> None:
    """Start a session and join it; from then on nothing is read that is not asked for."""
    session_id = await begin(http, node, person)
    await socket.open(node.url, person.token)
    await socket.join(session_id)


async def metric(node: Process) -> Counter[str]:
    """How many connections the node says it cut, by reason."""
    async with aiohttp.ClientSession() as http, http.get(f"{node.url}/metrics", timeout=REPLY) as response:
        text = await response.text()
    found = re.findall(r'^interlock_connections_cut_total{reason="(\w+)"} (\S+)$', text, re.MULTILINE)
    return Counter({reason: int(float(number)) for reason, number in found})


def named_in_log(node: Process) -> dict[str, str]:
    """Why each connection was cut, by its Engine.IO id, as the log says."""
    lines = node.log.read_text("utf-8").splitlines()
    entries = [orjson.loads(line) for line in lines if '"connection_cut"' in line]
    return {entry["eio_sid"]: entry["reason"] for entry in entries}
