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
from realtime.contracts.streams import JOBS, AnswerJob
from realtime.relay import Relay, put_jobs

log = structlog.get_logger()


class Dispatch:
    """Sends jobs; `send` never waits."""

    def __init__(self, *, pool: Pool, redis: Redis, relay: Relay) -> None:
        self._pool = pool
        self._redis = redis
        self._relay = relay
        self._waiting: list[AnswerJob] = []
        self._sender: asyncio.Task[None] | None = None

    def send(self, committed: Sequence[AnswerJob]) -> None:
        """Put these on the stream: now, or with what else has come once those before are there."""
        self._waiting += committed
        if self._sender is None:
            # begun here: woken up, it would come behind all the replies to those whose answers these are
            self._sender = asyncio.get_running_loop().create_task(self._send())

    async def close(self) -> None:
        """Wait until nothing is on its way."""
        if self._sender is not None:
            await self._sender

    async def _send(self) -> None:
        try:
            while self._waiting:
                sending, self._waiting = self._waiting, []
                try:
                    await put_jobs(self._redis, [(JOBS, job.encode()) for job in sending])
                except (RedisError, OSError) as error:
                    log.warning("jobs_left_to_the_relay", count=len(sending), error=repr(error))
                    await self._leave_to_relay(sending)
        finally:
            self._sender = None

    async def _leave_to_relay(self, sending: list[AnswerJob]) -> None:
        try:
            async with self._pool.acquire() as conn:
                await jobs.republish(conn, [job.job_id for job in sending])
        except DATABASE_ERRORS as error:
            log.warning("jobs_left_to_the_sweeper", count=len(sending), error=repr(error))
        else:
            self._relay.wake()
