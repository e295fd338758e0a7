"""A check that cannot fail is a defect: each clause that a promise rests on is taken out once, and something goes red."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from db.pool import Pool, connect
from realtime.settings import Settings
from realtime.usecases.services import Services
from realtime.usecases.standing import OutageUncredited
from tests.faults import feed_checks, mutation_checks
from tests.faults.cluster import WITNESS
from tests.faults.mutation_checks import Stage
from tests.faults.mutations import DIVERGENCES, MUTATIONS, Mutation
from tests.integration.node import CODE, MCQ, SHORT, Node, Person
from tests.integration.test_clock import Silent
from tests.integration.test_state_machine import run_machine

pytestmark = pytest.mark.faults

EXAMPLES = 2_000  # of the state machine, at most: what it has to find it finds in the first hundreds


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Leave most of them to --long: they fail only where a check has become blind."""
    long = metafunc.config.getoption("--long")
    if "mutation" in metafunc.fixturenames:
        chosen = [each for each in MUTATIONS if long or each.always]
        metafunc.parametrize("mutation", chosen, ids=lambda each: each.clause)
    if "check" in metafunc.fixturenames:
        metafunc.parametrize(
            "check", [*mutation_checks.CHECKS, *feed_checks.CHECKS], ids=lambda each: each.__name__
        )
    if "divergence" in metafunc.fixturenames:
        metafunc.parametrize("divergence", list(DIVERGENCES)[: None if long else 1])


@pytest.fixture
async def stage(
    node: Node,
    settings: Settings,
    pool: Pool,
    recruiter: Person,
    candidate: Person,
    database_url: str,
) -> Stage:
    """Everything that a check may need."""
    conn = await connect(database_url)
    await conn.execute(WITNESS.read_text("utf-8"))
    await conn.close()
    newcomer = await node.person("candidate", name="Grace Hopper")
    interview_id = await node.interview(recruiter, MCQ, SHORT, CODE)
    for person in (candidate, newcomer):
        await node.invite(recruiter, interview_id, person, max_attempts=2)
    return Stage(
        node=node,
        parts=Services(settings=settings, pool=pool, node_id=uuid4(), announcer=Silent()),
        pool=pool,
        recruiter=recruiter,
        candidate=candidate,
        newcomer=newcomer,
        interview=str(interview_id),
        session=await node.start(candidate, str(interview_id)),
        database_url=database_url,
    )


async def test_it_goes_red_without(mutation: Mutation, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    mutation.take_out(monkeypatch)
    if mutation.drop is not None:
        async with stage.pool.acquire() as conn:
            await conn.execute(mutation.drop)
    try:
        await mutation.check(stage)
    except (Exception, pytest.fail.Exception) as red:  # noqa: BLE001 - whatever way it goes red
        print(f"red, as it should be: {red!r:.200}")
        return
    pytest.fail(f"{mutation.clause} can be taken out and nothing notices")


async def test_it_is_green_with(check: Callable[[Stage], Awaitable[None]], stage: Stage) -> None:
    await check(stage)


def test_the_state_machine_finds_it_when(
    divergence: str, database_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    DIVERGENCES[divergence](monkeypatch)
    with pytest.raises((AssertionError, ExceptionGroup, OutageUncredited)) as found:
        run_machine(database_url, settings, examples=EXAMPLES, shrink=False)
    print(f"found, as it should be: {found.value!r:.300}")
