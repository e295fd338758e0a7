"""The consumer groups: made before anything is read, and kept free of what dead consumers left."""

import asyncio

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from consumers import entries
from consumers.entries import Batch, Entry
from realtime.contracts.streams import BODY_FIELD, GRADERS, JOBS, SUMMARIES

log = structlog.get_logger()

LOOK_SECONDS = 15.0
# No handler holds a batch that long; the sweeper has asked for its jobs again by then.
STALE_MS = 60_000
GONE_MS = 3_600_000
_BATCH = 500
_TIDIER = "tidier"  # the name under which what is stale is taken over, in whichever process


async def create(redis: Redis) -> None:
    """Make the groups, from the streams' beginnings: FastStream's own would begin at their ends."""
    for stream in (JOBS, SUMMARIES):
        try:
            await redis.xgroup_create(stream, GRADERS, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise


async def tidy(redis: Redis) -> None:
    """Keep the groups tidy until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            for stream in (JOBS, SUMMARIES):
                while await drop_stale(redis, stream, idle_ms=STALE_MS) == _BATCH:
                    pass
                await _forget_consumers(redis, stream)
        except RedisError as error:
            log.warning("groups_not_tidied", error=str(error))


async def drop_stale(redis: Redis, stream: str, *, idle_ms: int) -> int:
    """Have done with entries that were delivered long ago to somebody who never acknowledged them; answers how many.

    Nothing is lost with jobs: their rows are in PostgreSQL, and the sweeper publishes what is not settled again; graded from here,
    poison would be redelivered for ever. What is no job has no row, and moves to the dead letters now. Claiming them first makes sure
    that only one of us writes those.
    """
    _, claimed, *_ = await redis.xautoclaim(stream, GRADERS, _TIDIER, min_idle_time=idle_ms, count=_BATCH)
    field = BODY_FIELD.encode()
    batch = Batch(stream, tuple(Entry(entry_id, fields.get(field)) for entry_id, fields in claimed))
    if batch.entries:
        _, unreadable = entries.sort(batch)
        await entries.acknowledge(redis, batch, unreadable=unreadable)
    return len(batch.entries)


async def _forget_consumers(redis: Redis, stream: str) -> None:
    for consumer in await redis.xinfo_consumers(stream, GRADERS):
        if consumer["pending"] == 0 and consumer["idle"] > GONE_MS:
            await redis.xgroup_delconsumer(stream, GRADERS, consumer["name"])
