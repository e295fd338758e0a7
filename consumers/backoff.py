"""Whether and when to try again after a failure."""

from dataclasses import dataclass

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 300.0
LONGEST_ASKED_SECONDS = 3600.0  # an endpoint may ask for more than our own longest, but not for for ever


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after `delay` seconds."""

    delay: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It has failed often enough."""


def after_failure(*, failures: int, most: int, asked: float | None, chance: float) -> Retry | GiveUp:
    """Decide after the failure that makes `failures` of at most `most`; `asked` is what the endpoint asked us to wait.

    `chance` in 0…1 spreads retries over the upper half of the span, so that what failed together does not return together.
    """
    if failures >= most:
        return GiveUp()
    span = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 30))
    wait = span * (0.5 + 0.5 * chance)
    if asked is not None:
        wait = max(wait, min(asked, LONGEST_ASKED_SECONDS) * (1 + 0.1 * chance))
    return Retry(wait)
