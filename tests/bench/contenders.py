"""Servers that tick: ours, and those beside it."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.bench.child import Child
from tests.bench.orders import Kind
from tests.bench.peers import FOLDER
from tests.bench.place import Place


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that holds sessions and ticks each once a second; started on a database, which peers do without."""

    name: str
    kind: Kind
    start: Callable[[Place, str], Awaitable[Child]]


async def _ours(place: Place, database_url: str) -> Child:
    return await place.serve(database_url)


async def _socketio(place: Place, _database_url: str) -> Child:
    return await place.peer([place.node_program, str(FOLDER / "ticks" / "server.mjs")])


async def _bare(place: Place, _database_url: str) -> Child:
    return await place.peer([sys.executable, "-P", "-m", "tests.bench.peers.bare"])


OURS = Contender("ours", "socketio", _ours)
SOCKETIO = Contender("Node socket.io", "socketio", _socketio)
BARE = Contender("bare aiohttp", "bare", _bare)
