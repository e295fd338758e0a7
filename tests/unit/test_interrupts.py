"""A signal during the start of `up` cancels what is being done; it never interrupts the event loop."""

import subprocess
import sys

import pytest

from tests.processes import environment

# A process of its own: signals stay blocked after the first.
SCRIPT = """
import asyncio, os, signal
from realtime import interrupts

async def work():
    {first}
    print("went on to where it waits")
    {then}

async def closing():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.01)
        print("closed")
        raise

async def that_loses_a_cancellation():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(60)

interrupts.end_by_signals()
asyncio.run(interrupts.interruptible(work()))
print("not reached")
"""
WENT_ON = "went on to where it waits\n"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("await closing()", f"{WENT_ON}closed\n"),
        ("await that_loses_a_cancellation()", WENT_ON),
        ("return  # as the signal came", WENT_ON),
        ("raise ValueError", WENT_ON),
    ],
)
@pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_lets_the_work_go_on_to_where_it_waits_and_ends_it_there(
    signal: str, then: str, said: str
) -> None:
    ended = outcome(first=f"os.kill(os.getpid(), signal.{signal})", then=then)
    assert (ended.stdout, ended.returncode) == (said, 0), ended.stderr


def test_work_that_nothing_interrupts_ends_as_it_ends() -> None:
    ended = outcome(first="pass", then="return")
    assert (ended.stdout, ended.returncode) == (f"{WENT_ON}not reached\n", 0), ended.stderr


def outcome(*, first: str, then: str) -> "subprocess.CompletedProcess[str]":
    """What becomes of a process whose work begins and ends like this."""
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(first=first, then=then)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
