"""A rest is a share of the pass before it, within its bounds."""

import pytest

from realtime.rest import Rest


@pytest.mark.parametrize(("took", "rests"), [(0.0, 0.01), (0.03, 0.015), (9.0, 0.02)])
def test_a_rest_is_a_share_within_bounds(took: float, rests: float) -> None:
    assert Rest(0.5, shortest=0.01, longest=0.02).after(took) == rests
