"""`python -m tests.bench [NAME…]`: measures, prints one table, and writes the raw figures as JSON."""

import argparse
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import uvloop

from tests.bench import machine
from tests.bench.figures import Figure, Report, table, write_json
from tests.bench.options import QUICK, Options
from tests.bench.peers import find_node
from tests.bench.place import Place, place
from tests.processes import ROOT

Measure = Callable[[Place, Options], Awaitable[list[Figure]]]

log = logging.getLogger("bench")

# Each module has `async def measure(place, options) -> list[Figure]`; imported when it is wanted.
MEASUREMENTS = {
    "ticks": "tests.bench.ticks",
    "connects": "tests.bench.connects",
    "expiry": "tests.bench.expiry",
    "board": "tests.bench.board",
    "submit": "tests.bench.submit",
    "drain": "tests.bench.submit_drain",
    "slots": "tests.bench.slots",
    "pgbench": "tests.bench.pgbench",
}
ARTEFACT = ROOT / "artefacts" / "bench.json"


async def run(names: Sequence[str], options: Options) -> Report:
    """Measure `names`, one after the other, each on the same stores."""
    about = machine.describe(find_node())
    figures: list[Figure] = []
    failed: list[str] = []
    async with place() as here:
        for name in names:
            log.info("measuring %s", name)
            measure: Measure = import_module(MEASUREMENTS[name]).measure
            try:
                figures += await measure(here, options)
            except Exception:
                log.exception("%s failed; what the others measured is kept", name)
                failed.append(name)
    return Report(
        at=datetime.now(UTC),
        commit=machine.commit(),
        changed_files=machine.changed_files(),
        quick=options.quick,
        machine=about,
        figures=tuple(figures),
        failed=tuple(failed),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, measure, and tell."""
    wanted = _parser().parse_args(arguments)
    names: list[str] = wanted.names or list(MEASUREMENTS)
    unknown = sorted(set(names) - MEASUREMENTS.keys())
    if unknown:
        _parser().error(f"{', '.join(unknown)}: there are {', '.join(MEASUREMENTS)}")
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", level=logging.INFO)
    options = QUICK if wanted.quick else Options()
    given = {name: getattr(wanted, name) for name in ("rounds", "sizes", "window_seconds")}
    options = replace(options, **{name: value for name, value in given.items() if value is not None})
    report = uvloop.run(run(names, options))
    write_json(report, wanted.json)
    sys.stdout.write(table(report.figures))
    sys.stdout.write(f"\n{wanted.json}: everything, raw. Load before: {report.machine.load_before[0]:.2f}\n")
    if report.failed:
        sys.exit(f"failed: {', '.join(report.failed)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}; all by default"
    )
    parser.add_argument(
        "--json", type=Path, default=ARTEFACT, metavar="FILE", help="where the raw figures go"
    )
    parser.add_argument(
        "--quick", action="store_true", help="tiny counts: shows that it works, measures nothing"
    )
    parser.add_argument("--rounds", type=int, metavar="N", help="windows that a median is of (3)")
    parser.add_argument("--sizes", type=_sizes, metavar="N,N", help="sessions to tick (500,2000,8000)")
    parser.add_argument(
        "--window", type=float, dest="window_seconds", metavar="S", help="length of a window (10)"
    )
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
