"""One session in full, for its recruiter: answers with results and keys, timeline, audit."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from db import detail, recruiter
from db.detail import AnswerDetailRow, DraftKeptRow, OverrideRow, ResultRow
from db.pool import Connection
from realtime.auth import Identity
from realtime.contracts.candidate import Receipt
from realtime.contracts.interviews import CodeQuestion, McqQuestion, Question, ShortAnswerQuestion
from realtime.contracts.recruiter import (
    AuditRecord,
    DraftKept,
    Grading,
    GradingResult,
    Override,
    RecruiterAnswer,
    SessionDetail,
    SummaryText,
    TimelineEntry,
)
from realtime.domain.errors import NotFound
from realtime.usecases.services import Services
from realtime.usecases.supervision import summary_view

R = TypeVar("R")
K = TypeVar("K")

_WRITTEN: dict[str, TypeAdapter[Question]] = {
    "mcq": TypeAdapter(McqQuestion),
    "short_answer": TypeAdapter(ShortAnswerQuestion),
    "code": TypeAdapter(CodeQuestion),
}
_PARTS = (
    "type",
    "question_text",
    "time_limit",
    "points",
    "difficulty",
    "options",
    "correct_answer",
    "expected_keywords",
    "sample_answer",
    "language",
    "starter_code",
    "sample_solution",
    "evaluation_criteria",
)


async def session(services: Services, *, who: Identity, session_id: UUID) -> SessionDetail:
    """All that its recruiter may know about a session, as of one moment. Raises NotFound."""
    async with (
        services.pool.acquire() as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await detail.session(conn, session_id, recruiter_id=who.user_id)
        if row is None:
            raise NotFound
        summary = summary_view(await recruiter.summary(conn, session_id))
        return SessionDetail.model_validate(
            summary.model_dump()
            | asdict(row)
            | {
                "answers": await answers_view(conn, session_id),
                "timeline": [TimelineEntry(**asdict(it)) for it in await detail.timeline(conn, session_id)],
                "audit": [AuditRecord(**asdict(entry)) for entry in await detail.audit(conn, session_id)],
                "gradings": [Grading(**asdict(it)) for it in await detail.gradings(conn, session_id)],
                "summaries": [SummaryText(**asdict(it)) for it in await detail.summaries(conn, session_id)],
            }
        )


async def answers_view(
    conn: Connection, session_id: UUID, *, answer_id: UUID | None = None
) -> list[RecruiterAnswer]:
    """A session's answers in full, or one of them."""
    rows = await detail.answers(conn, session_id, answer_id=answer_id)
    drafts = _by(await detail.draft_history(conn, session_id), lambda row: row.question_index)
    results = _by(await detail.results(conn, session_id), lambda row: row.answer_id)
    overrides = _by(await detail.overrides(conn, session_id), lambda row: row.answer_id)
    return [
        _answer(row, drafts=drafts[row.question_index], results=results[row.id], overrides=overrides[row.id])
        for row in rows
    ]


def _answer(
    row: AnswerDetailRow,
    *,
    drafts: list[DraftKeptRow],
    results: list[ResultRow],
    overrides: list[OverrideRow],
) -> RecruiterAnswer:
    return RecruiterAnswer(
        id=row.id,
        question_id=row.question_id,
        question_index=row.question_index,
        answer=row.answer_text,
        answer_text=row.answer_text,
        how=row.how,
        late=row.late,
        submitted_at=row.submitted_at,
        receipt=Receipt(answer_id=row.id, sha256=row.sha256, server_time=row.submitted_at),
        time_taken_seconds=row.time_taken,
        score=row.score,
        points=row.points,
        feedback=row.feedback,
        evaluation_state=row.evaluation_state,
        graded_by=row.graded_by,
        evaluated_at=row.evaluated_at,
        provenance=row.provenance,
        draft_history=tuple(
            DraftKept(revision=draft.revision, answer=draft.answer, saved_at=draft.saved_at)
            for draft in drafts
        ),
        results=tuple(_result(result) for result in results),
        overrides=tuple(_override(override) for override in overrides),
        question=_question(row),
    )


def _result(row: ResultRow) -> GradingResult:
    return GradingResult(
        grading_version=row.grading_version,
        state=row.state,
        score=row.score,
        feedback=row.feedback,
        graded_by=row.graded_by,
        provenance=row.provenance,
        created_at=row.created_at,
    )


def _override(row: OverrideRow) -> Override:
    return Override(score=row.score, reason=row.reason, scored_by=row.scored_by, scored_at=row.scored_at)


def _question(row: AnswerDetailRow) -> Question:
    written = {name: value for name in _PARTS if (value := getattr(row, name)) is not None}
    return _WRITTEN[row.type].validate_python(written, strict=False)  # lists become tuples


def _by(rows: Iterable[R], key: Callable[[R], K]) -> defaultdict[K, list[R]]:
    found: defaultdict[K, list[R]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
