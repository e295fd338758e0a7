"""What waits goes together: nobody waits for company, nobody is forgotten, nobody gets another's answer."""

import asyncio
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.usecases.together import MOST_TOGETHER, PATIENCE_SECONDS, REST, Together


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


def ask(together: Together[int, int], desk: Desk, numbers: Iterable[int]) -> list[asyncio.Future[int]]:
    """Have these dealt with, each as a task of its own."""
    return [asyncio.ensure_future(together.take(number, deal=desk.deal)) for number in numbers]


async def at_once(_: asyncio.Event, *, within: float) -> None:
    """Rest for no time."""


class Rests:
    """Rests as long as the test wants, unless they are ended before."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.seconds: list[float] = []

    async def __call__(self, event: asyncio.Event, *, within: float) -> None:
        """Wait for the event or for the test."""
        self.seconds.append(within)
        ends = [asyncio.ensure_future(each.wait()) for each in (event, self.over)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for each in ends:
            each.cancel()


async def test_who_comes_first_goes_alone_and_the_others_together() -> None:
    desk, together = Desk(), Together[int, int](wait=at_once)
    answers = []
    for number in range(4):
        answers += ask(together, desk, [number])
        await settle()
    assert desk.batches == [[0]]
    desk.gates[0].set()
    await settle()
    assert desk.batches == [[0], [1, 2, 3]]
    desk.open_all()
    assert await asyncio.gather(*answers) == [0, 2, 4, 6]


async def answered_together(rests: Rests, *, numbers: int) -> tuple[Desk, Together[int, int]]:
    """A desk that has just answered a batch of so many and rests."""
    desk, together = Desk(), Together[int, int](wait=rests)
    rests.over.set()
    answers = ask(together, desk, [0])
    await settle()
    answers += ask(together, desk, range(1, numbers + 1))
    desk.open_all()
    await settle()
    assert list(map(len, desk.batches)) == [1, numbers]
    rests.over.clear()
    desk.open_all()
    await settle()
    assert all(answer.done() for answer in answers)  # nobody is kept from an answer by a rest
    desk.batches.clear()
    return desk, together


async def test_after_a_batch_there_is_a_rest_until_as_many_are_back() -> None:
    rests = Rests()
    desk, together = await answered_together(rests, numbers=3)
    answers = []
    for number in (4, 5, 6):
        assert desk.batches == []
        answers += ask(together, desk, [number])
        await settle()
    assert desk.batches == [[4, 5, 6]]
    desk.open_all()
    assert await asyncio.gather(*answers) == [8, 10, 12]


async def test_a_rest_expects_also_those_who_came_meanwhile() -> None:
    rests = Rests()
    desk, together = await answered_together(rests, numbers=3)
    answers = ask(together, desk, (1, 2, 3))
    await settle()
    assert desk.batches == [[1, 2, 3]]
    answers += ask(together, desk, (4, 5))
    await settle()
    desk.open_all()
    for number in (6, 7, 8):
        await settle()
        assert desk.batches == [[1, 2, 3]]
        answers += ask(together, desk, [number])
    await settle()
    assert desk.batches == [[1, 2, 3], [4, 5, 6, 7, 8]]
    desk.open_all()
    await asyncio.gather(*answers)


async def test_a_rest_is_over_in_time_whoever_is_missing() -> None:
    rests = Rests()
    desk, together = await answered_together(rests, numbers=3)
    [answer] = ask(together, desk, [4])
    await settle()
    assert desk.batches == []
    assert PATIENCE_SECONDS <= rests.seconds[-1] <= REST.longest + PATIENCE_SECONDS
    rests.over.set()
    await settle()
    assert desk.batches == [[4]]
    desk.open_all()
    assert await answer == 8


async def test_a_full_batch_waits_for_nobody() -> None:
    desk, together = await answered_together(Rests(), numbers=MOST_TOGETHER)
    answers = ask(together, desk, range(MOST_TOGETHER))
    await settle()
    answers += ask(together, desk, range(10))
    await settle()
    desk.open_all()
    await settle()
    assert list(map(len, desk.batches)) == [MOST_TOGETHER]
    answers += ask(together, desk, range(MOST_TOGETHER - 10))
    await settle()
    assert list(map(len, desk.batches)) == [MOST_TOGETHER] * 2
    answers += ask(together, desk, range(MOST_TOGETHER))
    await settle()
    desk.open_all()
    await settle()
    assert list(map(len, desk.batches)) == [MOST_TOGETHER] * 3
    desk.open_all()
    await asyncio.gather(*answers)


async def test_no_batch_is_larger_than_it_may_be() -> None:
    desk, together = Desk(), Together[int, int](wait=at_once)
    answers = ask(together, desk, range(3 * MOST_TOGETHER))
    while not all(answer.done() for answer in answers):
        await settle()
        desk.open_all()
    assert max(map(len, desk.batches)) == MOST_TOGETHER


async def test_a_failure_is_that_of_its_batch_only() -> None:
    desk, together = Desk(), Together[int, int](wait=at_once)
    [first] = ask(together, desk, [1])
    await settle()
    failing = ask(together, desk, (-1, 7))
    desk.open_all()
    await first
    await settle()
    desk.open_all()
    for answer in failing:
        with pytest.raises(ValueError, match="minus one"):
            await answer


async def test_who_has_gone_keeps_nobody_from_an_answer() -> None:
    desk, together = Desk(), Together[int, int](wait=at_once)
    [busy] = ask(together, desk, [1])
    await settle()
    gone, stays = ask(together, desk, (8, 9))
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
