"""The embedded Valkey, a server of the Redis protocol: started, watched and stopped."""

import signal
import socket
import subprocess
import tempfile
import time

from db.embedded.directory import DataDirectory
from db.embedded.errors import ServiceFailed
from db.embedded.process import Account, give, spawn_server, stop_process, wait_until
from db.embedded.programs import Programs

_START_SECONDS = 60.0
_ATTEMPTS, _RETRY_PAUSE = 10, 0.2
_STOP = ((signal.SIGTERM, 15.0),)  # it writes what it has and ends


class Valkey:
    """One Valkey server on `directory`/valkey."""

    name = "Valkey"

    def __init__(
        self, directory: DataDirectory, programs: Programs, *, account: Account | None, durable: bool
    ) -> None:
        self._directory = directory
        self._program = programs.valkey
        self._account = account
        self._durable = durable
        self._data = directory.path / "valkey"
        self._log = directory.path / "valkey.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._port_is_known = False

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    @property
    def pid(self) -> int:
        """The server's process id; 0 before the first start."""
        return 0 if self._process is None else self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the server was started and is gone."""
        return self._process is not None and self._process.poll() is not None

    def start(self) -> None:
        """Start the server and wait until it answers; a second start keeps the port. Raises `ServiceFailed`."""
        self._data.mkdir(exist_ok=True)
        give(self._data, self._account)
        for _ in range(_ATTEMPTS):
            if self._launch():
                self._port_is_known = True  # to those who were given the URL
                return
            if not self._port_is_known:
                self._directory.forget_port("valkey")
            time.sleep(_RETRY_PAUSE)
        raise ServiceFailed(f"Valkey did not start on port {self._port}: {self._log} says why")

    def stop(self) -> None:
        """Stop the server cleanly; harmless when it has stopped already."""
        if self._process is not None:
            stop_process(self._process, _STOP)

    @property
    def _password(self) -> str:
        return self._directory.secret("valkey")

    def _launch(self) -> bool:
        if not self._port_is_known:
            self._port = self._directory.port("valkey")
        with tempfile.TemporaryFile() as configuration:
            configuration.write(self._configuration().encode())
            configuration.seek(0)
            self._process = spawn_server(
                [str(self._program), "-"],
                directory=self._data,
                account=self._account,
                log=self._log,
                death_signal=signal.SIGTERM,
                keep=(self._directory.services_lock,),
                stdin=configuration,
            )
        process = self._process
        settled = wait_until(lambda: process.poll() is not None or self._answers(), seconds=_START_SECONDS)
        if not settled:
            self.stop()
        return process.poll() is None

    def _configuration(self) -> str:
        """Write the settings; they go in by standard input, so that no list of processes shows the password."""
        lines = [
            "bind 127.0.0.1",
            f"port {self._port}",
            f"requirepass {self._password}",
            "daemonize no",
            "set-proc-title no",
            'save ""',
            "maxmemory-policy noeviction",
            f"appendonly {'yes' if self._durable else 'no'}",
            "appendfsync everysec",
        ]
        return "\n".join(lines) + "\n"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer.endswith(b"+PONG\r\n")
