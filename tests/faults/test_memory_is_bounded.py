"""Promise 9: whoever does not read costs a node no memory that grows, and is cut."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import count, pairwise

import aiohttp
import pytest

from tests.faults.cluster import Cluster, Process
from tests.faults.counts import Counts, Fault
from tests.faults.deaf import Deaf
from tests.faults.line import Line
from tests.faults.world import Taker, takers

pytestmark = pytest.mark.faults

MIB = 1024 * 1024
TICK_SECONDS = 0.02  # fifty times as many as in production, so that buffers fill within seconds
CUT_WITHIN = 30.0
WATCHED_SECONDS = 6.0  # in the short run, which leaves the cutting to tests/integration/test_wire.py
PER_SILENT = 64 * 1024
PER_FLOOD = 2 * MIB  # what a client asks for at once is an eighth of that
OPENED_AT_ONCE = 100
# bytes of a socket that was cut, until the collector comes, which takes its time: measured are 5 to 8 KiB
LEFT_BEHIND = 12 * 1024
LONG_ANSWER = "x" * 20_000
QUESTIONS = 12
REPLY = aiohttp.ClientTimeout(total=20)


@pytest.fixture
def busy(product: Cluster) -> Iterator[Process]:
    """A node of its own, that ticks fast."""
    node = product.add_node(settings={"INTERLOCK_TICK_SECONDS": str(TICK_SECONDS)})
    yield node
    product.remove(node)


@asynccontextmanager
async def deaf_holders(node: Process, people: list[Taker], sessions: list[str]) -> AsyncIterator[list[Deaf]]:
    """Connections that hold a session each and do not read any more."""
    holders = [Deaf() for _ in people]
    try:
        for holder, person, session_id in zip(holders, people, sessions, strict=True):
            await holder.open(node.url, person.token)
            await holder.join(session_id)
        yield holders
    finally:
        for holder in holders:
            holder.close()


async def start(http: aiohttp.ClientSession, node: Process, person: Taker) -> str:
    path = f"{node.url}/api/interviews/{person.interview_id}/start"
    async with http.post(path, headers=person.headers, timeout=REPLY) as response:
        session_id: str = (await response.json())["id"]
        return session_id


class Growth:
    """Watches a node's memory, and whom it cuts: a client that does not read does not see its end."""

    def __init__(self, node: Process, http: aiohttp.ClientSession) -> None:
        self._node, self._http = node, http
        self._before = node.resident_bytes
        self.most = self.cut = 0

    async def watch(self, *, seconds: float, cuts: int) -> float:
        """Watch for some seconds, or until so many were cut; answers how long that was."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() - began < seconds and self.cut < cuts:
            self.most = max(self.most, self._node.resident_bytes - self._before)
            await asyncio.sleep(0.1)
            self.cut = await self._count()
        return loop.time() - began

    async def _count(self) -> int:
        async with self._http.get(f"{self._node.url}/metrics", timeout=REPLY) as response:
            text = await response.text()
        found = re.findall(
            r'^interlock_connections_cut_total{reason="(?:never_reads|silent)"} (\S+)$', text, re.MULTILINE
        )
        return sum(int(float(number)) for number in found)


async def test_who_never_reads_costs_little_and_is_cut(
    product: Cluster, busy: Process, long: bool, counts: Counts
) -> None:
    silent, flooding = counts.never_read, counts.flooding
    number = silent + flooding
    await product.ready(busy)
    people = await takers(product, number + 1, limits=[600] * QUESTIONS)
    ticks: list[float] = []
    loop = asyncio.get_running_loop()
    reader = Line(hear=lambda event, _: ticks.append(loop.time()) if event == "tick" else None)
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        sessions = [await start(http, busy, person) for person in people]
        for person, session_id in zip(people[:flooding], sessions, strict=False):
            await answer_at_length(http, busy, person, session_id)
        await reader.open(busy.url, people[-1].token)
        assert (await reader.ask("join_session", {"session_id": sessions[-1]}))["ok"]
        async with deaf_holders(busy, people[:-1], sessions[:-1]) as holders:
            growth, heard = Growth(busy, http), len(ticks)
            floods = [
                group.create_task(flood(*each))
                for each in zip(holders[:flooding], sessions[:flooding], strict=True)
            ]
            seconds = CUT_WITHIN + 5 if long else WATCHED_SECONDS
            took = await growth.watch(seconds=seconds, cuts=number)
            for task in floods:
                task.cancel()
    await reader.drop()
    product.tally[Fault.NEVER_READ] += growth.cut if long else number
    gap = max(after - before for before, after in pairwise(ticks[heard:]))
    print(
        f"{growth.cut} of {number} cut after {took:.1f} s; {growth.most / MIB:.1f} MiB more;"
        f" who reads heard {len(ticks) - heard} ticks, at most {gap:.2f} s apart"
    )
    assert growth.most < 4 * MIB + silent * PER_SILENT + flooding * PER_FLOOD
    assert gap < 1.5
    if long:
        assert growth.cut == number
        assert took <= CUT_WITHIN


async def flood(holder: Deaf, session_id: str) -> None:
    """Ask for a quarter of a megabyte again and again."""
    joining = {"session_id": session_id, "takeover": True}
    with suppress(OSError):  # it is cut at last
        for call in count(2):
            await holder.ask(call, "join_session", joining)


async def answer_at_length(
    http: aiohttp.ClientSession, node: Process, person: Taker, session_id: str
) -> None:
    """Answer all questions but the last."""
    path = f"{node.url}/api/interviews/{session_id}/answers"
    for index in range(QUESTIONS - 1):
        body = {
            "question_index": index,
            "answer": LONG_ANSWER,
            "submitted_at": "2026-11-22T10:15:00.123Z",
            "time_expired": False,
        }
        async with http.post(path, json=body, headers=person.headers, timeout=REPLY) as response:
            assert response.status == 200, await response.text()


async def test_sockets_that_never_connect_leave_nothing_behind(
    product: Cluster, busy: Process, counts: Counts
) -> None:
    await product.ready(busy)
    before = busy.resident_bytes
    peaks = [await wave(busy, counts.never_connect) - before for _ in range(counts.waves)]
    product.tally[Fault.NEVER_CONNECTED] += counts.waves * counts.never_connect
    said = ", ".join(f"{peak / MIB:.1f}" for peak in peaks)
    print(f"{counts.waves} waves of {counts.never_connect}: {said} MiB more than before")
    assert peaks[0] < 4 * MIB + counts.never_connect * PER_SILENT
    left = (counts.waves - 1) * counts.never_connect * LEFT_BEHIND
    assert peaks[-1] - peaks[0] <= left, "each wave leaves more behind than what waits for the collector"


async def wave(node: Process, number: int) -> int:
    """Open so many sockets that never CONNECT, and wait until all were cut; answers the memory at its most."""
    sockets = [Deaf() for _ in range(number)]
    most = 0
    try:
        for some in batched(sockets, OPENED_AT_ONCE):
            await asyncio.gather(*(socket.upgrade(node.url) for socket in some))
            most = max(most, node.resident_bytes)
        async with asyncio.timeout(CUT_WITHIN):
            await asyncio.gather(*(socket.hung_up() for socket in sockets))
        return max(most, node.resident_bytes)
    finally:
        for socket in sockets:
            socket.close()


def batched(sockets: list[Deaf], size: int) -> Iterator[list[Deaf]]:
    """The same, some at a time."""
    return (sockets[start : start + size] for start in range(0, len(sockets), size))
