"""The database's clock as a node knows it between two looks: its last reading plus what a steady clock counted since."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class NodeClock:
    """Estimates the database's clock; a wrong or stepping clock of this machine has no effect."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._read_at = monotonic()
        self._reading = datetime.now(UTC)  # until the first reading, which comes before anybody is served

    def adjust(self, reading: datetime, *, asked_at: float) -> None:
        """Take a reading of the database's clock that was asked for at `asked_at` (steady seconds)."""
        answered_at = self._monotonic()
        self._read_at = (asked_at + answered_at) / 2
        self._reading = reading

    def monotonic(self) -> float:
        """Steady seconds, for `adjust`."""
        return self._monotonic()

    def age(self) -> float:
        """Seconds since the last reading."""
        return self._monotonic() - self._read_at

    def now(self) -> datetime:
        """The database's clock, within half a round trip."""
        return self._reading + timedelta(seconds=self._monotonic() - self._read_at)
