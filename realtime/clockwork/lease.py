"""The node's heartbeat: once a second it renews the lease and the service's sign of life, and hears what has changed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from db import nodes
from db.nodes import Renewed
from db.pool import DATABASE_ERRORS
from realtime.clock import NodeClock
from realtime.metrics import CREDITED
from realtime.usecases.credit import credit_outage
from realtime.usecases.expire import end_overlong_pauses
from realtime.usecases.join import release_dead
from realtime.usecases.services import Services
from realtime.usecases.standing import LIVENESS_GAP

log = structlog.get_logger()

RENEW_SECONDS = 1.0
RETRY_SECONDS = 0.25
PAUSES_EVERY = 5  # renewals: the longest pause is a day


class Lease:
    """Keeps this node alive in the others' eyes, and the clock estimate true; `hear` is told of every renewal."""

    def __init__(
        self, *, services: Services, clock: NodeClock, address: str, hear: Callable[[Renewed], None]
    ) -> None:
        self._services = services
        self._clock = clock
        self._address = address
        self._length = timedelta(seconds=services.settings.lock_seconds)
        self._hear = hear
        self._renewals = 0

    async def renew(self) -> None:
        """Renew once: an outage is credited before anything else can happen by the clock."""
        asked_at = self._clock.monotonic()
        async with self._services.pool.acquire() as conn:
            renewed = await nodes.renew(
                conn,
                self._services.node_id,
                address=self._address,
                lease=self._length,
                newer_than=LIVENESS_GAP,
            )
        self._clock.adjust(renewed.now, asked_at=asked_at)
        if not renewed.alive:
            credited = await credit_outage(self._services)
            CREDITED.inc(credited)
            log.info("outage_credited", sessions=credited)
        self._hear(renewed)
        if renewed.dead_hold:
            await release_dead(self._services)
        self._renewals += 1
        if self._renewals % PAUSES_EVERY == 1:
            await end_overlong_pauses(self._services)

    async def run(self) -> None:
        """Renew until cancelled."""
        while True:
            try:
                await self.renew()
                delay = RENEW_SECONDS
            except DATABASE_ERRORS as error:
                log.warning("lease_not_renewed", error=repr(error))
                delay = RETRY_SECONDS
            await asyncio.sleep(delay)

    async def retire(self) -> None:
        """Give the lease up: what this node still holds is free."""
        async with self._services.pool.acquire() as conn:
            await nodes.retire(conn, self._services.node_id)
            await nodes.forget_dead(conn)
