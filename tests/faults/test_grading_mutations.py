"""Each clause that evaluation rests on is taken out once, and something goes red."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from db.pool import Pool
from tests import ai_server
from tests.faults.grading_mutations import CHECKS, MUTATIONS, Bench, Mutation
from tests.integration.evaluation import opened_world

pytestmark = [pytest.mark.faults, pytest.mark.unhurried]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Leave what takes long to --long."""
    long = metafunc.config.getoption("--long")
    if "mutation" in metafunc.fixturenames:
        chosen = [each for each in MUTATIONS if long or each.always]
        metafunc.parametrize("mutation", chosen, ids=lambda each: each.clause)
    if "check" in metafunc.fixturenames:
        metafunc.parametrize("check", CHECKS, ids=lambda each: each.__name__)


@pytest.fixture
async def bench(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[Bench]:
    """Rows, streams, and an AI."""
    async with (
        ai_server.ai_server() as ai,
        opened_world(pool, database_url=database_url, redis_url=redis_url) as world,
    ):
        yield Bench(world, ai)


async def test_it_goes_red_without(mutation: Mutation, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    mutation.take_out(monkeypatch)
    try:
        await mutation.check(bench)
    except (Exception, pytest.fail.Exception) as red:  # noqa: BLE001 - whatever way it goes red
        print(f"red, as it should be: {red!r:.200}")
        return
    pytest.fail(f"{mutation.clause} can be taken out and nothing notices")


async def test_it_is_green_with(check: Callable[[Bench], Awaitable[None]], bench: Bench) -> None:
    await check(bench)
