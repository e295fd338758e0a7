"""How thoroughly to measure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for; `quick` only shows that everything works: its figures mean nothing."""

    quick: bool = False
    rounds: int = 3
    sizes: tuple[int, ...] = (500, 2_000, 8_000)
    window_seconds: float = 10.0


QUICK = Options(quick=True, rounds=1, sizes=(10,), window_seconds=1.1)
