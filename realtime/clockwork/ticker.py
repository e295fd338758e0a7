"""Ticks: every held session once a period, spread over it so that thousands do not burst."""

import asyncio
import time

from realtime.metrics import TICKS
from realtime.sockets.hub import TICK_SLOTS, Hub


async def tick(hub: Hub, *, period: float) -> None:
    """Tick until cancelled, `period` in seconds; a stall is not made up for, the next ticks supersede what it cost."""
    slot, due = 0, time.monotonic()
    while True:
        due = max(due + period / TICK_SLOTS, time.monotonic() - period)
        await asyncio.sleep(max(due - time.monotonic(), 0))
        sent, dropped = hub.tick_slot(slot)
        TICKS.labels("sent").inc(sent)
        TICKS.labels("dropped").inc(dropped)
        slot = (slot + 1) % TICK_SLOTS
