"""The watcher: with every renewal of the lease it compares what this node holds with the database, for hints can be lost."""

import asyncio
import time

import structlog

from db import sessions
from db.nodes import HeldSums
from db.pool import DATABASE_ERRORS
from realtime.metrics import CONNECTIONS, HELD
from realtime.sockets.hub import Hub
from realtime.sockets.recruiter import RecruiterNamespace
from realtime.sockets.wire import EngineServer
from realtime.usecases.services import Services

log = structlog.get_logger()

CONNECTIONS_SECONDS = 2.0  # so long after its time is a connection that does not behave cut at most
POSITION_EVERY = 5  # looks


class Watcher:
    """Looks after held sessions and recruiters' rooms."""

    def __init__(self, *, services: Services, hub: Hub, recruiters: RecruiterNamespace) -> None:
        self._services = services
        self._hub = hub
        self._recruiters = recruiters
        self._books: HeldSums | None = None
        self._renewed = asyncio.Event()

    def hear(self, books: HeldSums) -> None:
        """Look soon: the lease was renewed, and this is what the node holds by the database's books."""
        self._books = books
        self._renewed.set()

    async def run(self) -> None:
        """Look until cancelled."""
        look = 0
        while True:
            await self._renewed.wait()
            self._renewed.clear()
            look += 1
            try:
                await self._hub.pay()
                await self.compare()
                await self._recruiters.tail()
                if look % POSITION_EVERY == 0:
                    await self._recruiters.tell_positions()
            except DATABASE_ERRORS as error:
                log.warning("watcher_waits", error=repr(error))

    async def compare(self) -> None:
        """Refresh every held session that has moved on."""
        sums = self._hub.sums()
        HELD.set(sums.sessions)
        if not sums.sessions or self._books == sums:
            return
        async with self._services.pool.acquire() as conn:
            held = {each.session_id: (each.fence, each.progress.revision) for each in self._hub.sessions()}
            rows = await sessions.read_held(conn, list(held))
        for session_id, fence, revision, let_go in rows:
            if let_go or held[session_id] != (fence, revision):
                self._hub.changed(session_id)


async def watch_connections(engine: EngineServer) -> None:
    """Ping connections and cut those that do not behave, until cancelled; apart from the watcher, who may have to wait for a database."""
    while True:
        await asyncio.sleep(CONNECTIONS_SECONDS)
        CONNECTIONS.set(len(engine.wires))
        engine.look_after(time.monotonic())
