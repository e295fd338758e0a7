"""A session in the candidate's words."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from db import answers
from db.answers import AnswerRow
from db.pool import Connection
from db.questions import ShownQuestion
from db.sessions import ToGoOn
from realtime.auth import issue_token
from realtime.contracts.candidate import (
    ActiveSession,
    CandidateAnswer,
    CandidateQuestion,
    Draft,
    InterviewRef,
    Receipt,
    StartedSession,
)
from realtime.domain.timing import last_possible_end, remaining, waiting
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing

TOKEN_MARGIN = timedelta(
    hours=12
)  # over the last possible deadline: extensions and outages move that one too


def question_view(question: ShownQuestion, *, time_limit: int, opened: bool) -> CandidateQuestion:
    """A question; without its text until it has opened."""
    if not opened:
        return CandidateQuestion(
            id=question.id,
            index=question.index,
            type=question.type,
            time_limit=time_limit,
            points=question.points,
        )
    return CandidateQuestion(
        id=question.id,
        index=question.index,
        type=question.type,
        time_limit=time_limit,
        points=question.points,
        question_text=question.question_text,
        options=None if question.options is None else tuple(question.options),
        language=question.language,
        starter_code=question.starter_code,
    )


def current_question(at: Standing) -> CandidateQuestion:
    """The current question of a session in progress."""
    progress = at.progress
    return question_view(
        at.questions[progress.index],
        time_limit=progress.limits[progress.index],
        opened=not waiting(progress, at.now),
    )


def questions_view(at: Standing) -> tuple[CandidateQuestion, ...]:
    """All questions; those that have not opened without their text."""
    progress = at.progress
    current_is_open = progress.running and not waiting(progress, at.now)
    return tuple(
        question_view(
            question,
            time_limit=limit,
            opened=question.index < progress.index or (question.index == progress.index and current_is_open),
        )
        for question, limit in zip(at.questions, progress.limits, strict=True)
    )


def milliseconds(span: timedelta | None) -> int | None:
    """A span in whole milliseconds."""
    return None if span is None else span // timedelta(milliseconds=1)


def started_view(at: Standing, *, attempts_left: int, token: str) -> StartedSession:
    """A session that has just begun, with the token that outlives it."""
    return StartedSession(**_session_fields(at, attempts_left=attempts_left), token=token)


def _session_fields(at: Standing, *, attempts_left: int) -> dict[str, Any]:
    row, progress = at.row, at.progress
    is_waiting = waiting(progress, at.now)
    return {
        "id": row.id,
        "interview_id": row.interview_id,
        "attempt": row.attempt,
        "attempts_left": attempts_left,
        "status": progress.status.value,
        "pacing": progress.pacing.value,
        "started_at": row.started_at,
        "current_question_index": progress.index,
        "question_started_at": progress.opens_at,
        "question_deadline": progress.deadline,
        "remaining_ms": milliseconds(remaining(progress, at.now)),
        "waiting": is_waiting,
        "question_opens_at": progress.opens_at if is_waiting else None,
        "paused_at": progress.paused_at,
        "questions": questions_view(at),
        "time_limits": progress.limits,
        "server_time": at.now,
        "revision": progress.revision,
    }


def answer_view(row: AnswerRow) -> CandidateAnswer:
    """An answer with its receipt."""
    return CandidateAnswer(
        id=row.id,
        question_id=row.question_id,
        question_index=row.question_index,
        answer=row.answer_text,
        how=row.how,
        late=row.late,
        submitted_at=row.submitted_at,
        receipt=receipt_view(row),
    )


def receipt_view(row: AnswerRow) -> Receipt:
    """The receipt of a stored answer."""
    return Receipt(answer_id=row.id, sha256=row.sha256, server_time=row.submitted_at)


async def active_view(conn: Connection, at: Standing, to_go_on: ToGoOn) -> ActiveSession:
    """All that a client needs to go on where it was."""
    row, progress = at.row, at.progress
    # at the first question there are none: most of those who come in a crowd have just started
    given = (await answers.of_sessions(conn, [row.id])).get(row.id, []) if progress.index > 0 else []
    return ActiveSession(
        **_session_fields(at, attempts_left=to_go_on.attempts_left),
        answers=tuple(answer_view(answer) for answer in given),
        draft=None
        if to_go_on.draft_revision is None
        else Draft(
            question_index=progress.index, revision=to_go_on.draft_revision, answer=to_go_on.draft_answer
        ),
        interview=InterviewRef(id=row.interview_id, title=row.interview_title),
    )


def session_token(services: Services, at: Standing, *, interview_id: UUID | None) -> str:
    """A token that outlives the last possible deadline of the session; as wide as the one that asked for it."""
    return issue_token(
        settings=services.settings,
        user_id=at.row.user_id,
        role="candidate",
        now=at.now,
        expires_at=last_possible_end(at.progress, at.now, services.rules) + TOKEN_MARGIN,
        interview_id=interview_id,
    )
