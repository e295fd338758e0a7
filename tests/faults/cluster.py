"""The product as real processes that a test may kill: PostgreSQL, Valkey, nodes and consumers, each our own child."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
import psutil

from db import embedded, migrate
from db.embedded.directory import DataDirectory
from db.embedded.process import dying_with_parent, wait_until
from db.pool import connect
from tests.faults.counts import Fault, Tally
from tests.processes import environment

SECRET = "a secret for the fault suite, longer than thirty-two bytes"
GRACE = timedelta(seconds=1)
LOCK = timedelta(seconds=2)
READY_SECONDS = 40.0
WITNESS = Path(__file__).with_name("witness.sql")


@dataclass(slots=True)
class Process:
    """One process of the product."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    tally: Tally
    url: str = ""
    process: "subprocess.Popen[bytes] | None" = None
    stopped: bool = False
    starts: int = 0

    def start(self) -> None:
        """Start it; `Cluster.ready` waits for a node."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGKILL),  # noqa: PLW1509 - from the main thread only
            )
        self.starts += 1

    @property
    def runs(self) -> bool:
        """Whether it runs; one that is stopped does not."""
        return self.process is not None and self.process.poll() is None and not self.stopped

    @property
    def resident_bytes(self) -> int:
        """Its memory."""
        assert self.process is not None
        size: int = psutil.Process(self.process.pid).memory_info().rss
        return size

    def kill(self, fault: Fault = Fault.NODE_KILLED) -> None:
        """SIGKILL to what ran until then, as a fault that counts as this one."""
        assert self.runs, f"{self.name} is dead already: killing it would prove nothing"
        self.end()
        assert self.process is not None
        assert self.process.returncode == -signal.SIGKILL
        self.tally[fault] += 1

    def end(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()
        self.stopped = False

    def stop(self) -> None:
        """SIGSTOP: it is there, holds everything, and does nothing."""
        assert self.runs, f"{self.name} is dead or stopped already: stopping it would prove nothing"
        self.send(signal.SIGSTOP)
        self.stopped = True

    def resume(self) -> None:
        """SIGCONT; the stop counts as a fault, for it is sure now that it was one."""
        assert self.process is not None
        if psutil.Process(self.process.pid).status() == psutil.STATUS_STOPPED:
            self.tally[Fault.NODE_FROZEN] += 1
        self.send(signal.SIGCONT)
        self.stopped = False

    def send(self, number: signal.Signals) -> None:
        """Send a signal, where there is somebody to get it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


@dataclass(slots=True)
class Cluster:
    """Everything that runs."""

    directory: DataDirectory
    services: embedded.EmbeddedServices
    tally: Tally
    nodes: list[Process] = field(default_factory=list)
    consumers: list[Process] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        """Where PostgreSQL listens."""
        return self.services.database_url

    @property
    def redis_url(self) -> str:
        """Where Valkey listens."""
        return self.services.redis_url

    @property
    def live_nodes(self) -> list[Process]:
        """Nodes that run."""
        return [node for node in self.nodes if node.runs]

    def add_node(
        self,
        *,
        launcher: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
    ) -> Process:
        """Start one more node; `launcher` stands between Python and the command line."""
        name = f"node-{len(self.nodes)}"
        port = self.directory.port(name)
        own = {"INTERLOCK_HOST": "127.0.0.1", "INTERLOCK_PORT": str(port), **(settings or {})}
        node = self._process(name, [*launcher, "realtime.cli", "serve"], own)
        node.url = f"http://127.0.0.1:{port}"
        self.nodes.append(node)
        node.start()
        return node

    def add_consumer(self, *, settings: Mapping[str, str] | None = None) -> Process:
        """Start one more process of consumers."""
        command = ["realtime.cli", "consume"]
        consumer = self._process(f"consumer-{len(self.consumers)}", command, settings or {})
        self.consumers.append(consumer)
        consumer.start()
        return consumer

    def remove(self, node: Process) -> None:
        """End a node for good."""
        node.end()
        self.nodes.remove(node)

    def revive(self) -> None:
        """Start again whatever a test has left dead or stopped."""
        for service in self.services.ended():
            service.start()
        for process in (*self.nodes, *self.consumers):
            if process.stopped:
                process.resume()
            if not process.runs:
                process.start()

    async def ready(self, *nodes: Process) -> None:
        """Wait until these nodes (all of them, where none is named) serve."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            await asyncio.gather(*(_serves(session, node) for node in nodes or self.nodes))

    def stop_postgres(self) -> None:
        """What `pg_ctl stop -m immediate` does: no goodbye, no checkpoint; recovery from the log at the next start."""
        process = psutil.Process(self.services.postgres_pid)
        process.send_signal(signal.SIGQUIT)
        if not wait_until(lambda: self.services.postgres.has_ended, seconds=20):
            raise TimeoutError("PostgreSQL did not stop within 20 s")
        self.tally[Fault.POSTGRES_STOPPED] += 1

    def start_postgres(self) -> None:
        """Start it on the same data and port."""
        self.services.postgres.start()

    def kill_valkey(self) -> None:
        """SIGKILL."""
        psutil.Process(self.services.redis_pid).kill()
        if not wait_until(lambda: self.services.valkey.has_ended, seconds=20):
            raise TimeoutError("Valkey did not end within 20 s")
        self.tally[Fault.VALKEY_KILLED] += 1

    def start_valkey(self) -> None:
        """Start it on the same data and port."""
        self.services.valkey.start()

    def close(self) -> None:
        """End everything."""
        for process in (*self.nodes, *self.consumers):
            process.end()
        self.services.stop()
        self.directory.release()

    def logs(self) -> str:
        """What the processes said, for the report of a failed test."""
        return "\n".join(
            f"--- {process.name}\n{process.log.read_text('utf-8', 'replace')[-4_000:]}"
            for process in (*self.nodes, *self.consumers)
        )

    def _process(self, name: str, command: list[str], settings: Mapping[str, str]) -> Process:
        known = environment(
            INTERLOCK_DATABASE_URL=self.database_url,
            INTERLOCK_REDIS_URL=self.redis_url,
            INTERLOCK_JWT_SECRET=SECRET,
            INTERLOCK_GRACE_SECONDS=str(GRACE.total_seconds()),
            INTERLOCK_LOCK_SECONDS=str(LOCK.total_seconds()),
            INTERLOCK_LOG_FORMAT="json",
            INTERLOCK_LOG_LEVEL="warning",
        )
        return Process(
            name=name,
            command=[sys.executable, "-P", "-m", *command],
            environment={**known, **settings},
            log=self.directory.path / f"{name}.log",
            tally=self.tally,
        )


@contextmanager
def cluster(place: Path, *, nodes: int, consumers: int, tally: Tally) -> Iterator[Cluster]:
    """Run PostgreSQL (durable, as `up` runs it), Valkey, nodes and consumers in `place` for the length of the block.

    What is done to them is counted in `tally`.
    """
    directory = embedded.claim(place)
    services = embedded.start(directory)
    running = Cluster(directory, services, tally)
    try:
        asyncio.run(_prepare(running.database_url))
        for _ in range(nodes):
            running.add_node()
        for _ in range(consumers):
            running.add_consumer()
        asyncio.run(running.ready())
        yield running
    finally:
        running.close()


async def _prepare(database_url: str) -> None:
    await migrate.migrate(database_url)
    conn = await connect(database_url)
    try:
        await conn.execute(WITNESS.read_text("utf-8"))
    finally:
        await conn.close()


async def _serves(session: aiohttp.ClientSession, node: Process) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while True:
            if node.process is None or node.process.poll() is not None:
                raise RuntimeError(f"{node.name} ended: {node.log.read_text('utf-8', 'replace')[-2_000:]}")
            try:
                async with session.get(f"{node.url}/readyz") as response:
                    if response.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.05)
