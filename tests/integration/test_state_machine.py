"""Promise 13: whatever is done in whatever order at whatever time, the use cases on real PostgreSQL do what the model does.

Promise kept by commands that come in where a browser's do: by the routes and by the socket's namespace.
"""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import uvloop
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from db.pool import Pool, prepare
from realtime.domain.timing import Pacing
from realtime.settings import Settings
from realtime.usecases.services import Services
from tests.faults.counts import counts_of
from tests.integration.entrances import Entrances
from tests.integration.machine import World
from tests.integration.session_machine import SessionMachine
from tests.integration.stored import Stored, inject_clock
from tests.integration.test_clock import Silent

WRITES = [f"{what} by {way}" for what in ("draft", "submit") for way in ("http", "socket")]
SUPERVISION = ["pause", "resume", "extend", "terminate"]
OTHERS = ["start", "start over", "join", "take over", "leave", "expire", "renew", "look"]
WRITE_REFUSALS = [
    "locked_elsewhere",
    "session_ended",
    "session_paused",
    "time_limit_exceeded",
    "invalid_question_index",
    "invalid_submission_time",
]
# What a long run must have come to, to have said anything: all commands done in either pacing, and every refusal.
DONE = [*WRITES, *SUPERVISION, *OTHERS]
REFUSED = [
    *((what, code) for what in WRITES for code in WRITE_REFUSALS),
    *((what, "session_ended") for what in (*SUPERVISION, "join", "take over", "start over")),
    *(("start", code) for code in ("already_in_progress", "no_attempts_left")),
    ("join", "locked_elsewhere"),
]


def run_machine(database_url: str, settings: Settings, *, examples: int, shrink: bool = True) -> World:
    """Let the machine run on a database of its own; answers what it did, raises what it finds."""
    wanted = hypothesis_settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if shrink else [])],
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        base = runner.run(inject_clock(database_url))
        pool = runner.run(patient_pool(database_url))
        nodes = {name: runner.run(node(settings, pool)) for name in ("a", "b")}
        try:
            stored = runner.run(Stored.prepare(pool))
            world = World(runner, stored, nodes, base)

            class Placed(SessionMachine):
                def __init__(self) -> None:
                    super().__init__(world)

            run_state_machine_as_test(Placed, settings=wanted)
        finally:
            for each in nodes.values():
                runner.run(each.close())
            runner.run(pool.close())
    return world


async def patient_pool(database_url: str) -> Pool:
    """Open a pool without the product's limit on idle transactions: a machine that is busy elsewhere is no divergence."""
    settings = {"timezone": "UTC", "jit": "off"}
    pool: Pool = await asyncpg.create_pool(
        database_url, min_size=2, max_size=4, init=prepare, server_settings=settings
    )
    return pool


async def node(settings: Settings, pool: Pool) -> Entrances:
    """A node's ways in; nobody hears its hints."""
    entrances = Entrances(Services(settings=settings, pool=pool, node_id=uuid4(), announcer=Silent()))
    await entrances.open()
    return entrances


def test_the_use_cases_do_what_the_model_does(database_url: str, settings: Settings, long: bool) -> None:
    world = run_machine(database_url, settings, examples=counts_of(long=long).machine_examples)
    print(f"rules: {dict(world.rules.most_common())}")  # noqa: T201 - so that a run says what it did
    for pacing in Pacing:
        done = sorted((what, how, n) for (paced, what, how), n in world.commands.items() if paced is pacing)
        said = ", ".join(f"{what} {how} {n}" for what, how, n in done)
        print(f"{pacing.value}: {said}")  # noqa: T201
    idle = [name for name in rules_of(SessionMachine) if not world.rules[name]]
    assert not idle, f"rules that never ran: {idle}"
    if long:
        assert not [*missed(world)]


def missed(world: World) -> Iterator[str]:
    """What never came to pass."""
    happened = world.commands
    yield from (
        f"{pacing}: {what}" for pacing in Pacing for what in DONE if not happened[pacing, what, "done"]
    )
    for what, code in REFUSED:
        if not any(happened[pacing, what, code] for pacing in Pacing):
            yield f"{what}: {code}"
    for command in ("draft", "submit"):
        if not any(what.startswith(command) and how == "invalid_body" for _, what, how in happened):
            yield f"{command}: invalid_body"


def rules_of(machine: type[SessionMachine]) -> list[str]:
    """The names of all rules."""
    return [each.function.__name__ for each in machine.setup_state().rules]
