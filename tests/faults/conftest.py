"""A cluster for the run, a seed for each test, and rounds: the short run has one of each, `--long` has ten."""

import os
import random
from collections.abc import Iterator
from random import Random

import pytest

from tests.faults.cluster import Cluster, cluster
from tests.integration.conftest import candidate, node, recruiter, settings

__all__ = ["candidate", "node", "recruiter", "settings"]

SEED = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(1_000_000))
LONG_ROUNDS = 10


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "round_number" in metafunc.fixturenames:
        rounds = LONG_ROUNDS if metafunc.config.getoption("--long") else 1
        metafunc.parametrize("round_number", range(rounds))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"fault seed {SEED}: FAULT_SEED={SEED} repeats it")


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Random:
    """Chance, from the run's seed and the test's name."""
    seed = f"{SEED}:{request.node.name}"
    print(f"fault seed {SEED}, of this test {seed!r}")
    return Random(seed)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two nodes and a consumer process on durable stores."""
    with cluster(tmp_path_factory.mktemp("faults") / "data", nodes=2, consumers=1) as it:
        yield it


@pytest.fixture
def product(running: Cluster, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The cluster, with everything in it alive; what its processes said is shown where the test fails."""
    running.revive()
    yield running
    running.revive()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the mutation tests to --long: they take some minutes, and fail only where a check has become blind."""
    if config.getoption("--long"):
        return
    mutations = [item for item in items if item.path.name == "test_mutations.py"]
    items[:] = [item for item in items if item not in mutations]
    config.hook.pytest_deselected(items=mutations)
