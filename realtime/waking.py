"""Waiting for an event, but not for ever."""

import asyncio
from contextlib import suppress


async def woken(event: asyncio.Event, *, within: float) -> None:
    """Wait for an event, for so many seconds at most.

    Not `asyncio.wait_for`: before Python 3.12 it can swallow a cancellation that comes together with the event.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await event.wait()
