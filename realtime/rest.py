"""How long to rest between two passes over what waits, so that the next one is larger under load."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rest:
    """A share of what the pass took, within bounds in seconds.

    A pass costs much the same for one thing as for fifty.
    """

    share: float
    shortest: float
    longest: float

    def after(self, seconds: float) -> float:
        """The rest after a pass of so many seconds."""
        return min(max(seconds * self.share, self.shortest), self.longest)
