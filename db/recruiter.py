"""Sessions as their recruiter sees them: the list's summaries, what a person decides, and the export."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("recruiter")

_ONE = "one"
_LOWEST_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A session as it stands in the list; `started_at` is for the order only."""

    id: UUID
    candidate_name: str
    interview_id: UUID
    interview_title: str
    attempt: int
    status: str
    current_question_index: int
    question_count: int
    connected: bool
    paused_at: datetime | None
    remaining_ms: int | None
    last_activity_at: datetime
    final_score: float | None
    max_score: int
    percentage: float | None
    recommendation: str | None
    evaluation_state: str | None
    flags: list[str]
    started_at: datetime

    def payload(self) -> dict[str, Any]:
        """The summary as JSON, in the contract's spelling."""
        return {name: _json(value) for name, value in asdict(self).items() if name != "started_at"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions of a recruiter; `text` is a part of the candidate's name or the interview's title."""

    interview_id: UUID | None = None
    status: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class After:
    """The last session of the page before: its id, and its key in the field that fits the order."""

    id: UUID = _LOWEST_ID
    moment: datetime | None = None
    percentage: float | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a session is judged so far."""

    evaluated_at: datetime | None
    released_at: datetime | None
    recommendation: str | None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A session as a spreadsheet shows it; `scores` are those of its answers in their order, '' where there is none."""

    id: UUID
    interview_id: UUID
    interview_title: str
    interview_version: int
    candidate_name: str
    candidate_email: str
    attempt: int
    status: str
    pacing: str
    extra_time_percent: int
    started_at: datetime
    ended_at: datetime | None
    question_count: int
    answered: int
    late: int
    closed_by_server: int
    time_taken_seconds: float
    scores: list[str]
    to_review: int
    final_score: float | None
    max_score: int
    percentage: float | None
    recommendation: str | None
    signed_by: str | None
    signed_at: datetime | None
    evaluated_at: datetime | None
    released_at: datetime | None
    flags: list[str]
    ai_summary: str | None


async def page(
    conn: Connection,
    recruiter_id: UUID,
    *,
    sort: Literal["-activity", "started_at", "-percentage", "candidate_name"],
    wanted: Wanted,
    after: After,
    limit: int,
) -> list[SummaryRow]:
    """A recruiter's sessions in order, those after `after`."""
    records = await conn.fetch(
        _Q["summaries"],
        recruiter_id,
        sort,
        None,
        wanted.interview_id,
        wanted.status,
        wanted.text,
        after.moment,
        after.percentage,
        after.name,
        after.id,
        limit,
    )
    return [SummaryRow(**record) for record in records]


async def summary(conn: Connection, session_id: UUID) -> SummaryRow:
    """One session's summary; the caller has made sure that the reader is its recruiter. Raises LookupError."""
    record = await conn.fetchrow(
        _Q["summaries"], None, _ONE, session_id, None, None, None, None, None, None, _LOWEST_ID, 1
    )
    if record is None:
        raise LookupError(f"there is no session {session_id}")
    return SummaryRow(**record)


async def summary_payload(conn: Connection, session_id: UUID) -> dict[str, Any]:
    """The payload of `session_changed`: the session's summary as JSON. Raises LookupError."""
    return (await summary(conn, session_id)).payload()


async def release(conn: Connection, session_id: UUID) -> bool:
    """Let the candidate see a settled result; False where nothing changed."""
    return await conn.fetchrow(_Q["release"], session_id) is not None


async def sign(conn: Connection, session_id: UUID, *, recommendation: str, signed_by: UUID) -> None:
    """Set a person's recommendation for a locked session."""
    await conn.execute(_Q["sign"], session_id, recommendation, signed_by)


async def verdict(conn: Connection, session_id: UUID) -> Verdict:
    """How a locked session is judged. Raises LookupError."""
    record = await conn.fetchrow(_Q["verdict"], session_id)
    if record is None:
        raise LookupError(f"there is no session {session_id}")
    return Verdict(**record)


async def exported(
    conn: Connection, recruiter_id: UUID, *, interview_id: UUID | None, after: ExportRow | None, limit: int
) -> list[ExportRow]:
    """A recruiter's next sessions in the order of their starts, for a spreadsheet."""
    started_at, last_id = (None, _LOWEST_ID) if after is None else (after.started_at, after.id)
    records = await conn.fetch(_Q["exported"], recruiter_id, interview_id, started_at, last_id, limit)
    return [ExportRow(**record) for record in records]


def _json(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case _:
            return value
