"""What every test may use: real servers for the run, and an own database for each test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
import redis.asyncio
import uvloop

from db import embedded, migrate
from db.pool import Connection, Pool, connect, open_pool


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the fault suite with its full counts")


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run tests on the loop that the servers run on: its transports are not those of asyncio."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the full counts were asked for (`--long`)."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.EmbeddedServices]:
    """PostgreSQL and Valkey for the whole run: real ones, but without fsync."""
    directory = embedded.claim(tmp_path_factory.mktemp("services"))
    running = embedded.start(directory, durable=False)
    yield running
    running.stop()
    directory.release()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template_database(services: embedded.EmbeddedServices) -> str:
    """The name of the database with today's schema that every test's own is copied from."""
    await migrate.migrate(services.database_url)
    return services.database_url.rsplit("/", 1)[1]


@pytest.fixture
async def empty_database_url(services: embedded.EmbeddedServices) -> AsyncIterator[str]:
    """A database of the test's own, without a schema."""
    async for url in _database(services, template="template0"):
        yield url


@pytest.fixture
async def database_url(services: embedded.EmbeddedServices, template_database: str) -> AsyncIterator[str]:
    """A database of the test's own, with today's schema and no rows."""
    async for url in _database(services, template=template_database):
        yield url


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool on the test's own database."""
    async with open_pool(database_url, application_name="tests") as opened:
        yield opened


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[Connection]:
    """One connection to the test's own database."""
    opened = await connect(database_url, application_name="tests")
    yield opened
    await opened.close()


@pytest.fixture
async def redis_url(services: embedded.EmbeddedServices) -> str:
    """The run's Valkey, emptied."""
    client = redis.asyncio.Redis.from_url(services.redis_url)
    await client.flushall()
    await client.aclose()
    return services.redis_url


async def _database(services: embedded.EmbeddedServices, *, template: str) -> AsyncIterator[str]:
    base, _, _ = services.database_url.rpartition("/")
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(f"{base}/postgres")
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield f"{base}/{name}"
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()
