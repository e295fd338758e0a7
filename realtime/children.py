"""Child processes of `interlock up`: started, started again when they end, and stopped in order.

A child gets its settings through its standard input, and waits for them: so it can be warmed up (its imports take
seconds) while the stores are started and the data is loaded, and cannot be ready before it was told.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from db.embedded.process import dying_with_parent, stop_process

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0  # seconds between an end and the next start
_SETTLED_SECONDS = 10.0  # who lived this long starts again without a pause
_DRAIN_SECONDS = 20.0


class Child:
    """One process of the product that is there again soon after it ends."""

    def __init__(self, name: str, command: str) -> None:
        self.name = name
        self.quick_ends = 0
        self._command = [sys.executable, "-P", "-m", "realtime.cli", command, "--when-told"]
        self._told = b""
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due: float | None = None

    @property
    def pid(self) -> int:
        """The process id of the present incarnation; 0 before the first start."""
        return 0 if self._process is None else self._process.pid

    @property
    def due(self) -> float | None:
        """When it is to be started again (monotonic seconds); None while it runs."""
        return self._due

    def warm_up(self) -> None:
        """Start the process, which then waits for its settings; it is killed when we end, whatever ends us."""
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGKILL),  # noqa: PLW1509  # up has a single thread
        )
        self._started = time.monotonic()
        self._due = None

    def start(self, told: bytes) -> None:
        """Tell the process its settings, and start it first where it was not warmed up."""
        self._told = told
        if self._process is None:
            self.warm_up()
        self._tell()

    def look(self) -> int | None:
        """Notice an end and plan the next start; returns the exit code the first time it is seen."""
        if self._process is None or self._due is not None:
            return None
        code = self._process.poll()
        if code is None:
            return None
        lived = time.monotonic() - self._started
        self.quick_ends = 0 if lived > _SETTLED_SECONDS else self.quick_ends + 1
        pause = min(_FIRST_PAUSE * 2**self.quick_ends, _LONGEST_PAUSE)
        self._due = time.monotonic() + pause
        return code

    def start_if_due(self) -> bool:
        """Start it again when its time has come; says whether it did."""
        if self._due is None or time.monotonic() < self._due:
            return False
        self.warm_up()
        self._tell()
        return True

    def _tell(self) -> None:
        if self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):  # it has ended, which `look` will notice
            self._process.stdin.write(self._told)
            self._process.stdin.close()

    def ask_to_stop(self) -> None:
        """Send SIGTERM and return at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_or_kill(self) -> None:
        """Wait for the end that was asked for; kill after 20 s."""
        if self._process is not None:
            stop_process(self._process, ((signal.SIGTERM, _DRAIN_SECONDS),))


def stop_together(children: Sequence[Child]) -> None:
    """Ask all of them to stop, then wait for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_or_kill()
