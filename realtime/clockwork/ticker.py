"""Ticks: every held session once a period, spread over it so that thousands do not burst."""

import asyncio
from collections.abc import Callable

from realtime.metrics import TICKS
from realtime.sockets.hub import TICK_SLOTS, Hub


async def tick(hub: Hub, *, period: float) -> None:
    """Tick until cancelled, `period` in seconds; a stall is not made up for, the next ticks supersede what it cost."""
    sent, dropped = TICKS.labels("sent"), TICKS.labels("dropped")
    slot = 0

    def tick_slot() -> None:
        nonlocal slot
        went, stayed = hub.tick_slot(slot)
        sent.inc(went)
        dropped.inc(stayed)
        slot = (slot + 1) % TICK_SLOTS

    await every(period / TICK_SLOTS, tick_slot, catch_up=period)


async def every(seconds: float, call: Callable[[], None], *, catch_up: float) -> None:
    """Call again and again until cancelled, or until a call raises; who comes late catches up by `catch_up` at most.

    Called by the loop itself: a task that sleeps costs a second turn of the loop each time, 25 times a second for ever.
    """
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    due = loop.time()
    timer: asyncio.TimerHandle | None = None

    def again() -> None:
        nonlocal due, timer
        try:
            call()
        except Exception as error:  # noqa: BLE001 - raised where it is awaited
            over.set_exception(error)
            return
        due = max(due + seconds, loop.time() - catch_up)
        timer = loop.call_at(due, again)

    again()
    try:
        await over
    finally:
        if timer is not None:
            timer.cancel()
