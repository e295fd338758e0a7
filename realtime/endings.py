"""Ending tasks for certain."""

import asyncio
from collections.abc import Collection
from typing import Any

_AGAIN_SECONDS = 1.0


async def end(tasks: Collection["asyncio.Future[Any]"]) -> None:
    """Cancel tasks until they have ended; what they raised stays theirs.

    Once is not enough: `asyncio.wait_for` before Python 3.12, in our libraries too, loses a cancellation that comes
    together with what it waited for.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_AGAIN_SECONDS)
