"""A session's rules: (where it stands, a command, now) -> where it stands then, or a refusal."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from realtime.domain.errors import (
    InvalidQuestionIndex,
    InvalidSubmissionTime,
    SessionEnded,
    SessionPaused,
    TimeLimitExceeded,
)
from realtime.domain.timing import ZERO, Pacing, Progress, Rules, Status, due_at, time_taken


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer counts; `after` is where the session stands now."""

    after: Progress
    late: bool
    time_taken: timedelta


@dataclass(frozen=True, slots=True)
class Closed:
    """The server closed question `index`; its last draft counts."""

    after: Progress
    index: int
    time_taken: timedelta


def start(*, pacing: Pacing, limits: tuple[int, ...], now: datetime) -> Progress:
    """Begin: the first question opens at once."""
    return Progress(
        status=Status.IN_PROGRESS,
        pacing=pacing,
        limits=limits,
        index=0,
        opens_at=now,
        deadline=now + timedelta(seconds=limits[0]),
        revision=1,
    )


def check_open(progress: Progress, *, index: int, now: datetime, rules: Rules) -> None:
    """Refuse what cannot be written to question `index` at `now`, in the contract's order."""
    if not progress.running:
        raise SessionEnded
    if progress.paused_at is not None:
        raise SessionPaused
    if 0 <= index < progress.index:
        raise TimeLimitExceeded(
            "The time for that question is over: it was closed with your last saved draft"
        )
    if index != progress.index:
        raise InvalidQuestionIndex
    if progress.opens_at is not None and now < progress.opens_at - rules.early_grace:
        raise InvalidSubmissionTime("That question has not opened yet")
    due = due_at(progress, rules)
    if due is not None and now > due:
        raise TimeLimitExceeded


def submit(progress: Progress, *, index: int, auto: bool, now: datetime, rules: Rules) -> Accepted:
    """Accept an answer to the current question, or refuse it."""
    check_open(progress, index=index, now=now, rules=rules)
    past_deadline = progress.deadline is not None and now > progress.deadline
    return Accepted(
        after=_advance(progress, now),
        late=past_deadline and not auto,
        time_taken=time_taken(progress, now),
    )


def expire(progress: Progress, *, now: datetime, rules: Rules) -> Closed | None:
    """Close the current question if deadline and grace are over."""
    due = due_at(progress, rules)
    if due is None or now < due:
        return None
    return Closed(
        after=_advance(progress, now),
        index=progress.index,
        time_taken=time_taken(progress, now - rules.grace),
    )


def pause(progress: Progress, *, now: datetime) -> Progress:
    """Stop the clock; a second pause is refused."""
    _check_running(progress)
    if progress.paused_at is not None or progress.deadline is None:
        raise SessionPaused
    return replace(
        progress,
        paused_at=now,
        paused_remaining=progress.deadline - now,
        deadline=None,
        revision=progress.revision + 1,
    )


def resume(progress: Progress, *, now: datetime) -> Progress | None:
    """Let the clock run on with what was left; None where it runs already."""
    _check_running(progress)
    if progress.paused_at is None or progress.paused_remaining is None or progress.opens_at is None:
        return None
    paused_for = now - progress.paused_at
    was_waiting = progress.opens_at > progress.paused_at
    return replace(
        progress,
        opens_at=progress.opens_at + paused_for if was_waiting else progress.opens_at,
        frozen=progress.frozen if was_waiting else progress.frozen + paused_for,
        deadline=now + progress.paused_remaining,
        paused_at=None,
        paused_remaining=None,
        revision=progress.revision + 1,
    )


def extend(progress: Progress, *, by: timedelta) -> Progress:
    """Give the current question more time; in scheduled pacing later openings move with it."""
    _check_running(progress)
    return replace(
        progress,
        deadline=None if progress.deadline is None else progress.deadline + by,
        paused_remaining=None if progress.paused_remaining is None else progress.paused_remaining + by,
        revision=progress.revision + 1,
    )


def credit(progress: Progress, *, last_alive: datetime, now: datetime, rules: Rules) -> Progress | None:
    """Give back the time from `last_alive` to `now`, in which the service was down; None where nothing was running."""
    due = due_at(progress, rules)
    if due is None or progress.deadline is None or progress.opens_at is None or due <= last_alive:
        return None
    gap = now - last_alive
    # what opened by itself after the last sign of life was open already: a question that was read never closes again
    was_waiting = progress.pacing is Pacing.SCHEDULED and progress.opens_at > last_alive
    lost = max(now - max(last_alive, progress.opens_at), ZERO)
    return replace(
        progress,
        opens_at=progress.opens_at + gap if was_waiting else progress.opens_at,
        frozen=progress.frozen if was_waiting else progress.frozen + lost,
        deadline=progress.deadline + gap,
        revision=progress.revision + 1,
    )


def end(progress: Progress, *, status: Status) -> Progress:
    """End it where it stands: terminated by a person, or abandoned for a fresh start."""
    _check_running(progress)
    return replace(
        progress,
        status=status,
        opens_at=None,
        deadline=None,
        paused_at=None,
        paused_remaining=None,
        frozen=ZERO,
        revision=progress.revision + 1,
    )


def _advance(progress: Progress, now: datetime) -> Progress:
    following = progress.index + 1
    if following == len(progress.limits):
        return replace(end(progress, status=Status.COMPLETED), index=following)
    opens_at = now if progress.pacing is Pacing.SELF_PACED or progress.deadline is None else progress.deadline
    return replace(
        progress,
        index=following,
        opens_at=opens_at,
        deadline=opens_at + timedelta(seconds=progress.limits[following]),
        frozen=ZERO,
        revision=progress.revision + 1,
    )


def _check_running(progress: Progress) -> None:
    if not progress.running:
        raise SessionEnded
