"""The real node of the integration tests, watched: whatever comes back is held against the documents it serves."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.forms import Forms, forms_of
from tests.contract.watch import Watch
from tests.integration.conftest import candidate, node, recruiter, settings
from tests.integration.node import Node

__all__ = ["candidate", "node", "recruiter", "settings"]


@pytest.fixture
async def forms(node: Node) -> Forms:
    """The forms that the running node's documents state."""
    return await forms_of(node)


@pytest.fixture
async def watch(node: Node, forms: Forms) -> AsyncIterator[Watch]:
    """Clients of the node whose every message is checked."""
    watching = Watch(node=node, forms=forms)
    yield watching
    await watching.close()
