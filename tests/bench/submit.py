"""Durable graded answers: over HTTP, over Socket.IO, and beside them the Node peer; CPU, and how soon a recruiter sees them."""

import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from db.pool import connect
from tests.bench import accounts
from tests.bench.child import Child
from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.bench.place import Place
from tests.bench.seats import MCQ, Hall, furnish
from tests.bench.submit_figures import compare, judge_steady
from tests.bench.submit_load import QUESTIONS, Books, Load, Sittings, Way, Window
from tests.bench.submit_peer import furnish_peer, node_peer
from tests.bench.submit_socket import SocketConnection
from tests.bench.submit_ways import ByHttp, BySocket

log = logging.getLogger("bench")

CLIENTS = 32
WARM_UP_SECONDS = 3.0
MOST_ANSWERS_A_SECOND = 2_500  # more sittings than this rate uses up are not made
RATE = 100.0  # answers a second, the load of issue 4's bar
STORED = Path(__file__).with_name("submit_stored.sql").read_text("utf-8")
STAT = Path("/proc/stat")
# Bars are for the ordinary one: see peers/answers/settings.js for what the other has beside it.
PEERS = {"node": {"PEER_TUNED": "0"}, "tuned": {"PEER_TUNED": "1"}}

Reach = Callable[[tuple[str, int]], Way]


class AnswersMissing(Exception):
    """Answers that were seen evaluated are not in the tables, or the other way round."""


@dataclass(frozen=True, slots=True)
class Side:
    """One server with its background process, under measurement."""

    name: str
    server: Child
    background: Child
    database_url: str
    sittings: Sittings


async def measure(place: Place, options: Options) -> list[Figure]:
    """Measure ours over HTTP and Socket.IO, and both Node peers over HTTP, in turn, round after round."""
    warm_up = 0.3 if options.quick else WARM_UP_SECONDS
    windows: dict[str, list[Window]] = {kind: [] for kind in ("http", "socket", *PEERS)}
    async with AsyncExitStack() as stack:
        ours, *peers = sides = await _sides(place, stack, seats=_seats(options, warm_up))
        turns: list[tuple[str, Side, Reach]] = [("http", ours, ByHttp)]
        turns += [(peer.name, peer, ByHttp) for peer in peers]
        turns += [("socket", ours, BySocket)]
        for number in range(options.rounds):
            for kind, side, reach in turns:
                load = _load(place, side, reach, warm_up=warm_up)
                window = await load.as_fast_as_served(options.window_seconds)
                windows[kind].append(window)
                _tell(f"round {number + 1}, {kind}", window)
        paced = _load(place, ours, ByHttp, warm_up=warm_up)
        steady = await paced.at_rate(RATE, options.window_seconds, rng=Random(1))
        _tell(f"{RATE:.0f} a second", steady)
        for side in sides:
            await _all_are_stored(side)
    return [*compare(windows), *judge_steady(steady, rate=RATE)]


def _seats(options: Options, warm_up: float) -> int:
    """Sittings for the fastest server that we can imagine, and for those that each round leaves half done."""
    answers = MOST_ANSWERS_A_SECOND * (warm_up + options.window_seconds) * options.rounds
    return int(answers / QUESTIONS) + (options.rounds + 1) * CLIENTS


async def _sides(place: Place, stack: AsyncExitStack, *, seats: int) -> list[Side]:
    # all databases first: making one empties Valkey
    database_url = await place.database()
    peer_urls = {name: await place.database(migrated=False) for name in PEERS}
    hall = await furnish(database_url, 2 * seats, questions=(MCQ,) * QUESTIONS)
    node = await place.serve(database_url)
    stack.callback(place.end, node)
    consumer = await place.consume(database_url)
    stack.callback(place.end, consumer)
    sides = [await _side(stack, "ours", (node, consumer), database_url, hall)]
    for name, url in peer_urls.items():
        hall = await furnish_peer(url, seats, questions=QUESTIONS)
        peer = await stack.enter_async_context(node_peer(place, url, name=name, **PEERS[name]))
        sides.append(await _side(stack, name, (peer.server, peer.worker), url, hall))
    return sides


async def _side(
    stack: AsyncExitStack, name: str, children: tuple[Child, Child], database_url: str, hall: Hall
) -> Side:
    side = Side(name, *children, database_url, Sittings(hall))
    await stack.enter_async_context(_recruiter(side, hall))
    await _wake(side)
    return side


async def _wake(side: Side) -> None:
    """Wait until one answer has gone the whole way: graders take their time to start."""
    way, sitting = ByHttp(side.server.address), side.sittings.take()
    await way.begin(sitting)
    side.sittings.will_hear()
    await way.submit(0)
    await side.sittings.quiet()
    way.close()


@asynccontextmanager
async def _recruiter(side: Side, hall: Hall) -> AsyncIterator[None]:
    """A recruiter's dashboard, connected for the length of the block."""
    dashboard = await SocketConnection.open(
        side.server.address,
        namespace="/recruiter",
        token=hall.recruiter_token,
        hear=side.sittings.hear,
        lost=side.sittings.deafen,
    )
    try:
        yield
    finally:
        dashboard.close()


def _load(place: Place, side: Side, reach: Reach, *, warm_up: float) -> Load:
    where = side.server.address
    ways = [reach(where) for _ in range(CLIENTS)]
    return Load(sittings=side.sittings, ways=ways, books=_books(place, side), warm_up=warm_up)


def _books(place: Place, side: Side) -> Books:
    """What each process has used since now, in seconds of CPU; `others` is all that does not belong to this side."""
    pids = {
        "server": side.server.pid,
        "background": side.background.pid,
        "valkey": place.services.redis_pid,
        "clients": os.getpid(),
    }
    before = {name: accounts.cpu(pid) for name, pid in pids.items()}

    def read() -> dict[str, float]:
        used = {name: accounts.cpu(pid).since(before[name]) for name, pid in pids.items()}
        used["postgres"] = accounts.cpu_of_family_seconds(place.services.postgres_pid)
        return used | {"others": machine_seconds() - sum(used.values())}

    return read


def machine_seconds() -> float:
    """CPU that the whole machine has used since it started."""
    user, nice, system, _idle, _waiting, *rest = (int(part) for part in STAT.read_text("ascii").split()[1:9])
    return (user + nice + system + sum(rest)) * accounts.TICK_SECONDS


async def _all_are_stored(side: Side) -> None:
    """Raise AnswersMissing unless every answer that the recruiter heard of is in the tables with its result."""
    conn = await connect(side.database_url)
    try:
        stored = await conn.fetchval(STORED)
    finally:
        await conn.close()
    heard = len(side.sittings.arrivals())
    if stored != heard:
        raise AnswersMissing(f"{side.name}: {heard} seen evaluated, {stored} stored")


def _tell(what: str, window: Window) -> None:
    log.info(
        "%s: %d answers, %.0f/s; CPU ms an answer: server %.2f, graders %.2f, PostgreSQL %.2f, Valkey %.2f;"
        " receipt p50 %.1f p99 %.1f ms; recruiter p50 %.1f p99 %.1f ms; clients used %.2f cores, others %.2f",
        what,
        window.answers,
        window.rate,
        *(window.cpu_ms(name) for name in ("server", "background", "postgres", "valkey")),
        *(window.submit_ms(share) for share in (0.5, 0.99)),
        *(window.evaluated_ms(share) for share in (0.5, 0.99)),
        *(window.cores(name) for name in ("clients", "others")),
    )
