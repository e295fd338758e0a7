"""Where each command leads from each state: one table, held against the rules here and the README's diagram beside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

import pytest

from realtime.domain import session
from realtime.domain.errors import Refusal
from realtime.domain.timing import Pacing, Progress, Rules, Status

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RULES = Rules(grace=2 * SECOND, early_grace=5 * SECOND, pause_max=timedelta(days=1))
LIMIT = 60


class State(StrEnum):
    """How a session stands to an onlooker; the first three are `in_progress` in the contract's words."""

    NOTHING = "(nothing)"
    WAITING = "waiting"
    OPEN = "in_progress"
    OVERDUE = "overdue"
    PAUSED = "paused"
    COMPLETED = "completed"
    ABANDONED = "abandoned"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Moment:
    """A session and the time at which it is looked at."""

    progress: Progress
    now: datetime

    def after(self, progress: Progress | None) -> "Moment":
        return Moment(self.progress if progress is None else progress, self.now)


def moment_of(state: State, *, last: bool) -> Moment:
    """A session in `state`, at its last question or at one before it."""
    limits = (LIMIT, LIMIT) if last else (LIMIT, LIMIT, LIMIT)
    begun = session.start(pacing=Pacing.SCHEDULED, limits=limits, now=START)
    first = START + SECOND
    waiting = session.submit(begun, index=0, auto=False, now=first, rules=RULES).after
    opened = START + (LIMIT + 1) * SECOND
    match state:
        case State.WAITING:
            return Moment(waiting, first)
        case State.OPEN:
            return Moment(waiting, opened)
        case State.OVERDUE:
            return Moment(waiting, START + (2 * LIMIT + 3) * SECOND)
        case State.PAUSED:
            return Moment(session.pause(waiting, now=opened), opened + SECOND)
        case _:
            return Moment(session.end(waiting, status=Status(state)), opened)


def state_of(moment: Moment) -> State:
    progress, now = moment.progress, moment.now
    if not progress.running:
        return State(progress.status)
    if progress.paused_at is not None:
        return State.PAUSED
    assert progress.opens_at is not None
    assert progress.deadline is not None
    if now < progress.opens_at:
        return State.WAITING
    return State.OVERDUE if now >= progress.deadline + RULES.grace else State.OPEN


def submit(at: Moment) -> Progress:
    return session.submit(at.progress, index=at.progress.index, auto=False, now=at.now, rules=RULES).after


def close(at: Moment) -> Progress | None:
    closed = session.expire(at.progress, now=at.now, rules=RULES)
    return None if closed is None else closed.after


COMMANDS: Mapping[str, Callable[[Moment], Progress | None]] = {
    "submit": submit,
    "close": close,
    "pause": lambda at: session.pause(at.progress, now=at.now),
    "resume": lambda at: session.resume(at.progress, now=at.now),
    "extend": lambda at: session.extend(at.progress, by=timedelta(minutes=5)),
    "credit": lambda at: session.credit(
        at.progress, last_alive=at.now - timedelta(seconds=30), now=at.now, rules=RULES
    ),
    "start over": lambda at: session.end(at.progress, status=Status.ABANDONED),
    "terminate": lambda at: session.end(at.progress, status=Status.TERMINATED),
}

ENDED = dict.fromkeys((State.COMPLETED, State.ABANDONED, State.TERMINATED), "session_ended")
LEFT_ALONE = {state: state for state in (State.COMPLETED, State.ABANDONED, State.TERMINATED)}

# Where it leads, or the code of the refusal. Every question but the last; scheduled pacing, so that all states occur.
TABLE: dict[str, dict[State, State | str]] = {
    "submit": {
        State.WAITING: "invalid_submission_time",
        State.OPEN: State.WAITING,
        State.OVERDUE: "time_limit_exceeded",
        State.PAUSED: "session_paused",
        **ENDED,
    },
    "close": {
        State.WAITING: State.WAITING,
        State.OPEN: State.OPEN,
        State.OVERDUE: State.OPEN,
        State.PAUSED: State.PAUSED,
        **LEFT_ALONE,
    },
    "pause": {
        State.WAITING: State.PAUSED,
        State.OPEN: State.PAUSED,
        State.OVERDUE: State.PAUSED,
        State.PAUSED: "session_paused",
        **ENDED,
    },
    "resume": {
        State.WAITING: State.WAITING,
        State.OPEN: State.OPEN,
        State.OVERDUE: State.OVERDUE,
        State.PAUSED: State.OPEN,
        **ENDED,
    },
    "extend": {
        State.WAITING: State.WAITING,
        State.OPEN: State.OPEN,
        State.OVERDUE: State.OPEN,
        State.PAUSED: State.PAUSED,
        **ENDED,
    },
    "credit": {
        State.WAITING: State.WAITING,
        State.OPEN: State.WAITING,  # it opened 1 s ago, within the outage: it opens again where it would have
        State.OVERDUE: State.OPEN,
        State.PAUSED: State.PAUSED,
        **LEFT_ALONE,
    },
    "start over": dict.fromkeys((State.WAITING, State.OPEN, State.OVERDUE, State.PAUSED), State.ABANDONED)
    | ENDED,
    "terminate": dict.fromkeys((State.WAITING, State.OPEN, State.OVERDUE, State.PAUSED), State.TERMINATED)
    | ENDED,
}

# The last question differs in nothing but this.
LAST: dict[tuple[str, State], State] = {
    ("submit", State.OPEN): State.COMPLETED,
    ("close", State.OVERDUE): State.COMPLETED,
}

Case: TypeAlias = tuple[str, State, State | str]

CASES: list[Case] = [
    (command, state, expected) for command, row in TABLE.items() for state, expected in row.items()
]


def outcome(command: str, at: Moment) -> State | str:
    try:
        return state_of(at.after(COMMANDS[command](at)))
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize(("command", "state", "expected"), CASES)
@pytest.mark.parametrize("last", [False, True], ids=["before the last question", "at the last question"])
def test_every_command_leads_where_the_table_says(
    command: str, state: State, expected: State | str, last: bool
) -> None:
    at = moment_of(state, last=last)
    assert state_of(at) is state
    expected = LAST.get((command, state), expected) if last else expected
    assert outcome(command, at) == expected


def test_the_table_is_whole() -> None:
    states = set(State) - {State.NOTHING}
    assert set(TABLE) == set(COMMANDS)
    assert all(set(row) == states for row in TABLE.values())


@pytest.mark.parametrize(("command", "state", "expected"), CASES)
def test_a_change_moves_the_revision_on_by_one_and_nothing_else_moves_it(
    command: str, state: State, expected: State | str
) -> None:
    at = moment_of(state, last=False)
    try:
        after = COMMANDS[command](at)
    except Refusal:
        return
    assert after is None or after.revision == at.progress.revision + 1
