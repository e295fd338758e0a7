"""What a candidate must hear when a session went from one state to another: pure, from states and the audit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.answers import ClosedQuestion
from db.changes import Audited
from realtime.contracts.base import Reply, millis
from realtime.contracts.events import (
    DeadlineChanged,
    Message,
    QuestionExpired,
    QuestionOpened,
    SessionStopped,
)
from realtime.domain.answers import is_empty
from realtime.domain.timing import Progress, Status, remaining, waiting
from realtime.usecases import views
from realtime.usecases.standing import Standing

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """An event for the connection that holds the session."""

    event: str
    payload: Reply


def between(
    before: Progress, after: Standing, *, acts: list[Audited], closed: list[ClosedQuestion], now: datetime
) -> Iterator[Notice]:
    """Say what happened since `before`, in the order in which a client can follow it."""
    for act in acts:
        yield from _act(act, before, after, now)
    for question in closed:
        starter = after.questions[question.question_index].starter_code
        empty = is_empty(question.answer_text, starter_code=starter)
        yield Notice(
            "question_expired",
            QuestionExpired(
                session_id=after.row.id,
                revision=after.progress.revision,
                question_index=question.question_index,
                submitted="empty" if empty else "draft",
            ),
        )
    if after.progress.status is Status.COMPLETED:
        yield _stopped("session_completed", after)
    elif after.progress.running and after.progress.index != before.index and not waiting(after.progress, now):
        yield opened(after, now)


def opened(at: Standing, now: datetime) -> Notice:
    """The current question is there to be answered."""
    progress = at.progress
    return Notice(
        "question_opened",
        QuestionOpened(
            session_id=at.row.id,
            revision=progress.revision,
            question_index=progress.index,
            question=views.question_view(
                at.questions[progress.index], time_limit=progress.limits[progress.index], opened=True
            ),
            time_limit=progress.limits[progress.index],
            question_deadline=progress.deadline,
            remaining_ms=remaining_ms(progress, now),
            server_time_ms=millis(now),
        ),
    )


def remaining_ms(progress: Progress, now: datetime) -> int:
    """Milliseconds to the deadline, or to the opening while waiting; 0 once ended."""
    left = remaining(progress, now)
    return 0 if left is None else left // MILLISECOND


def _act(act: Audited, before: Progress, after: Standing, now: datetime) -> Iterator[Notice]:
    match act.action:
        case "message":
            yield Notice(
                "message",
                Message(
                    session_id=after.row.id, text=act.detail["text"], from_=act.actor_name or "Interlock"
                ),
            )
        case "paused":
            yield _stopped("session_paused", after, act.reason)
        case "resumed":
            yield _stopped("session_resumed", after, act.reason)
            yield from _deadline_changed("resumed", before, after, now)
        case "extended":
            yield from _deadline_changed("extended", before, after, now)
        case "outage":
            yield from _deadline_changed("outage", before, after, now)
        case "terminated":
            yield _stopped("session_terminated", after, act.reason)


def _deadline_changed(reason: str, before: Progress, after: Standing, now: datetime) -> Iterator[Notice]:
    progress = after.progress
    if progress.deadline is None or progress.index != before.index:
        return  # paused again, over, or at another question, whose opening tells its deadline
    yield Notice(
        "deadline_changed",
        DeadlineChanged(
            session_id=after.row.id,
            revision=progress.revision,
            question_index=progress.index,
            question_deadline=progress.deadline,
            remaining_ms=remaining_ms(progress, now),
            reason=reason,
        ),
    )


def _stopped(event: str, at: Standing, reason: str | None = None) -> Notice:
    return Notice(event, SessionStopped(session_id=at.row.id, revision=at.progress.revision, reason=reason))


def omitted(payload: Reply) -> set[str]:
    """What is left out of a payload: a reason that nobody gave."""
    return {"reason"} if isinstance(payload, SessionStopped) and payload.reason is None else set()
