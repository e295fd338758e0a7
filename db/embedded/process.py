"""Child processes that never outlive the process that started them."""

import ctypes
import os
import pwd
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

_PR_SET_PDEATHSIG = 1
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group that the servers run as."""

    uid: int
    gid: int


def service_account() -> Account | None:
    """Say whom the servers must run as: nobody for root (PostgreSQL refuses root), else whoever we are."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def give(path: Path, account: Account | None) -> None:
    """Make `path` belong to `account`, and to nobody else."""
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.uid, account.gid)


def dying_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """Make the `preexec_fn` that has the kernel send `death_signal` to the child when this process ends.

    The kernel watches the spawning thread, so children are spawned from the main thread. The tie is made after the
    change of user, which would undo it.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children that die with their parent are spawned from the main thread")
    parent = os.getpid()

    def tie() -> None:
        _PRCTL(_PR_SET_PDEATHSIG, int(death_signal))
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if os.getppid() != parent:  # it ended before the tie was made
            os._exit(1)

    return tie


def spawn_server(
    command: Sequence[str],
    *,
    directory: Path,
    account: Account | None,
    log: Path,
    death_signal: signal.Signals,
    keep: tuple[int, ...],
    stdin: IO[bytes] | int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start one server in its own session (or Ctrl-C would reach it before the nodes have drained)."""
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "ab") as output:
        return subprocess.Popen(
            command,
            cwd=directory,
            env=clean_environment(),
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep,
            preexec_fn=dying_with_parent(death_signal),  # noqa: PLW1509  # spawned before any thread of ours
            **as_account(account),
        )


class Identity(TypedDict, total=False):
    """The arguments of `Popen` that say whom a program runs as."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: Account | None) -> Identity:
    """Give `Popen` its arguments for running as `account`, and with none of root's groups."""
    return Identity() if account is None else Identity(user=account.uid, group=account.gid, extra_groups=[])


def clean_environment(**more: str) -> dict[str, str]:
    """Build an environment in which no PG* or LC_* variable of the caller changes what a program does."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **more}


def wait_until(true: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Look at `true` until it is, or `seconds` have passed; say whether it became so."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= end:
            return False
        time.sleep(every)
    return True


def stop_process(process: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal and wait its seconds, until the process has ended."""
    for number, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()
    process.wait()
