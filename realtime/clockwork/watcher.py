"""The watcher: once a second it compares what this node holds with the database, for hints can be lost."""

import asyncio
import time

import structlog

from db import sessions
from db.pool import DATABASE_ERRORS
from realtime.metrics import CONNECTIONS, HELD
from realtime.sockets.hub import Hub
from realtime.sockets.recruiter import RecruiterNamespace
from realtime.sockets.wire import EngineServer
from realtime.usecases.services import Services

log = structlog.get_logger()

LOOK_SECONDS = 1.0
CONNECTIONS_SECONDS = 2.0  # so long after its time is a connection that does not behave cut at most
POSITION_EVERY = 5  # looks


class Watcher:
    """Looks after held sessions and recruiters' rooms."""

    def __init__(self, *, services: Services, hub: Hub, recruiters: RecruiterNamespace) -> None:
        self._services = services
        self._hub = hub
        self._recruiters = recruiters

    async def run(self) -> None:
        """Look until cancelled."""
        look = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
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
        if not sums.sessions:
            return
        async with self._services.pool.acquire() as conn:
            if await sessions.sum_held(conn, self._services.node_id) == sums:
                return
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
