"""Promise 4: every answer is evaluated, once, whoever is killed at whichever moment, and whatever the AI does."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.cluster import Cluster, cluster
from tests.faults.conftest import TALLY
from tests.faults.counts import Counts, Fault, summary
from tests.faults.graded import faults_of_grading, faults_of_letters
from tests.faults.graders import WINDOWS, UnderFire, letters, under_fire

pytestmark = [pytest.mark.faults, pytest.mark.unhurried]


@pytest.fixture
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cluster]:
    """Stores of its own: this test empties them, and brings its own graders."""
    with cluster(tmp_path / "data", nodes=0, consumers=0, tally=request.config.stash[TALLY]) as it:
        yield it


async def test_every_answer_is_evaluated_once(product: Cluster, rng: Random, counts: Counts) -> None:
    before = product.tally.copy()
    kills = list(WINDOWS) * counts.graders_killed
    rng.shuffle(kills)
    a_share = counts.sessions_graded // len(kills)
    async with under_fire(product, rng) as fire:
        for window in kills[: len(kills) // 2]:
            await kill(fire, window, a_share)
        await fire.work.add_sessions(a_share)
        await fire.lose(Fault.REDIS_EMPTIED)
        product.tally[Fault.POISON] += await fire.work.add_poison()
        for window in kills[len(kills) // 2 :]:
            await kill(fire, window, a_share)
        await fire.lose(Fault.GROUP_DESTROYED)
        await fire.work.add_sessions(counts.sessions_graded - len(fire.work.sessions))
        await fire.drain()
        done = product.tally - before
        print(f"{summary(done)}; {len(fire.work.worth) + len(fire.work.poisoned)} answers")
        found = [*await faults_of_grading(fire.work), *fire.ai.early]
        found += faults_of_letters(fire.work, await letters(fire.world.redis))
        assert not found, f"{len(found)} faults:\n" + "\n".join(found[:40])
        assert await fire.left() == 0
    assert {window: done[window] for window in WINDOWS} == dict.fromkeys(WINDOWS, counts.graders_killed)
    for fault in (
        Fault.AI_REFUSED,
        Fault.AI_HUNG,
        Fault.AI_MALFORMED,
        Fault.REDIS_EMPTIED,
        Fault.GROUP_DESTROYED,
    ):
        assert done[fault] > 0, f"no {fault}: nothing is proved about it"
    assert done[Fault.POISON] == 20


async def kill(fire: UnderFire, window: Fault, sessions: int) -> None:
    """Bring work and kill somebody in the window; the work is brought once, and again only where that missed."""

    async def feed() -> None:
        await fire.work.add_sessions(sessions)

    await fire.kill_in(window, feed=feed)
    await asyncio.sleep(0)
