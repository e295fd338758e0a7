from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from tests.bench.figures import Bar, Figure, Machine, Report, of_medians, percentile, table, write_json


@pytest.mark.parametrize(
    ("bar", "value", "verdict"),
    [
        (Bar("<=", 40, goal=32), 41, "MISSED"),
        (Bar("<=", 40, goal=32), 40, "met"),
        (Bar("<=", 40, goal=32), 32, "met, goal too"),
        (Bar(">=", 1.5, goal=2), 1.4, "MISSED"),
        (Bar(">=", 1.5, goal=2), 1.5, "met"),
        (Bar(">=", 1.5, goal=2), 2.5, "met, goal too"),
        (None, 1, ""),
    ],
)
def test_a_bar_is_met_up_to_its_limit(bar: Bar | None, value: float, verdict: str) -> None:
    assert Figure("memory", "KiB", value, bar=bar).verdict == verdict


def test_beside_a_peer_the_bar_is_for_the_ratio() -> None:
    bar = Bar("<=", 0.7)
    assert Figure("tick", "µs", 21, peer="socket.io", peer_value=30, bar=bar).verdict == "met"
    assert Figure("tick", "µs", 22, peer="socket.io", peer_value=30, bar=bar).verdict == "MISSED"


def test_a_figure_of_rounds_is_of_their_medians_and_keeps_them() -> None:
    figure = of_medians("tick", unit="µs", samples=[30, 10, 20], peer="bare", peer_samples=[40, 50, 10])
    assert (figure.value, figure.peer_value, figure.ratio) == (20, 40, 0.5)
    assert figure.samples == (30, 10, 20)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 51), (0.99, 100), (1.0, 100), (0.0, 1)])
def test_a_percentile_of_a_hundred_values(share: float, expected: float) -> None:
    assert percentile(range(1, 101), share) == expected


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_the_table_names_what_is_missed() -> None:
    lines = table(
        [
            Figure("tick", "µs", 1_234.5, peer="bare", peer_value=1_000, bar=Bar("<=", 1.2, goal=1)),
            Figure("memory", "KiB", 31.25, note="8,000 sessions"),
        ]
    ).splitlines()
    assert [len(line) for line in lines[:1]] != [0]
    assert lines[2].split() == [
        "tick",
        "1,234",
        "µs",
        "1,000",
        "bare",
        "1.23",
        "<=",
        "1.2",
        "(goal",
        "1)",
        "MISSED",
    ]
    assert lines[3].split() == ["memory", "[8,000", "sessions]", "31.2", "KiB"]


def test_the_file_holds_the_raw_windows_the_machine_and_the_commit(tmp_path: Path) -> None:
    machine = Machine(2, "a processor", 24_000, "6.18", "3.11.7", "v20", (0.1, 0.2, 0.3))
    figure = Figure("tick", "µs", 2, peer="bare", peer_value=4, bar=Bar("<=", 1.2), samples=(1, 2, 3))
    report = Report(datetime.now(UTC), "abc", 0, quick=True, machine=machine, figures=(figure,))
    write_json(report, tmp_path / "deep" / "bench.json")
    stored = orjson.loads((tmp_path / "deep" / "bench.json").read_bytes())
    assert stored["commit"] == "abc"
    assert stored["machine"]["cores"] == 2
    assert stored["figures"][0]["samples"] == [1, 2, 3]
    assert (stored["figures"][0]["ratio"], stored["figures"][0]["verdict"]) == (0.5, "met")
