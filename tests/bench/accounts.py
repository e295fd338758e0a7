"""What a process has used, from the kernel's own books: CPU from the scheduler, memory from its pages."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
KIB = 1024


class BooksDisagree(Exception):
    """The scheduler's time and the process's own differ: threads with time of their own have ended meanwhile."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """The CPU time that a process had used at a moment."""

    scheduled_ns: int
    user_system_seconds: float  # in steps of 10 ms, and with threads that have ended

    def since(self, earlier: "Cpu") -> float:
        """Seconds used since `earlier`; raises BooksDisagree where ended threads make the scheduler's sum too small."""
        scheduled = (self.scheduled_ns - earlier.scheduled_ns) / 1e9
        booked = self.user_system_seconds - earlier.user_system_seconds
        if booked - scheduled > 4 * TICK_SECONDS + 0.05 * booked:
            raise BooksDisagree(f"{booked:.3f} s booked, {scheduled:.3f} s scheduled")
        return scheduled


def cpu(pid: int) -> Cpu:
    """Read what a process, with all its living threads, has used so far."""
    scheduled = 0
    for task in (PROC / str(pid) / "task").iterdir():
        try:
            scheduled += int((task / "schedstat").read_text("ascii").split()[0])
        except (FileNotFoundError, ProcessLookupError):  # a thread that ends while we look
            continue
    times = _times(pid)
    return Cpu(scheduled, (times[0] + times[1]) * TICK_SECONDS)


def cpu_of_family_seconds(pid: int) -> float:
    """Seconds that a server with child processes has used, those included that have ended and been waited for."""
    children = [
        int(child)
        for thread in (PROC / str(pid) / "task").iterdir()
        for child in (thread / "children").read_text("ascii").split()
    ]
    own = cpu(pid).scheduled_ns
    for child in children:
        with suppress(FileNotFoundError):  # it has ended meanwhile, and counts among those
            own += cpu(child).scheduled_ns
    ended = _times(pid)[2:]
    return own / 1e9 + sum(ended) * TICK_SECONDS


def memory_bytes(pid: int) -> int:
    """Proportional set size: what ends with the process, shared pages divided by those who share them."""
    for line in (PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * KIB
    raise LookupError(f"process {pid} has no Pss")


def open_files_limit(pid: int) -> int:
    """How many descriptors the process may open as it stands."""
    for line in (PROC / str(pid) / "limits").read_text("ascii").splitlines():
        if line.startswith("Max open files"):
            return int(line.split()[3])
    raise LookupError(f"process {pid} has no limit of open files")


def _times(pid: int) -> tuple[int, int, int, int]:
    """utime, stime, cutime and cstime, in ticks."""
    fields = (PROC / str(pid) / "stat").read_text("ascii").rpartition(")")[2].split()
    user, system, child_user, child_system = (int(field) for field in fields[11:15])
    return user, system, child_user, child_system
