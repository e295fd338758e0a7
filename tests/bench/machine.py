"""The machine and the commit that a run was measured on."""

import os
import platform
import subprocess
from pathlib import Path

from tests.bench.figures import Machine
from tests.processes import ROOT


def describe(node: str) -> Machine:
    """Say what this machine is; `node` is the path of Node."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        processor=processor,
        memory_mib=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024),
        kernel=platform.release(),
        python=platform.python_version(),
        node=_said_by(node, "--version"),
        load_before=os.getloadavg(),
    )


def commit() -> str:
    """The commit that is checked out; empty outside a repository."""
    return _said_by("git", "rev-parse", "HEAD")


def changed_files() -> int:
    """How many files differ from that commit."""
    return len(_said_by("git", "status", "--porcelain").splitlines())


def _said_by(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
