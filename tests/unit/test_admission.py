"""The door of a node: places, turns, and who is sent away."""

import asyncio

import pytest

from realtime.sockets import admission
from realtime.sockets.admission import Admission, Place, TooManyArrivals
from realtime.sockets.bounds import PACKETS_BURST, PACKETS_PER_SECOND, Allowance


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two places, three who wait, and nobody gives up by himself."""
    monkeypatch.setattr(admission, "SETTLING_LIMIT", 2)
    monkeypatch.setattr(admission, "WAITING_LIMIT", 3)
    monkeypatch.setattr(admission, "SETTLE_SECONDS", 60.0)
    monkeypatch.setattr(admission, "WAITING_SECONDS", 60.0)


async def waiting(door: Admission) -> "asyncio.Task[Place]":
    """Somebody who waits for a turn."""
    task = asyncio.create_task(door.enter())
    await asyncio.sleep(0)
    assert not task.done()
    return task


async def test_turns_come_in_the_order_of_arrival() -> None:
    door = Admission()
    first, second = await door.enter(), await door.enter()
    third, fourth = await waiting(door), await waiting(door)
    first.give_back()
    await asyncio.sleep(0)
    assert third.done()
    assert not fourth.done()
    second.give_back()
    await fourth


async def test_a_place_is_given_back_once() -> None:
    door = Admission()
    first, _ = await door.enter(), await door.enter()
    first.give_back()
    first.give_back()
    await door.enter()
    await waiting(door)


async def test_a_place_that_nobody_gives_back_is_free_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "SETTLE_SECONDS", 0.01)
    door = Admission()
    await door.enter()
    await door.enter()
    async with asyncio.timeout(5):
        await door.enter()


async def test_who_comes_when_too_many_wait_is_sent_away() -> None:
    door = Admission()
    for _ in range(2):
        await door.enter()
    for _ in range(3):
        await waiting(door)
    with pytest.raises(TooManyArrivals) as refused:
        await door.enter()
    low, high = admission.RETRY_SECONDS
    assert low <= refused.value.facts["retry_after_seconds"] <= high


async def test_who_waits_for_too_long_is_sent_away_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = Admission()
    first, _ = await door.enter(), await door.enter()
    with monkeypatch.context() as patch:
        patch.setattr(admission, "WAITING_SECONDS", 0.01)
        with pytest.raises(TooManyArrivals):
            await door.enter()
    first.give_back()
    await door.enter()


async def test_who_goes_while_waiting_leaves_the_turn_to_the_next() -> None:
    door = Admission()
    first, _ = await door.enter(), await door.enter()
    gone, patient = await waiting(door), await waiting(door)
    first.give_back()  # the turn is the first one's, who goes in the same moment
    gone.cancel()
    async with asyncio.timeout(5):
        await patient
    with pytest.raises(asyncio.CancelledError):
        await gone


def test_an_allowance_is_a_burst_and_then_so_many_a_second() -> None:
    allowance = Allowance(now=100.0)
    assert all(allowance.take(100.0) for _ in range(int(PACKETS_BURST)))
    assert not allowance.take(100.0)
    later = Allowance(now=0.0)
    steady = [later.take(number / PACKETS_PER_SECOND) for number in range(int(PACKETS_BURST) * 5)]
    assert all(steady), "who sends what is allowed is never cut"


def test_three_times_the_allowance_is_cut_within_ten_seconds() -> None:
    allowance = Allowance(now=0.0)
    rate = PACKETS_PER_SECOND * 3
    assert not all(allowance.take(number / rate) for number in range(int(rate * 10) + 1))
