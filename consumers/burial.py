"""Dead letters: each job given up on is told on the dead-letter stream, from its row in PostgreSQL."""

import asyncio

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import jobs
from db.jobs import DeadJob
from db.pool import PASSING, Pool
from realtime.contracts.streams import BODY_FIELD, DEAD, DeadLetter
from realtime.waking import woken

log = structlog.get_logger()

LOOK_SECONDS = 10.0
_BATCH = 100


class Burial:
    """Writes dead letters; one that was written and not marked, for a crash in between, is written again."""

    def __init__(self, *, pool: Pool, redis: Redis) -> None:
        self._pool = pool
        self._redis = redis
        self._died = asyncio.Event()

    def wake(self) -> None:
        """A job has died."""
        self._died.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                while await self.bury() == _BATCH:
                    pass
            except (*PASSING, RedisError) as error:
                log.warning("dead_letters_wait", error=type(error).__name__)
            await woken(self._died, within=LOOK_SECONDS)
            self._died.clear()

    async def bury(self) -> int:
        """Write the letters that are missing, at most a batch; answers how many."""
        async with self._pool.acquire() as conn, conn.transaction():
            dead = await jobs.take_unburied(conn, limit=_BATCH)
            if dead:
                async with self._redis.pipeline(transaction=True) as pipe:
                    for job in dead:
                        pipe.xadd(DEAD, {BODY_FIELD: _letter(job).encode()})
                    await pipe.execute()
                await jobs.mark_buried(conn, [job.id for job in dead])
            return len(dead)


def _letter(job: DeadJob) -> DeadLetter:
    return DeadLetter(
        reason=job.last_error,
        at=job.at,
        job_id=job.id,
        kind=job.kind,
        answer_id=job.answer_id,
        session_id=job.session_id,
        attempts=job.attempt,
    )
