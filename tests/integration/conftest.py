"""A node and two people for the tests that talk to the real application."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from db.pool import Pool
from realtime.app import build
from realtime.settings import Settings, read_settings
from tests.integration.node import SECRET, Node, Person


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    """Settings of a node on this test's own database."""
    return read_settings(
        env_file=None, database_url=database_url, redis_url=redis_url, jwt_secret=SECRET, openai_api_key=None
    )


@pytest.fixture
async def node(settings: Settings, pool: Pool) -> AsyncIterator[Node]:
    """A running node."""
    async with TestServer(build(settings)) as server, aiohttp.ClientSession() as session:
        running = Node(server=server, settings=settings, pool=pool, session=session)
        yield running
        for socket in running.sockets:
            await socket.disconnect()


@pytest.fixture
async def recruiter(node: Node) -> Person:
    """A recruiter."""
    return await node.person("recruiter", name="Rita Recruiter")


@pytest.fixture
async def candidate(node: Node) -> Person:
    """A candidate."""
    return await node.person("candidate", name="Ada Lovelace")
