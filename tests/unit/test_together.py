"""What waits goes together: nobody waits for company, nobody is forgotten, nobody gets another's answer."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.usecases.together import MOST_TOGETHER, Together


class Desk:
    """Deals with numbers by doubling them, each batch once it is let through."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gates: list[asyncio.Event] = []

    async def deal(self, batch: Sequence[int]) -> Sequence[int]:
        """Double."""
        self.batches.append(list(batch))
        self.gates.append(asyncio.Event())
        await self.gates[-1].wait()
        if -1 in batch:
            raise ValueError("minus one")
        return [2 * number for number in batch]

    def open_all(self) -> None:
        """Let through what is there."""
        for gate in self.gates:
            gate.set()


async def settle() -> None:
    """Let everything that can run do so."""
    for _ in range(10):
        await asyncio.sleep(0)


async def at_once(_: float) -> None:
    """Rest for no time."""


async def test_who_comes_first_goes_alone_and_the_others_together() -> None:
    desk, together = Desk(), Together[int, int](pause=at_once)
    answers = []
    for number in range(4):
        answers.append(asyncio.ensure_future(together.take(number, deal=desk.deal)))
        await settle()
    assert desk.batches == [[0]]
    desk.gates[0].set()
    await settle()
    assert desk.batches == [[0], [1, 2, 3]]
    desk.open_all()
    assert await asyncio.gather(*answers) == [0, 2, 4, 6]


async def test_after_a_batch_there_is_a_rest_in_which_the_next_one_grows() -> None:
    rests: list[float] = []
    rested = asyncio.Event()

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        await rested.wait()

    desk, together = Desk(), Together[int, int](pause=rest)
    answers = [asyncio.ensure_future(together.take(0, deal=desk.deal))]
    await settle()
    desk.open_all()
    for number in (1, 2, 3):
        await settle()
        answers.append(asyncio.ensure_future(together.take(number, deal=desk.deal)))
    await settle()
    assert answers[0].done()  # nobody is kept from an answer by a rest
    assert desk.batches == [[0]]
    assert len(rests) == 1
    rested.set()
    await settle()
    assert desk.batches == [[0], [1, 2, 3]]
    desk.open_all()
    assert await asyncio.gather(*answers) == [0, 2, 4, 6]


async def test_no_batch_is_larger_than_it_may_be() -> None:
    desk, together = Desk(), Together[int, int](pause=at_once)
    answers = [
        asyncio.ensure_future(together.take(number, deal=desk.deal)) for number in range(3 * MOST_TOGETHER)
    ]
    while not all(answer.done() for answer in answers):
        await settle()
        desk.open_all()
    assert max(map(len, desk.batches)) == MOST_TOGETHER


async def test_a_failure_is_that_of_its_batch_only() -> None:
    desk, together = Desk(), Together[int, int](pause=at_once)
    first = asyncio.ensure_future(together.take(1, deal=desk.deal))
    await settle()
    failing = [asyncio.ensure_future(together.take(number, deal=desk.deal)) for number in (-1, 7)]
    desk.open_all()
    await first
    await settle()
    desk.open_all()
    for answer in failing:
        with pytest.raises(ValueError, match="minus one"):
            await answer


async def test_who_has_gone_keeps_nobody_from_an_answer() -> None:
    desk, together = Desk(), Together[int, int](pause=at_once)
    busy = asyncio.ensure_future(together.take(1, deal=desk.deal))
    await settle()
    gone, stays = (asyncio.ensure_future(together.take(number, deal=desk.deal)) for number in (8, 9))
    await settle()
    gone.cancel()
    desk.open_all()
    await busy
    await settle()
    desk.open_all()
    assert await stays == 18


@given(st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=60))
def test_nobody_is_forgotten_whenever_they_come(pauses: list[int]) -> None:
    """Among others who comes just when the last worker has found nothing more to do."""

    async def deal(batch: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        return [2 * number for number in batch]

    async def everybody() -> list[int]:
        together = Together[int, int]()
        answers = []
        for number, pause in enumerate(pauses):
            answers.append(asyncio.ensure_future(together.take(number, deal=deal)))
            for _ in range(pause):
                await asyncio.sleep(0)
        async with asyncio.timeout(5):
            return list(await asyncio.gather(*answers))

    assert asyncio.run(everybody()) == [2 * number for number in range(len(pauses))]
