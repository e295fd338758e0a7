"""The clock's rules: where a session stands, what remains, when what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ZERO = timedelta()


class Status(StrEnum):
    """How far a session is."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    ABANDONED = "abandoned"
    TERMINATED = "terminated"


class Pacing(StrEnum):
    """When the next question opens: at once, or at its place in the schedule."""

    SELF_PACED = "self_paced"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator settled about time."""

    grace: timedelta
    early_grace: timedelta
    pause_max: timedelta


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a session stands.

    `limits` are seconds per question, extra time included. `opens_at` and `deadline` are those of question `index`;
    `deadline` is None while paused (`paused_remaining` keeps the rest) and both are None once ended. In scheduled pacing
    a question's deadline is the next one's opening, so moving one deadline moves all that comes after it.
    """

    status: Status
    pacing: Pacing
    limits: tuple[int, ...]
    index: int
    opens_at: datetime | None
    deadline: datetime | None
    revision: int
    frozen: timedelta = ZERO
    paused_at: datetime | None = None
    paused_remaining: timedelta | None = None

    @property
    def running(self) -> bool:
        """In progress, paused or not."""
        return self.status is Status.IN_PROGRESS


def own_limit(seconds: int, *, extra_percent: int) -> int:
    """A candidate's own time limit in seconds: extra time included, rounded up."""
    return -(-seconds * (100 + extra_percent) // 100)


def waiting(progress: Progress, now: datetime) -> bool:
    """Whether the current question has yet to open; while paused, whether it had when the pause began."""
    moment = progress.paused_at or now
    return progress.running and progress.opens_at is not None and moment < progress.opens_at


def remaining(progress: Progress, now: datetime) -> timedelta | None:
    """Time to the deadline, or to the opening while waiting; frozen while paused; None once ended; never below 0."""
    if not progress.running or progress.opens_at is None:
        return None
    if progress.paused_at is not None and progress.paused_remaining is not None:
        left = progress.paused_remaining
        if waiting(progress, now):
            left = progress.opens_at - progress.paused_at
    elif waiting(progress, now):
        left = progress.opens_at - now
    else:
        left = _set(progress.deadline) - now
    return max(left, ZERO)


def due_at(progress: Progress, rules: Rules) -> datetime | None:
    """When the server closes the current question by itself; None while paused and once ended."""
    return None if progress.deadline is None else progress.deadline + rules.grace


def time_taken(progress: Progress, now: datetime) -> timedelta:
    """Time since the opening, pauses and outages not counted; never below 0."""
    return max(now - _set(progress.opens_at) - progress.frozen, ZERO)


def last_possible_end(progress: Progress, now: datetime, rules: Rules) -> datetime:
    """When the session ends at the latest, one longest pause included."""
    left = timedelta(seconds=sum(progress.limits[progress.index :]))
    return max(now, progress.opens_at or now) + left + rules.pause_max + rules.grace


def _set(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("a session in progress has an opening and, unless it is paused, a deadline")
    return moment
