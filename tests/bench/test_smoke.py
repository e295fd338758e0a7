"""One tiny run of the bench, so that it does not rot: nothing of what it measures is judged."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.processes import ROOT

pytestmark = pytest.mark.bench

MEASUREMENTS = {
    "ticks": "CPU a tick, 10 sessions",
    "connects": "CPU a connect and join",
    "expiry": "20 questions due at once, all connected: first to last",
    "slots": "AI slots, 1 x 2, 10 jobs of 0.2 s: in use on average",
    "board": "list of 300 sessions, -activity, first page: p50",
}


def test_the_bench_measures_and_prints_its_table(tmp_path: Path) -> None:
    kept = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--json", str(kept), *MEASUREMENTS],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    figures = {figure["name"]: figure for figure in orjson.loads(kept.read_bytes())["figures"]}
    for name in MEASUREMENTS.values():
        assert figures[name]["value"] > 0
        assert name in done.stdout
