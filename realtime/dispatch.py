"""Puts the jobs of accepted answers on their stream at once, so that no grader waits for a pass of the relay.

Their rows say that they are published as soon as they are committed. Where that was not so after all, the relay is told; where
this process ended in between, the sweeper notices.
"""

import asyncio
from collections.abc import Sequence

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import jobs
from db.pool import DATABASE_ERRORS, Pool
from realtime.contracts.streams import BODY_FIELD, JOBS, AnswerJob
from realtime.relay import Relay

log = structlog.get_logger()


class Dispatch:
    """Sends jobs; `send` never waits."""

    def __init__(self, *, pool: Pool, redis: Redis, relay: Relay) -> None:
        self._pool = pool
        self._redis = redis
        self._relay = relay
        self._waiting: list[AnswerJob] = []
        self._work = asyncio.Event()

    def send(self, committed: Sequence[AnswerJob]) -> None:
        """Put these on the stream soon."""
        self._waiting += committed
        self._work.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            await self.flush()

    async def flush(self) -> None:
        """Send what waits; a node that stops does so once more."""
        sending, self._waiting = self._waiting, []
        if not sending:
            return
        adding = asyncio.ensure_future(self._add(sending))
        try:
            try:
                await asyncio.shield(adding)
            except asyncio.CancelledError:
                await adding  # what is on its way arrives, though we are told to stop
                raise
        except (RedisError, OSError) as error:
            log.warning("jobs_left_to_the_relay", count=len(sending), error=repr(error))
            await self._leave_to_relay(sending)

    async def _add(self, sending: list[AnswerJob]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for job in sending:
                pipe.xadd(JOBS, {BODY_FIELD: job.encode()})
            await pipe.execute()

    async def _leave_to_relay(self, sending: list[AnswerJob]) -> None:
        try:
            async with self._pool.acquire() as conn:
                await jobs.republish(conn, [job.job_id for job in sending])
        except DATABASE_ERRORS as error:
            log.warning("jobs_left_to_the_sweeper", count=len(sending), error=repr(error))
        else:
            self._relay.wake()
