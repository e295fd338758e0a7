"""Real processes for tests: started as root or as an ordinary user, and looked for after their end."""

import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import psutil
import pytest

ROOT = Path(__file__).parents[1]
# As root every test of set-up runs twice: as root, and as somebody who is not.
ACCOUNTS = ["root", "nobody"] if os.geteuid() == 0 else [pwd.getpwuid(os.geteuid()).pw_name]


class Identity(TypedDict, total=False):
    """The arguments of `Popen` that say whom a program runs as."""

    user: int
    group: int
    extra_groups: list[int]


def identity_of(account: str) -> Identity:
    """Say how `Popen` is told to run something as `account`."""
    entry = pwd.getpwnam(account)
    if entry.pw_uid == os.geteuid():
        return Identity()
    return Identity(user=entry.pw_uid, group=entry.pw_gid, extra_groups=[])


def python_of(account: str) -> str:
    """Find a Python of our version that `account` can run; skips the test where there is none."""
    if pwd.getpwnam(account).pw_uid == os.geteuid():
        return sys.executable
    for candidate in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        if _lets_everybody_in(candidate) and _lets_everybody_in(__file__):
            return candidate
    pytest.skip(f"{account} can reach no Python of this version, or not this checkout")


def environment(**more: str) -> dict[str, str]:
    """Copy our environment for a child: our code and packages in it, our settings not."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("INTERLOCK_", "OPENAI_"))
    }
    packages = [path for path in sys.path if path.endswith("site-packages")]
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT), *packages]), **more}


def runs(pid: int) -> bool:
    """Whether a process with this id runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def still_there(pids: Sequence[int], *, seconds: float = 15) -> list[int]:
    """Wait until none of these processes runs; returns those that still do."""
    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if runs(pid)], timeout=seconds)
    return [process.pid for process in alive if runs(process.pid)]


def descendants(pid: int) -> list[int]:
    """List the children of a process, and theirs."""
    return [process.pid for process in psutil.Process(pid).children(recursive=True)]


def _lets_everybody_in(path: str) -> bool:
    resolved = Path(path).resolve()
    if not resolved.exists() or not resolved.stat().st_mode & 0o004:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in resolved.parents)
