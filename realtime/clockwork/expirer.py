"""The expirer: sleeps until the next deadline, and closes what is due. Every node runs it."""

import asyncio
import time
from uuid import UUID

import structlog

from db import sessions
from db.pool import DATABASE_ERRORS
from realtime.metrics import CLOSED
from realtime.usecases.expire import BATCH, CloseFailed, close_due
from realtime.usecases.services import Services
from realtime.waking import woken

log = structlog.get_logger()

LONGEST_SLEEP = 60.0  # seconds, where nobody says that a nearer deadline was set meanwhile
SHORTEST_SLEEP = 0.02  # while another node is still at it
NEARER = 0.01  # seconds sooner than known: less is the inaccuracy of two readings
RETRY_SECONDS = 0.25
SET_ASIDE_SECONDS = (
    60.0  # how long a session that cannot be closed is left alone, so that it stops nobody else
)


class Expirer:
    """Closes due questions; one session that cannot be closed never keeps another from it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._wakes_at = 0.0  # steady seconds
        self._wake = asyncio.Event()
        self._singly = False
        self._set_aside: dict[UUID, float] = {}

    def hear(self, due_in: float | None) -> None:
        """The next deadline of all is so many seconds away: wake earlier where that is sooner than was known."""
        if due_in is not None and time.monotonic() + self._with_grace(due_in) < self._wakes_at - NEARER:
            self._wake.set()

    async def run(self) -> None:
        """Close until cancelled."""
        while True:
            try:
                delay = await self.work_once()
            except DATABASE_ERRORS as error:
                log.warning("expirer_waits", error=repr(error))
                delay = RETRY_SECONDS
            await self._rest(delay)

    async def work_once(self) -> float:
        """Close one batch, if any is due; answers the seconds until there may be more to close."""
        until = await self._until_next()
        if until > 0:
            return min(until, LONGEST_SLEEP)
        return 0.0 if await self._close() else SHORTEST_SLEEP

    async def _close(self) -> bool:
        """Close one batch; answers whether there may be more that are due to this node now."""
        now = time.monotonic()
        self._set_aside = {key: until for key, until in self._set_aside.items() if until > now}
        limit = 1 if self._singly else BATCH
        try:
            due = await close_due(self._services, limit=limit, set_aside=self._set_aside)
        except CloseFailed as failed:
            log.exception("close_failed", sessions=[str(key) for key in failed.session_ids])
            if len(failed.session_ids) == 1:
                self._set_aside[failed.session_ids[0]] = now + SET_ASIDE_SECONDS
            self._singly = len(failed.session_ids) > 1 or self._singly
            return True
        CLOSED.inc(due)
        self._singly = self._singly and due == limit
        return due > 0

    async def _until_next(self) -> float:
        async with self._services.pool.acquire() as conn:
            seconds = await sessions.next_deadline(conn)
        if seconds is None:
            return LONGEST_SLEEP
        return self._with_grace(seconds)

    def _with_grace(self, seconds: float) -> float:
        return seconds + self._services.rules.grace.total_seconds()

    async def _rest(self, seconds: float) -> None:
        self._wakes_at = time.monotonic() + seconds
        await woken(self._wake, within=seconds)
        self._wake.clear()
