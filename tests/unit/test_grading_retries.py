"""When to try again, and who is next."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.backoff import LONGEST_SECONDS, GiveUp, Retry, after_failure
from consumers.grading import model
from consumers.grading.model import retry_after
from consumers.slots import FairQueue, Pointer

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "least", "most"), [(1, 1, 2), (2, 2, 4), (3, 4, 8), (4, 8, 16), (20, 150, 300)]
)
def test_the_wait_doubles_and_is_spread(failures: int, least: float, most: float) -> None:
    for chance, expected in ((0.0, least), (1.0, most)):
        assert after_failure(failures=failures, most=99, asked=None, chance=chance) == Retry(expected)


def test_what_was_asked_for_is_waited() -> None:
    assert after_failure(failures=1, most=5, asked=60.0, chance=0.0) == Retry(60.0)
    assert after_failure(failures=1, most=5, asked=0.0, chance=0.0) == Retry(1.0)
    assert after_failure(failures=1, most=5, asked=1e9, chance=0.0) == Retry(3600.0)


def test_the_last_failure_is_the_end() -> None:
    assert after_failure(failures=4, most=5, asked=None, chance=0.5) != GiveUp()
    assert after_failure(failures=5, most=5, asked=None, chance=0.5) == GiveUp()


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_wait_is_bounded(failures: int, chance: float) -> None:
    step = after_failure(failures=failures, most=100_000, asked=None, chance=chance)
    assert isinstance(step, Retry)
    assert 1 <= step.delay <= LONGEST_SECONDS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_header_is_read(value: str | None, expected: float | None) -> None:
    assert retry_after(value, now=NOW) == expected


def pointers(lanes: str) -> list[Pointer]:
    return [Pointer(uuid4(), lane=lane) for lane in lanes]


def test_lanes_take_turns() -> None:
    queue = FairQueue(limit=100)
    for pointer in pointers("aaaabbc"):
        assert queue.push(pointer)
    assert "".join(str(queue.pop().lane) for _ in range(7)) == "abcabaa"
    with pytest.raises(KeyError):
        queue.pop()


def test_a_newcomer_waits_for_one_turn_of_the_others_only() -> None:
    queue = FairQueue(limit=100)
    for pointer in pointers("aaab"):
        queue.push(pointer)
    queue.pop()
    queue.push(pointers("c")[0])
    assert [queue.pop().lane for _ in range(3)] == ["b", "a", "c"]


def test_a_job_waits_once_and_a_full_queue_takes_none() -> None:
    queue = FairQueue(limit=2)
    first, second, third = pointers("aaa")
    assert queue.push(first)
    assert not queue.push(first)
    assert queue.push(second)
    assert not queue.push(third)
    queue.pop()
    assert queue.push(first)
    assert len(queue) == 2


def test_a_full_queue_lets_a_newcomer_in_at_the_cost_of_whoever_has_most() -> None:
    queue = FairQueue(limit=4)
    crowd = pointers("aaaa")
    for pointer in crowd:
        queue.push(pointer)
    newcomer, second, third = pointers("bcb")
    assert queue.push(newcomer)
    assert queue.push(second)
    assert not queue.push(third), "no lane would be longer than its own"
    assert not queue.push(pointers("a")[0])
    assert len(queue) == 4
    assert queue.drain() == [crowd[0], newcomer, second, crowd[1]]


@given(
    st.lists(st.tuples(st.uuids(), st.sampled_from("abcd")), max_size=60),
    st.integers(min_value=1, max_value=12),
)
def test_a_full_queue_is_shared_evenly(pushed: list[tuple[UUID, str]], limit: int) -> None:
    queue = FairQueue(limit=limit)
    asked: dict[str, set[UUID]] = {}
    seen: set[UUID] = set()
    for job_id, lane in pushed:
        if job_id not in seen:
            asked.setdefault(lane, set()).add(job_id)
            seen.add(job_id)
            queue.push(Pointer(job_id, lane=lane))
    held = Counter(str(pointer.lane) for pointer in queue.drain())
    assert held.total() == min(limit, len(seen))
    most = max(held.values(), default=0)
    for lane, jobs in asked.items():
        assert held[lane] >= min(len(jobs), most - 1), "turned away while another had two more"


@given(st.lists(st.tuples(st.uuids(), st.sampled_from("abc")), max_size=40))
def test_everything_that_was_pushed_comes_out_once(pushed: list[tuple[UUID, str]]) -> None:
    queue = FairQueue(limit=1000)
    for job_id, lane in pushed:
        queue.push(Pointer(job_id, lane=lane))
    drained = [pointer.job_id for pointer in queue.drain()]
    assert sorted(drained) == sorted({job_id for job_id, _ in pushed})
    assert len(queue) == 0


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        ('{"usage": {"prompt_tokens": 7, "completion_tokens": 0}}', (7, 0)),
        ('{"usage": {"prompt_tokens": "7", "completion_tokens": 2}}', (None, 2)),
        ('{"usage": {"prompt_tokens": true, "completion_tokens": -1}}', (None, None)),
        ('{"usage": {"prompt_tokens": 7}}', (7, None)),
        ('{"usage": null}', (None, None)),
        ("[7]", (None, None)),
        ("<html>", (None, None)),
        ("[" * 100_000, (None, None)),
    ],
)
def test_what_a_reply_cost_is_believed_only_where_it_is_a_count(
    body: str, tokens: tuple[int | None, int | None]
) -> None:
    assert model._tokens(body) == dict(zip(("input", "output"), tokens, strict=True))
