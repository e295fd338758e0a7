"""The embedded PostgreSQL: initialised once, started, watched and stopped."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from db.embedded.directory import DataDirectory
from db.embedded.errors import ServiceFailed
from db.embedded.process import (
    Account,
    as_account,
    clean_environment,
    give,
    spawn_server,
    stop_process,
    wait_until,
)
from db.embedded.programs import Programs

_OWNER = "interlock"
_START_SECONDS = 60.0
_RETRY_SECONDS = 30.0
_STOP = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))  # fast, then immediate
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # TCP only: socket paths have a length limit and directories of their own
    "max_connections": "200",
    # These follow the size of a segment unless they are named: here are their ordinary values.
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
    "wal_buffers": "4MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # a failing row's details would put answers into the log
}
# A new segment is filled with zeros before it is used, and every commit waits for that: 60 ms at the default of 16 MB, several times
# in a busy minute of a young database. Small ones are made in a few milliseconds.
_WAL_SEGMENT_MB = 1
_UNSAFE_SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One PostgreSQL server on `directory`/postgres."""

    name = "PostgreSQL"

    def __init__(
        self, directory: DataDirectory, programs: Programs, *, account: Account | None, durable: bool
    ) -> None:
        self._directory = directory
        self._programs = programs
        self._account = account
        self._settings = _SETTINGS if durable else _SETTINGS | _UNSAFE_SPEED
        self._data = directory.path / "postgres"
        self._log = directory.path / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._port_is_known = False

    @property
    def url(self) -> str:
        """Where the server listens, as the cluster's owner."""
        return f"postgresql://{_OWNER}:{self._password}@127.0.0.1:{self._port}/{_OWNER}"

    @property
    def pid(self) -> int:
        """The postmaster's process id; 0 before the first start."""
        return 0 if self._process is None else self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the server was started and is gone."""
        return self._process is not None and self._process.poll() is not None

    def start(self) -> None:
        """Start the server and wait until it answers; a second start keeps the port. Raises `ServiceFailed`."""
        if not self._data.is_dir():
            self._initialise()
        self._check_version()
        self._clear_stale_lock()
        end = time.monotonic() + _RETRY_SECONDS
        while (reason := self._launch()) is not None:
            if time.monotonic() >= end or not _is_worth_a_retry(reason):
                raise ServiceFailed(f"PostgreSQL did not start: {reason} (see {self._log})")
            time.sleep(0.2)
        self._port_is_known = True  # to those who were given the URL
        self._create_database()

    def stop(self) -> None:
        """Stop the server cleanly; harmless when it has stopped already."""
        if self._process is not None:
            stop_process(self._process, _STOP)

    @property
    def _password(self) -> str:
        return self._directory.secret("postgres")

    @property
    def _data_argument(self) -> str:
        # As root the directory may lie below one that nobody may enter. The process is put into it instead, and
        # names it by a link that the kernel resolves without looking at the directories above.
        return str(self._data) if self._account is None else "/proc/self/cwd"

    def _initialise(self) -> None:
        fresh = self._data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)  # an attempt that was cut short
        fresh.mkdir()
        give(fresh, self._account)
        data = str(fresh) if self._account is None else self._data_argument
        with tempfile.TemporaryFile() as password:
            password.write(f"{self._password}\n".encode())
            password.seek(0)
            if self._account is not None:
                os.fchown(password.fileno(), self._account.uid, self._account.gid)
            done = subprocess.run(
                [
                    *(str(self._programs.postgres / "initdb"), "-D", data, "-U", _OWNER, "-E", "UTF8"),
                    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                    *("--auth=scram-sha-256", "--pwfile=/dev/stdin", f"--wal-segsize={_WAL_SEGMENT_MB}"),
                    *(() if "fsync" not in self._settings else ("--no-sync",)),
                ],
                check=False,
                cwd=fresh,
                env=clean_environment(),
                stdin=password,
                capture_output=True,
                text=True,
                **as_account(self._account),
            )
        if done.returncode != 0:
            raise ServiceFailed(f"PostgreSQL's data could not be made in {fresh}: {_last_line(done.stderr)}")
        fresh.rename(self._data)

    def _check_version(self) -> None:
        try:
            found = (self._data / "PG_VERSION").read_text("ascii").strip()
        except OSError as error:
            raise ServiceFailed(
                f"{self._data} holds no PostgreSQL data that can be read ({error.strerror}):"
                " move it away, or choose another directory with --data"
            ) from error
        if found != str(self._programs.postgres_major):
            raise ServiceFailed(
                f"{self._data} was made by PostgreSQL {found}, this version brings {self._programs.postgres_major}:"
                f" dump it with {found}'s pg_dump and load it into a fresh --data directory"
            )

    def _clear_stale_lock(self) -> None:
        """Remove a killed server's postmaster.pid, which would stop us once its number belongs to another."""
        lock = self._data / "postmaster.pid"
        try:
            pid = lock.read_text("ascii").split("\n", 1)[0].strip()
        except FileNotFoundError:
            return
        # Ours have all ended, for the directory's lock is free. What is left is a server that a person started.
        if pid.isdigit() and _is_postgres(int(pid), self._data):
            raise ServiceFailed(
                f"a PostgreSQL server (process {pid}) already uses {self._data}: stop it first"
            )
        lock.unlink(missing_ok=True)

    def _launch(self) -> str | None:
        """Start the server once; None when it is ready, else the reason why it ended."""
        if not self._port_is_known:
            self._port = self._directory.port("postgres")
        start = self._log.stat().st_size if self._log.exists() else 0
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        self._process = spawn_server(
            [
                *(
                    str(self._programs.postgres / "postgres"),
                    "-D",
                    self._data_argument,
                    "-p",
                    str(self._port),
                ),
                *settings,
            ],
            directory=self._data,
            account=self._account,
            log=self._log,
            death_signal=signal.SIGINT,
            keep=(self._directory.services_lock,),
        )
        process = self._process
        settled = wait_until(lambda: process.poll() is not None or self._is_ready(), seconds=_START_SECONDS)
        if not settled:
            self.stop()
            return f"not ready after {_START_SECONDS:.0f} s"
        if process.poll() is None:
            return None
        said = _text_from(self._log, start)
        if "could not bind" not in said:
            return _last_line(said)
        if not self._port_is_known:
            self._directory.forget_port("postgres")
        return f"could not bind port {self._port}"

    def _is_ready(self) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text("ascii").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _create_database(self) -> None:
        made = self._directory.path / "database.made"
        if made.exists():
            return
        done = subprocess.run(
            [
                *(str(self._programs.postgres / "createdb"), "-h", "127.0.0.1", "-p", str(self._port)),
                *("-U", _OWNER, _OWNER),
            ],
            check=False,
            env=clean_environment(PGPASSWORD=self._password),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0 and "already exists" not in done.stderr:
            self.stop()
            raise ServiceFailed(f"the database could not be made: {_last_line(done.stderr)}")
        made.touch(0o600)


def _is_worth_a_retry(reason: str) -> bool:
    # A backend of a killed server can hold its shared memory for some seconds more.
    return "could not bind" in reason or "shared memory block" in reason


def _is_postgres(pid: int, data: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"postgres" in command[0] and any(part in command for part in (bytes(data), b"/proc/self/cwd"))


def _text_from(path: Path, start: int) -> str:
    with path.open("rb") as file:
        file.seek(start)
        return file.read().decode("utf-8", "replace")


def _last_line(text: str) -> str:
    """Pick the line that says most: the last FATAL or error, else the last one."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error" in line]
    return (telling or lines or ["it said nothing"])[-1].strip()
