"""The consumer groups: made before anything is read, and kept free of what dead consumers left."""

import asyncio

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from realtime.contracts.streams import GRADERS, JOBS, SUMMARIES

log = structlog.get_logger()

LOOK_SECONDS = 15.0
# No handler holds a batch that long; the sweeper has asked for its jobs again by then.
STALE_MS = 60_000
GONE_MS = 3_600_000
_BATCH = 500


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
                await drop_stale(redis, stream, idle_ms=STALE_MS)
                await _forget_consumers(redis, stream)
        except RedisError as error:
            log.warning("groups_not_tidied", error=str(error))


async def drop_stale(redis: Redis, stream: str, *, idle_ms: int) -> int:
    """Acknowledge entries that were delivered long ago to somebody who never did; answers how many.

    Nothing is lost with them: their jobs' rows are in PostgreSQL, and the sweeper publishes what is not settled again.
    Claiming the entries themselves would redeliver poison for ever.
    """
    pending = await redis.xpending_range(stream, GRADERS, min="-", max="+", count=_BATCH, idle=idle_ms)
    ids = [entry["message_id"] for entry in pending]
    if ids:
        await redis.xack(stream, GRADERS, *ids)
    return len(ids)


async def _forget_consumers(redis: Redis, stream: str) -> None:
    for consumer in await redis.xinfo_consumers(stream, GRADERS):
        if consumer["pending"] == 0 and consumer["idle"] > GONE_MS:
            await redis.xgroup_delconsumer(stream, GRADERS, consumer["name"])
