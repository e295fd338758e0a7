"""The data directory: held by one process, with the secrets and ports that must survive a restart."""

import errno
import fcntl
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from db.embedded.errors import DirectoryInUse, EmbeddedError
from db.embedded.process import wait_until

# Below the range from which the kernel takes the ports of outgoing connections (32768 and up).
_FIRST_PORT, _LAST_PORT = 20_000, 32_000
_DEPARTING_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A data directory that this process holds until it ends or lets go."""

    path: Path
    _claim: int
    _services: int

    @property
    def services_lock(self) -> int:
        """The descriptor that the servers inherit: its lock lasts until the last of them has ended."""
        return self._services

    def hold_services(self) -> None:
        """Wait for servers of a killed predecessor to end, for 30 s; raises `DirectoryInUse` after that."""
        if not wait_until(lambda: _try_lock(self._services), seconds=_DEPARTING_SECONDS, every=0.1):
            raise DirectoryInUse(
                f"PostgreSQL or Valkey of an earlier run still uses {self.path}: end those processes and start again"
            )

    def secret(self, name: str) -> str:
        """Read the secret called `name`, 64 hex digits; the first time it is made."""
        kept = self._read(f"{name}.secret")
        if kept:
            return kept
        fresh = secrets.token_hex(32)
        self.write(f"{name}.secret", fresh)
        return fresh

    def port(self, name: str) -> int:
        """Choose the port for `name`: the one it had before if that is free, else another free one."""
        kept = self._read(f"{name}.port")
        port = int(kept) if kept.isdigit() and is_free(int(kept)) else _random_free_port()
        self.write(f"{name}.port", str(port))
        return port

    def forget_port(self, name: str) -> None:
        """Let the next choice for `name` be another port."""
        (self.path / f"{name}.port").unlink(missing_ok=True)

    def write(self, name: str, text: str) -> None:
        """Replace the file called `name` at once and whole, readable by its owner only."""
        fresh = self.path / f".{name}.new"
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path / name)

    def release(self) -> None:
        """Let another process have the directory; servers that still run keep their own lock."""
        os.close(self._services)
        os.close(self._claim)

    def _read(self, name: str) -> str:
        try:
            return (self.path / name).read_text("utf-8").strip()
        except FileNotFoundError:
            return ""


def claim(path: Path) -> DataDirectory:
    """Make `path` where it is missing and hold it; raises `DirectoryInUse` where another process does."""
    path = path.expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = _open_lock(path / "up.lock")
        services = _open_lock(path / "services.lock")
    except OSError as error:
        raise EmbeddedError(
            f"cannot keep data in {path}: {error.strerror}; choose another directory with --data"
        ) from error
    if not _try_lock(held):
        holder = os.pread(held, 32, 0).decode("ascii", "replace").strip()
        os.close(held)
        os.close(services)
        raise DirectoryInUse(
            f"{path} is in use by another `interlock up` (process {holder}): stop it, or choose another directory with --data"
        )
    os.ftruncate(held, 0)
    os.pwrite(held, f"{os.getpid()}\n".encode("ascii"), 0)
    return DataDirectory(path, held, services)


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Say whether a server could listen on `port` now; raises `OSError` where it may not at all."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        # Connections that linger after a stop do not count: servers set this too.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _random_free_port() -> int:
    for _ in range(200):
        port = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT)
        if is_free(port):
            return port
    raise EmbeddedError(f"no free port between {_FIRST_PORT} and {_LAST_PORT} on 127.0.0.1")


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
