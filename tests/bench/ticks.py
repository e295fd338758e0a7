"""Ticks: what one costs our node, Node's socket.io and a bare aiohttp WebSocket, and how evenly they come."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.accounts import cpu, memory_bytes, open_files_limit
from tests.bench.child import Child
from tests.bench.contenders import BARE, OURS, SOCKETIO, Contender
from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import Bar, Figure, of_medians
from tests.bench.options import Options
from tests.bench.orders import Heard
from tests.bench.place import Place
from tests.bench.seats import Seat, furnish

log = logging.getLogger("bench")

CONTENDERS = (OURS, SOCKETIO, BARE)
SETTLE_SECONDS = 4.0  # for what a join leaves behind: numbered events, the watcher's first look
GAPS_AT = 2_000
KIB = 1024


@dataclass(frozen=True, slots=True)
class Window:
    """What one server did in one window."""

    size: int
    cpu_us: float  # a tick that a client received
    heard: Heard


@dataclass(frozen=True, slots=True)
class Run:
    """One server in one round, with more and more sessions."""

    windows: tuple[Window, ...]
    kib_per_session: float
    open_files: int

    def at(self, size: int) -> Window:
        """The window with `size` sessions."""
        return next(window for window in self.windows if window.size == size)


async def measure(place: Place, options: Options) -> list[Figure]:
    """Measure each contender in turn, as many rounds as are wanted."""
    database_url = await place.database()
    hall = await furnish(database_url, max(options.sizes))
    runs: dict[str, list[Run]] = {contender.name: [] for contender in CONTENDERS}
    for number in range(options.rounds):
        for contender in CONTENDERS:
            log.info("ticks, round %d of %d: %s", number + 1, options.rounds, contender.name)
            server = await contender.start(place, database_url)
            try:
                async with crowd() as clients:
                    run = await _run(contender, server, clients, seats=hall.seats, options=options)
            finally:
                place.end(server)
            runs[contender.name].append(run)
    return [*_costs(runs, options.sizes), *_gaps(runs, options.sizes), *_room(runs)]


async def _run(
    contender: Contender, server: Child, clients: Crowd, *, seats: Sequence[Seat], options: Options
) -> Run:
    before, inside = memory_bytes(server.pid), 0
    windows = []
    for size in options.sizes:
        arrived = await clients.connect(contender.kind, server, seats[inside:size], resumes=True)
        if arrived.joined != size - inside:
            raise RuntimeError(
                f"{contender.name}: not everybody came in: {arrived}; it says {server.last_words}"
            )
        inside = size
        await asyncio.sleep(0 if options.quick else SETTLE_SECONDS)
        windows.append(await window(server, clients, size=size, seconds=options.window_seconds))
    after = memory_bytes(server.pid)
    return Run(tuple(windows), (after - before) / KIB / inside, open_files_limit(server.pid))


async def window(server: Child, clients: Crowd, *, size: int, seconds: float) -> Window:
    """Watch a server for a while: its whole CPU, over the ticks that clients received."""
    await clients.begin()
    before = cpu(server.pid)
    await asyncio.sleep(seconds)
    used = cpu(server.pid).since(before)
    heard = await clients.tell()
    if not heard.ticks:
        raise RuntimeError(f"{server.name}: no tick came in {seconds} s")
    seen = Window(size, used * 1e6 / heard.ticks, heard)
    log.info("  %5d sessions: %.1f µs a tick, %s", size, seen.cpu_us, heard)
    return seen


def _costs(runs: dict[str, list[Run]], sizes: Sequence[int]) -> Iterator[Figure]:
    def costs(contender: Contender, size: int) -> list[float]:
        return [run.at(size).cpu_us for run in runs[contender.name]]

    for size in sizes:
        for peer, limit in ((SOCKETIO, 0.7), (BARE, 1.2)):
            yield of_medians(
                f"CPU a tick, {size:,} sessions",
                unit="µs",
                samples=costs(OURS, size),
                peer=peer.name,
                peer_samples=costs(peer, size),
                bar=Bar("<=", limit),
            )
    yield of_medians(
        f"CPU a tick, {sizes[-1]:,} sessions",
        unit="µs",
        samples=costs(OURS, sizes[-1]),
        peer=f"ours at {sizes[0]:,}",
        peer_samples=costs(OURS, sizes[0]),
        bar=Bar("<=", 1.15),
    )


def _gaps(runs: dict[str, list[Run]], sizes: Sequence[int]) -> Iterator[Figure]:
    for contender in CONTENDERS:
        whose = "" if contender is OURS else f" of {contender.name}"
        for size in sizes:
            heard = [run.at(size).heard for run in runs[contender.name]]
            yield of_medians(
                f"gap between ticks p99{whose}, {size:,} sessions",
                unit="ms",
                samples=[each.gap_p99_ms for each in heard],
                bar=Bar("<=", 1_050) if contender is OURS and size == GAPS_AT else None,
                note=f"max {max(each.gap_max_ms for each in heard):.0f}",
            )
            yield of_medians(
                f"ticks a session and second{whose}, {size:,} sessions",
                unit="",
                samples=[each.ticks / each.seconds / size for each in heard],
                note=f"{sum(each.silent for each in heard)} silent, {sum(each.lost for each in heard)} lost",
            )


def _room(runs: dict[str, list[Run]]) -> Iterator[Figure]:
    for contender in CONTENDERS:
        own = contender is OURS
        yield of_medians(
            "memory a live session" + ("" if own else f" of {contender.name}"),
            unit="KiB",
            samples=[run.kib_per_session for run in runs[contender.name]],
            bar=Bar("<=", 40, goal=32) if own else None,
        )
    yield Figure("files that a node may have open", "", runs[OURS.name][0].open_files)
