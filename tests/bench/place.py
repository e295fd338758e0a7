"""Where things are measured: PostgreSQL and Valkey as `up` runs them, and the processes that a measurement starts."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import aiohttp
import redis.asyncio

from db import embedded, migrate
from db.embedded.directory import DataDirectory
from db.pool import connect
from tests.bench import peers
from tests.bench.child import Child, spawn

log = logging.getLogger("bench")

SECRET = "a secret for the bench, longer than thirty-two bytes"
READY_SECONDS = 60.0
INTERLOCK = (sys.executable, "-P", "-m", "realtime.cli")


@dataclass(slots=True)
class Place:
    """The stores of a run, and what runs against them."""

    directory: DataDirectory
    services: embedded.EmbeddedServices
    node_program: str
    children: list[Child] = field(default_factory=list)

    @property
    def redis_url(self) -> str:
        """Where Valkey listens; `database` empties it."""
        return self.services.redis_url

    async def database(self, *, migrated: bool = True) -> str:
        """Make a fresh database, with our schema unless told otherwise, and empty Valkey; answers its address."""
        base, _, own = self.services.database_url.rpartition("/")
        name, template = f"bench_{uuid4().hex}", own if migrated else "template0"
        conn = await connect(f"{base}/postgres")
        try:
            await conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        finally:
            await conn.close()
        client = redis.asyncio.Redis.from_url(self.redis_url)
        await client.flushall()
        await client.aclose()
        return f"{base}/{name}"

    async def serve(self, database_url: str, **settings: str) -> Child:
        """Start a node of ours (`interlock serve`) and wait until it serves."""
        port = self.directory.port("node")
        own = self._settings(database_url) | {"INTERLOCK_PORT": str(port)} | settings
        return await self._ready(self.start("node", [*INTERLOCK, "serve"], own, port=port))

    async def consume(self, database_url: str, **settings: str) -> Child:
        """Start a process of our consumers (`interlock consume`)."""
        return self.start("consumer", [*INTERLOCK, "consume"], self._settings(database_url) | settings)

    async def peer(self, command: Sequence[str], **settings: str) -> Child:
        """Start a peer's server, told by PORT where on 127.0.0.1 to listen, and wait until its /readyz is 200."""
        port = self.directory.port("peer")
        return await self._ready(self.start("peer", command, {"PORT": str(port)} | settings, port=port))

    def start(
        self, name: str, command: Sequence[str], settings: Mapping[str, str], *, port: int = 0
    ) -> Child:
        """Start any program of a measurement; it ends with us, if not before."""
        log = self.directory.path / f"{name}-{len(self.children)}.log"
        url = f"http://127.0.0.1:{port}" if port else ""
        child = spawn(name, command, settings=settings, log=log, url=url)
        self.children.append(child)
        return child

    def end(self, *children: Child) -> None:
        """End programs; with none named, all."""
        for child in children or tuple(self.children):
            child.end()

    def close(self) -> None:
        """End everything."""
        self.end()
        self.services.stop()
        self.directory.release()

    async def _ready(self, child: Child) -> Child:
        timeout = aiohttp.ClientTimeout(total=2)
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                child.check()
                try:
                    async with session.get(f"{child.url}/readyz") as response:
                        if response.status == 200:
                            return child
                except (aiohttp.ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.05)

    def _settings(self, database_url: str) -> dict[str, str]:
        return {
            "INTERLOCK_HOST": "127.0.0.1",
            "INTERLOCK_DATABASE_URL": database_url,
            "INTERLOCK_REDIS_URL": self.redis_url,
            "INTERLOCK_JWT_SECRET": SECRET,
            "INTERLOCK_LOG_FORMAT": "json",
        }


@asynccontextmanager
async def place() -> AsyncIterator[Place]:
    """Run durable PostgreSQL and Valkey for the length of the block; enter it from the main thread."""
    node = peers.find_node()
    peers.install(node)
    with TemporaryDirectory(prefix="interlock-bench-") as directory:
        held = embedded.claim(Path(directory) / "data")
        running = Place(held, embedded.start(held), node)
        try:
            await migrate.migrate(running.services.database_url)
            yield running
        except Exception:
            for child in running.children:  # their logs go with the directory
                log.warning("%s (%d) said last: %s", child.name, child.pid, child.last_words)
            raise
        finally:
            running.close()
