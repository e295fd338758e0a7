"""What stops `up` while it starts: a signal, once, and never in the middle of an event loop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterable
from types import FrameType
from typing import Any, NoReturn

from realtime.endings import end

STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


def end_by_signals() -> None:
    """Make every signal of `STOP` raise SystemExit wherever we are: KeyboardInterrupt within an import would make Python end with 130, caught or not."""
    _let_signals(_exit)


async def interruptible(work: Coroutine[Any, Any, None]) -> None:
    """Do `work`, which a signal cancels and waits for, to raise SystemExit then.

    Raised by the signal itself, in the middle of the loop or of a driver, it leaves connections behind that nobody tends: closing
    them waited for ever.
    """
    # the loop's own handlers leave the default behind them, which would end us without cleaning up
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    _let_signals(lambda: loop.call_soon_threadsafe(told.set))
    tasks = [asyncio.create_task(work), asyncio.create_task(told.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    end_by_signals()
    await end(tasks)  # a signal that came as the work ended is told meanwhile
    if told.is_set():
        _exit()
    tasks[0].result()


def block(signals: Iterable[signal.Signals]) -> None:
    """Hold signals back, for who waits for them, or because nothing may interrupt what is done now."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)


def _let_signals(stop: Callable[[], object]) -> None:
    """Have the first signal do this; the others are held back, so that nothing interrupts the cleaning up."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        block(STOP)
        stop()

    for number in STOP:
        signal.signal(number, interrupt)


def _exit() -> NoReturn:
    raise SystemExit(0)
