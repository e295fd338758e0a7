"""Submit an answer: accepted once, whatever is sent how often and by whatever way."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TypeAlias
from uuid import UUID, uuid4

import structlog

from db import answers, changes, sessions
from db.changes import Changes, FeedEvent, NewAnswer
from db.pool import PASSING, Connection
from db.questions import ShownQuestion
from db.sessions import SessionRow
from realtime.auth import Identity
from realtime.contracts.base import rfc3339
from realtime.contracts.candidate import Receipt, SubmitAnswer, Submitted, SubmittedLast
from realtime.contracts.streams import AnswerJob
from realtime.domain import session
from realtime.domain.answers import receipt_hash
from realtime.domain.errors import InvalidBody, Refusal
from realtime.domain.lock import check_write
from realtime.domain.timing import Progress, Status, waiting
from realtime.usecases import views
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import OutageUncredited, Standing, Step, lock_own, own, seconds
from realtime.usecases.stream import session_ended

log = structlog.get_logger()

# a session that somebody else is writing is mostly free again when the next ones go; then its lock is waited for
TRIES_TOGETHER = 3
CLIENTS_OWN = ("submitted", "auto")  # what the server closed was never accepted, so it is never a duplicate

Reply: TypeAlias = Submitted | SubmittedLast


@dataclass(frozen=True, slots=True)
class Submission:
    """Who submits what to which session."""

    who: Identity
    session_id: UUID
    request: SubmitAnswer


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that counts, all that is written about it, and where its session is then."""

    answer: NewAnswer
    written: Changes
    after: Standing

    @property
    def job(self) -> AnswerJob:
        """The job of grading it."""
        answer, after = self.answer, self.after
        return AnswerJob(
            job_id=answer.job_id,
            answer_id=answer.id,
            session_id=answer.session_id,
            question_type=after.questions[answer.question_index].type,
            grading_version=after.row.grading_version,
        )

    @property
    def reply(self) -> Reply:
        """What its candidate is told."""
        answer = self.answer
        receipt = Receipt(answer_id=answer.id, sha256=answer.sha256, server_time=answer.submitted_at)
        return _reply(self.after, receipt, duplicate=False)


class Aside(Enum):
    """Why a submission was not taken together with others."""

    BUSY = "somebody else is writing the session at the moment"
    ALONE = "it has to be taken alone"


Outcome: TypeAlias = Accepted | Refusal | OutageUncredited | Aside


@credited
async def submit(services: Services, *, who: Identity, session_id: UUID, request: SubmitAnswer) -> Reply:
    """Accept an answer to the current question; a repeat gets the first one's receipt.

    Raises NotFound, SessionHeld, SessionEnded, SessionPaused, TimeLimitExceeded, InvalidQuestionIndex,
    InvalidSubmissionTime, InvalidBody, in that order.
    """
    submission = Submission(who, session_id, request)
    for _ in range(TRIES_TOGETHER):
        outcome = await services.submissions.take(submission, deal=partial(_take_together, services))
        if isinstance(outcome, Accepted):
            return outcome.reply
        if outcome is Aside.ALONE:
            break
        if outcome is not Aside.BUSY:
            raise outcome
    return await _take_alone(services, submission)


async def _take_together(services: Services, batch: Sequence[Submission]) -> Sequence[Outcome]:
    """Take what is plain, all of it in one transaction.

    What is not: what belongs to a session that somebody else is writing, that is not theirs, or that comes twice; what may be a
    repeat; and everything where one of these cannot be stored, so that it keeps nobody else from it.
    """
    if len(batch) == 1:
        return [Aside.ALONE]
    try:
        async with services.pool.acquire() as conn, conn.transaction():
            owners = {each.session_id: each.who.user_id for each in batch}
            free = await sessions.lock_free(conn, owners)
            outcomes = [
                await _outcome(conn, services, free.pop(each.session_id, None), each) for each in batch
            ]
            accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
            await changes.record(conn, Changes.of(each.written for each in accepted), dispatches=True)
    except PASSING:
        raise
    except Exception as error:  # noqa: BLE001 - whose it is comes out when each is taken alone
        log.warning("not_taken_together", submissions=len(batch), error=type(error).__name__)
        return [Aside.ALONE] * len(batch)
    _announce(services, accepted)
    return outcomes


async def _outcome(
    conn: Connection, services: Services, row: SessionRow | None, submission: Submission
) -> Outcome:
    if row is None:
        return Aside.BUSY
    try:
        at = await own(conn, services, row, submission.who)
        return (
            Aside.ALONE if _may_repeat(at, submission.request) else _accept(services, at, submission.request)
        )
    except (Refusal, OutageUncredited) as refusal:
        return refusal


async def _take_alone(services: Services, submission: Submission) -> Reply:
    request = submission.request
    async with services.pool.acquire() as conn, conn.transaction():
        at = await lock_own(conn, services, submission.session_id, submission.who)
        if _may_repeat(at, request):
            earlier = await _earlier(conn, at, request.question_index)
            if earlier is not None:
                return _reply(at, earlier, duplicate=True)
        accepted = _accept(services, at, request)
        await changes.record(conn, accepted.written, dispatches=True)
    _announce(services, [accepted])
    return accepted.reply


def _accept(services: Services, at: Standing, request: SubmitAnswer) -> Accepted:
    with positioned(at):
        check_write(at.lock, request.lock_token)
        decided = session.submit(
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
        session_id=at.row.id,
        question_id=question.id,
        question_index=question.index,
        answer_text=request.answer,
        how="auto" if request.time_expired else "submitted",
        late=decided.late,
        sha256=receipt_hash(session_id=at.row.id, question_id=question.id, answer=request.answer),
        submitted_at=at.now,
        time_taken=seconds(decided.time_taken),
    )
    written = Changes(
        sessions=[at.change(decided.after, lock_used=request.lock_token is not None, active=True)],
        answers=[answer],
        feed=[answered(answer)],
    )
    after = Standing(row=at.row, questions=at.questions, progress=decided.after)
    announce_position(written, after)
    return Accepted(answer, written, after)


def _announce(services: Services, accepted: Sequence[Accepted]) -> None:
    if not accepted:
        return
    services.announcer.dispatch([each.job for each in accepted])
    for each in accepted:
        row = each.after.row
        services.announcer.changed(row.id, row.holder_node, Step(each.after))
    services.announcer.wake_relay()


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


def _may_repeat(at: Standing, request: SubmitAnswer) -> bool:
    return 0 <= request.question_index < at.progress.index


async def _earlier(conn: Connection, at: Standing, index: int) -> Receipt | None:
    row = await answers.find(conn, at.row.id, question_index=index)
    return views.receipt_view(row) if row is not None and row.how in CLIENTS_OWN else None


def _reply(at: Standing, receipt: Receipt, *, duplicate: bool) -> Reply:
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
