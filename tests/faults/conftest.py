"""A cluster for the run, a seed for each test, rounds, and a count of what was really done."""

import os
import random
from collections.abc import Generator, Iterator
from random import Random

import pytest

from tests.faults.cluster import Cluster, cluster
from tests.faults.counts import Counts, Tally, counts_of, summary
from tests.integration.conftest import candidate, node, recruiter, settings

__all__ = ["candidate", "node", "recruiter", "settings"]

SEED = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(1_000_000))
TALLY = pytest.StashKey[Tally]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = Tally()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "round_number" in metafunc.fixturenames:
        rounds = counts_of(long=metafunc.config.getoption("--long")).rounds
        metafunc.parametrize("round_number", range(rounds))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.write_line(f"fault seed {SEED}: FAULT_SEED={SEED} repeats it")
    if config.stash[TALLY]:
        terminalreporter.write_line(f"faults done: {summary(config.stash[TALLY])}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes said where a test of theirs fails."""
    report = yield
    running = getattr(item, "funcargs", {}).get("product")
    if report.failed and isinstance(running, Cluster):
        report.sections.append(("what the processes said", running.logs()))
    return report


@pytest.fixture(scope="session")
def counts(long: bool) -> Counts:
    """How many of what."""
    return counts_of(long=long)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Random:
    """Chance, from the run's seed and the test's name."""
    seed = f"{SEED}:{request.node.name}"
    print(f"fault seed {SEED}, of this test {seed!r}")
    return Random(seed)


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two nodes and a consumer process on durable stores."""
    place = tmp_path_factory.mktemp("faults") / "data"
    with cluster(place, nodes=2, consumers=1, tally=request.config.stash[TALLY]) as it:
        yield it


@pytest.fixture
def product(running: Cluster) -> Iterator[Cluster]:
    """The cluster, with everything in it alive."""
    running.revive()
    yield running
    running.revive()
