"""Submit an answer: accepted once, whatever is sent how often and by whatever way."""

from uuid import UUID, uuid4

from db import answers, changes
from db.changes import Changes, FeedEvent, NewAnswer
from db.pool import Connection
from db.questions import ShownQuestion
from realtime.auth import Identity
from realtime.contracts.base import rfc3339
from realtime.contracts.candidate import Receipt, SubmitAnswer, Submitted, SubmittedLast
from realtime.domain import session
from realtime.domain.answers import receipt_hash
from realtime.domain.errors import InvalidBody, Refusal
from realtime.domain.lock import check_write
from realtime.domain.timing import Progress, Status, waiting
from realtime.usecases import views
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing, Step, lock_own, seconds
from realtime.usecases.stream import session_ended

CLIENTS_OWN = ("submitted", "auto")  # what the server closed was never accepted, so it is never a duplicate


@credited
async def submit(
    services: Services, *, who: Identity, session_id: UUID, request: SubmitAnswer
) -> Submitted | SubmittedLast:
    """Accept an answer to the current question; a repeat gets the first one's receipt.

    Raises NotFound, SessionHeld, SessionEnded, SessionPaused, TimeLimitExceeded, InvalidQuestionIndex,
    InvalidSubmissionTime, InvalidBody, in that order.
    """
    async with services.pool.acquire() as conn, conn.transaction():
        at = await lock_own(conn, services, session_id, who)
        earlier = await _earlier(conn, at, request.question_index)
        if earlier is not None:
            return _reply(at, earlier, duplicate=True)
        with positioned(at):
            check_write(at.lock, request.lock_token)
            accepted = session.submit(
                at.progress,
                index=request.question_index,
                auto=request.time_expired,
                now=at.now,
                rules=services.rules,
            )
            question = at.questions[request.question_index]
            check_option(question, request.answer)
        answer = NewAnswer(
            id=uuid4(),
            session_id=session_id,
            question_id=question.id,
            question_index=question.index,
            answer_text=request.answer,
            how="auto" if request.time_expired else "submitted",
            late=accepted.late,
            sha256=receipt_hash(session_id=session_id, question_id=question.id, answer=request.answer),
            submitted_at=at.now,
            time_taken=seconds(accepted.time_taken),
        )
        after = Standing(row=at.row, questions=at.questions, progress=accepted.after)
        written = Changes(
            sessions=[at.change(accepted.after, lock_used=request.lock_token is not None, active=True)],
            answers=[answer],
        )
        written.feed.append(answered(answer))
        announce_position(written, after)
        await changes.record(conn, written)
    services.announcer.changed(session_id, at.row.holder_node, Step(after))
    services.announcer.wake_relay()
    return _reply(
        after, Receipt(answer_id=answer.id, sha256=answer.sha256, server_time=at.now), duplicate=False
    )


def answered(answer: NewAnswer) -> FeedEvent:
    """What the recruiter hears of an answer."""
    return FeedEvent(
        answer.session_id,
        "answer_submitted",
        {
            "question_index": answer.question_index,
            "time_taken_seconds": answer.time_taken,
            "how": answer.how,
            "late": answer.late,
        },
    )


def announce_position(written: Changes, after: Standing) -> None:
    """Tell the recruiter, and other services, where the session is now."""
    progress = after.progress
    if progress.running:
        deadline = None if progress.deadline is None else rfc3339(progress.deadline)
        written.feed.append(
            FeedEvent(
                after.row.id,
                "question_advanced",
                {"question_index": progress.index, "question_deadline": deadline},
            )
        )
        return
    written.feed.append(FeedEvent(after.row.id, "session_ended", {"status": progress.status.value}))
    written.stream.append(session_ended(after))


def check_option(question: ShownQuestion, answer: str | None) -> None:
    """Refuse an answer to a multiple-choice question that is none of its options."""
    if (
        question.options is not None
        and answer is not None
        and answer.strip()
        and answer not in question.options
    ):
        raise InvalidBody(
            errors=[{"path": "answer", "message": "must be the exact text of one of the options"}]
        )


class positioned:  # noqa: N801 - reads as a word where it is used
    """Let every refusal say at which question the session is."""

    def __init__(self, at: Standing) -> None:
        self._progress: Progress = at.progress

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refusal):
            error.facts.setdefault("current_question_index", self._progress.index)


async def _earlier(conn: Connection, at: Standing, index: int) -> Receipt | None:
    if not 0 <= index < at.progress.index:
        return None
    row = await answers.find(conn, at.row.id, question_index=index)
    return views.receipt_view(row) if row is not None and row.how in CLIENTS_OWN else None


def _reply(at: Standing, receipt: Receipt, *, duplicate: bool) -> Submitted | SubmittedLast:
    progress = at.progress
    if progress.status is not Status.IN_PROGRESS:
        return SubmittedLast(
            server_time=at.now, revision=progress.revision, receipt=receipt, duplicate=duplicate
        )
    is_waiting = waiting(progress, at.now)
    return Submitted(
        next_question_index=progress.index,
        next_question=views.current_question(at),
        time_limit=progress.limits[progress.index],
        question_deadline=progress.deadline,
        waiting=is_waiting,
        question_opens_at=progress.opens_at if is_waiting else None,
        server_time=at.now,
        revision=progress.revision,
        receipt=receipt,
        duplicate=duplicate,
    )
