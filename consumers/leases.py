"""Leases on jobs: taken with an attempt number, kept alive by heartbeats, handed back at a stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from db import jobs
from db.jobs import Claim, Held
from db.pool import PASSING, Pool

log = structlog.get_logger()


class Leases:
    """The leases of this process; `seconds` is how long one lasts without a heartbeat."""

    def __init__(self, pool: Pool, *, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        # by attempt: one that lost its lease may still run beside the next
        self._held: set[Held] = set()

    @asynccontextmanager
    async def take(self, job_id: UUID) -> AsyncIterator[Claim | None]:
        """Hold a job for the block; None where it is settled, leased, or put off. A cancelled block's lease is kept."""
        async with self._pool.acquire() as conn:
            claim = await jobs.claim(conn, job_id, lease=self._seconds)
        if claim is None:
            yield None
            return
        lease = Held(job_id=job_id, attempt=claim.attempt)
        self._held.add(lease)
        try:
            yield claim
        except asyncio.CancelledError:
            raise  # for hand_back
        except BaseException:
            self._held.discard(lease)
            raise
        self._held.discard(lease)

    async def beat(self) -> None:
        """Renew what is held, three times in a lease's length, until cancelled."""
        while True:
            await asyncio.sleep(self._seconds / 3)
            try:
                await self.renew()
            except PASSING as error:
                log.warning("leases_not_renewed", count=len(self._held), error=type(error).__name__)

    async def renew(self) -> None:
        """Extend every lease that is held by its full length from now."""
        held = list(self._held)
        if held:
            async with self._pool.acquire() as conn:
                renewed = await jobs.renew(conn, held, lease=self._seconds)
            if lost := [lease for lease in held if lease not in renewed and lease in self._held]:
                log.warning("leases_lost", jobs=[str(lease.job_id) for lease in lost])

    async def hand_back(self) -> None:
        """Return what cancelled work still holds, for others to take at once."""
        held = list(self._held)
        self._held.clear()
        if held:
            async with self._pool.acquire() as conn:
                await jobs.hand_back(conn, held)
