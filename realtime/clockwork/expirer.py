"""The expirer: sleeps until the next deadline, and closes what is due. Every node runs it."""

import asyncio

import asyncpg
import structlog

from db import sessions
from realtime.metrics import CLOSED
from realtime.usecases.expire import BATCH, close_due
from realtime.usecases.services import Services

log = structlog.get_logger()

LONGEST_SLEEP = 1.0  # seconds: another node may have set a nearer deadline meanwhile
SHORTEST_SLEEP = 0.02  # while another node is still at it
RETRY_SECONDS = 0.25


async def expire(services: Services) -> None:
    """Close due questions until cancelled."""
    while True:
        try:
            due = await close_due(services)
            CLOSED.inc(due)
            if due == BATCH:
                continue
            delay = await _until_next(services)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            log.warning("expirer_waits", error=repr(error))
            delay = RETRY_SECONDS
        await asyncio.sleep(delay)


async def _until_next(services: Services) -> float:
    async with services.pool.acquire() as conn:
        seconds = await sessions.next_deadline(conn)
    if seconds is None:
        return LONGEST_SLEEP
    until = seconds + services.rules.grace.total_seconds()
    return min(max(until, SHORTEST_SLEEP), LONGEST_SLEEP)
