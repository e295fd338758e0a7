"""Work that one process at a time does: whoever holds its lock leads, the others stand by.

The lock is held on a connection of its own, for as long as that lasts. PostgreSQL ends the connection of a leader that has said nothing
for five seconds, so one that hangs is replaced, and what it would write when it comes to is refused.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog
from redis.exceptions import RedisError

from db import leads
from db.pool import COMMAND_SECONDS, DATABASE_ERRORS, Connection, connect
from realtime.hints import LEADS, WORK, Hints
from realtime.rest import Rest
from realtime.waking import woken

log = structlog.get_logger()

POLL_SECONDS = 1.0  # between two passes without a hint, for hints can be lost
STAND_BY_SECONDS = 0.5  # between two tries to lead
GIVEN_WAY_SECONDS = 2.0  # until the next try after giving way: whoever asked has led by then
RETRY_SECONDS = 0.5


class Leader:
    """Does `work` on a leading connection, pass after pass; each pass answers whether there is more to do at once.

    A `reluctant` one gives way to a process that is not.
    """

    def __init__(
        self,
        work: Callable[[Connection], Awaitable[bool]],
        *,
        lock: str,
        rest: Rest,
        database_url: str,
        hints: Hints,
        reluctant: bool,
    ) -> None:
        self._do = work
        self._lock = lock
        self._rest = rest
        self._database_url = database_url
        self._hints = hints
        self._reluctant = reluctant
        self._work = asyncio.Event()
        self._leads = False
        self._gives_way = False

    def wake(self) -> None:
        """There is something to do, here or with whoever leads."""
        if self._leads:
            self._work.set()
        else:
            self._hints.say(WORK)

    def overheard(self, hint: Mapping[str, object]) -> None:
        """Take a hint of another process: it has something to do, or would rather lead than we."""
        if not self._leads:
            return
        if "work" in hint:
            self._work.set()
        if "leads" in hint and self._reluctant:
            self._gives_way = True
            self._work.set()

    async def run(self) -> None:
        """Lead or stand by until cancelled."""
        while True:
            try:
                async with self.connected() as conn:
                    await self._stand_by(conn)
                    await self.lead_on(conn)
                await asyncio.sleep(GIVEN_WAY_SECONDS)
            except (*DATABASE_ERRORS, RedisError) as error:
                log.warning("leader_waits", lock=self._lock, error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)
            finally:
                self._leads = False

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        """Open a connection to lead on."""
        conn = await connect(
            self._database_url, application_name="interlock-leader", command_seconds=COMMAND_SECONDS
        )
        try:
            yield conn
        finally:
            conn.terminate()  # nothing is worth waiting for, and the lock goes with it

    async def try_to_lead(self, conn: Connection) -> bool:
        """Lead from here on, if nobody does; another is told that there is somebody who would."""
        if await leads.take(conn, self._lock):
            return True
        if not self._reluctant:
            self._hints.say(LEADS)
        return False

    async def lead_on(self, conn: Connection) -> None:
        """Do pass after pass on a connection that leads, until this one gives way."""
        self._leads, self._gives_way = True, False
        while not self._gives_way:
            began = time.monotonic()
            more = await self._do(conn)
            if more:
                continue
            await asyncio.sleep(self._rest.after(time.monotonic() - began))
            await woken(self._work, within=POLL_SECONDS)
            self._work.clear()
        self._leads = False
        await leads.give_up(conn, self._lock)

    async def _stand_by(self, conn: Connection) -> None:
        while True:
            if await self.try_to_lead(conn):
                return
            await asyncio.sleep(STAND_BY_SECONDS)
