"""Runs a module as `python -m tests.faults.wrong_clock SECONDS MODULE ARGUMENT…` would, on a machine whose clock is wrong.

For where Debian's libfaketime is not installed. Everything that Python asks for the time of day is off by so many
seconds; steady clocks are right, as they are on such a machine.
"""

import datetime  # noqa: ICN001 - the module itself is what is changed
import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIBRARY = "faketime/libfaketime.so.1"
NANOSECONDS = 1_000_000_000


def preload() -> Path | None:
    """Where libfaketime is, if it is installed."""
    return next(Path("/usr/lib").glob(f"*/{LIBRARY}"), None)


def settings(seconds: int) -> dict[str, str]:
    """The environment that makes libfaketime set a process's clock wrong."""
    library = preload()
    if library is None:
        return {}
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def launcher(seconds: int) -> list[str]:
    """The module that does it in its place, with its argument; nothing where libfaketime does it."""
    return [] if preload() is not None else [__name__, str(seconds)]


def set_wrong(seconds: int) -> None:
    """Set this process's clock wrong, before anything that reads it is imported."""
    real_time, real_time_ns, real_gettime = time.time, time.time_ns, time.clock_gettime
    off = datetime.timedelta(seconds=seconds)
    real = datetime.datetime

    def gettime(clock: int) -> float:
        return real_gettime(clock) + (seconds if clock == time.CLOCK_REALTIME else 0)

    class LikeDatetime(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real)

    class WrongDatetime(real, metaclass=LikeDatetime):  # type: ignore[valid-type, misc]
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return real(
                *args, **kwargs
            )  # what is made here is the real thing: a class of our own would be no JSON

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return real.now(tz) + off

        @classmethod
        def utcnow(cls) -> Any:
            return real.now(datetime.UTC).replace(tzinfo=None) + off

    replacements: dict[str, Callable[..., Any]] = {
        "time": lambda: real_time() + seconds,
        "time_ns": lambda: real_time_ns() + seconds * NANOSECONDS,
        "clock_gettime": gettime,
    }
    for name, replacement in replacements.items():
        setattr(time, name, replacement)
    datetime.datetime = WrongDatetime  # type: ignore[misc]


if __name__ == "__main__":
    _, offset, module, *arguments = sys.argv
    set_wrong(int(offset))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
