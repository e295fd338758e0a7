"""The recruiter's sessions as a spreadsheet: a row each, sent as they are read, safe to open."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

from db import recruiter
from db.recruiter import ExportRow
from realtime.auth import Identity
from realtime.contracts.base import rfc3339
from realtime.usecases.services import Services

BATCH = 500  # rows read at a time: no transaction is open while a slow reader takes them
BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheet programs take UTF-8 for something older
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

COLUMNS = (
    "session_id",
    "interview_id",
    "interview_title",
    "interview_version",
    "candidate_name",
    "candidate_email",
    "attempt",
    "status",
    "pacing",
    "extra_time_percent",
    "started_at",
    "ended_at",
    "question_count",
    "answered",
    "late",
    "closed_by_server",
    "time_taken_seconds",
    "scores",
    "answers_to_review",
    "final_score",
    "max_score",
    "percentage",
    "recommendation",
    "recommendation_signed_by",
    "recommendation_signed_at",
    "evaluated_at",
    "released_at",
    "flags",
    "ai_summary",
)


async def csv_of_sessions(
    services: Services, *, who: Identity, interview_id: UUID | None
) -> AsyncIterator[bytes]:
    """All of a recruiter's sessions, or those of one interview, as CSV in the order of their starts."""
    yield (BYTE_ORDER_MARK + _lines([COLUMNS])).encode()
    last: ExportRow | None = None
    while True:
        async with services.pool.acquire() as conn:
            rows = await recruiter.exported(
                conn, who.user_id, interview_id=interview_id, after=last, limit=BATCH
            )
        if not rows:
            return
        yield _lines(_cells(row) for row in rows).encode()
        last = rows[-1]


def safe(cell: object) -> str:
    """A cell's text, disarmed: what a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _lines(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cells(row: ExportRow) -> tuple[object, ...]:
    signed, evaluated, released, ended = (
        None if moment is None else rfc3339(moment)
        for moment in (row.signed_at, row.evaluated_at, row.released_at, row.ended_at)
    )
    return (
        row.id,
        row.interview_id,
        row.interview_title,
        row.interview_version,
        row.candidate_name,
        row.candidate_email,
        row.attempt,
        row.status,
        row.pacing,
        row.extra_time_percent,
        rfc3339(row.started_at),
        ended,
        row.question_count,
        row.answered,
        row.late,
        row.closed_by_server,
        row.time_taken_seconds,
        "; ".join(row.scores),
        row.to_review,
        _points(row.final_score),
        row.max_score,
        _points(row.percentage),
        row.recommendation,
        row.signed_by,
        signed,
        evaluated,
        released,
        " ".join(row.flags),
        row.ai_summary,
    )


def _points(score: float | None) -> str | None:
    return None if score is None else f"{score:.2f}"
