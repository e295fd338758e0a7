"""How full the slots were, from when how many calls were in flight."""

import pytest

from tests.bench.slots import Fullness, fullness


def test_full_until_the_last_call_begins() -> None:
    # two slots; the second call's end at 11 is followed by the third at 12; what is after the last beginning is no idle slot
    changes = [(9.0, 1), (10.0, 2), (11.0, 1), (12.0, 2), (14.0, 1), (15.0, 0)]
    assert fullness(changes, slots=2) == Fullness(full=0.5, average=0.75, most=2)


def test_what_stays_full_is_full_and_more_than_all_is_told() -> None:
    changes = [(0.0, 1), (1.0, 2), (2.0, 1), (2.0, 2), (3.0, 3), (4.0, 0)]
    assert fullness(changes, slots=2) == Fullness(full=1.0, average=1.0, most=3)


def test_what_was_never_full_counts_from_the_first_call() -> None:
    changes = [(0.0, 1), (4.0, 0), (4.0, 1), (5.0, 0)]
    assert fullness(changes, slots=2) == Fullness(full=0.0, average=0.5, most=1)


@pytest.mark.parametrize("changes", [[], [(0.0, 1), (1.0, 2), (5.0, 0)]])
def test_no_more_work_than_slots_says_nothing(changes: list[tuple[float, int]]) -> None:
    with pytest.raises(ValueError, match="no more work than slots"):
        fullness(changes, slots=2)
