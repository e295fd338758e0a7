"""Waiting for PostgreSQL to come back, so that a short absence costs a pause and not a batch."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from db.pool import PASSING

log = structlog.get_logger()

PAUSE_SECONDS = 0.5

Answer = TypeVar("Answer")


async def patiently(action: Callable[[], Awaitable[Answer]]) -> Answer:
    """Do it, and again after a pause as long as what stops it is passing."""
    while True:
        try:
            return await action()
        except PASSING as error:
            log.warning("database_awaited", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
