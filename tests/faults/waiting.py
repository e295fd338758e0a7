"""Waiting for what other processes write, as it can be seen in the database."""

import asyncio
from collections.abc import Callable
from typing import Any

from db.pool import connect

WAIT_SECONDS = 60
LOOK_SECONDS = 0.1


async def until(database_url: str, query: str, subject: object, holds: Callable[[Any], object]) -> None:
    """Wait until this holds of the query's row."""
    conn = await connect(database_url)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while not holds(await conn.fetchrow(query, subject)):
                await asyncio.sleep(LOOK_SECONDS)
    finally:
        await conn.close()
