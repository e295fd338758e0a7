"""Ways in which the AI's part of a grading can fail. None of them is a zero: they are retried, then reviewed."""

from typing import Any, ClassVar


class GradingFailure(Exception):
    """The AI gave no usable judgement; `retry_after` is what it asked us to wait, in seconds.

    `provenance` is what was asked of whom, and what came back.
    """

    reason: ClassVar[str] = "failed"

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{self.reason}: {detail}")
        self.retry_after = retry_after
        self.provenance: dict[str, Any] = {}


class RateLimited(GradingFailure):
    """It asked us to slow down."""

    reason = "rate_limited"


class TimedOut(GradingFailure):
    """It did not answer in time."""

    reason = "timed_out"


class Unavailable(GradingFailure):
    """It could not be reached, or failed itself."""

    reason = "unavailable"


class Refused(GradingFailure):
    """It does not accept our request: a wrong key, model or parameter."""

    reason = "refused"


class Declined(GradingFailure):
    """The model would not judge, or was cut short."""

    reason = "declined"


class Malformed(GradingFailure):
    """What came is not of the form that was asked for: prose, missing criteria, numbers out of range."""

    reason = "malformed"


class Crashed(GradingFailure):
    """Attempts keep ending without even a failure: the process dies of them, or is always stopped in the middle."""

    reason = "crashed"
