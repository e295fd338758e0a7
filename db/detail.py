"""All that is stored about one session, for its recruiter's eyes: keys, results and history included."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("detail")

NEWEST = 5_000  # entries of a timeline: more than a person reads, and a browser that keeps rejoining makes no page heavy


@dataclass(frozen=True, slots=True)
class DetailRow:
    """What a session's detail says beside its summary."""

    candidate_email: str
    pacing: str
    extra_time_percent: int
    started_at: datetime
    ended_at: datetime | None
    evaluated_at: datetime | None
    released_at: datetime | None
    ai_summary: str | None
    strengths: list[str]
    improvements: list[str]
    recommendation_signed_by: str | None
    recommendation_signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerDetailRow:
    """An answer, the result that counts, and its question whole; None where the question's type has no such part."""

    id: UUID
    question_id: UUID
    question_index: int
    answer_text: str | None
    how: str
    late: bool
    sha256: str
    submitted_at: datetime
    time_taken: float
    score: float | None
    feedback: Any
    evaluation_state: str
    graded_by: str | None
    evaluated_at: datetime | None
    provenance: dict[str, Any] | None
    type: str
    question_text: str
    time_limit: int
    points: int
    difficulty: str | None
    options: list[str] | None
    correct_answer: str | None
    expected_keywords: list[str] | None
    sample_answer: str | None
    language: str | None
    starter_code: str | None
    sample_solution: str | None
    evaluation_criteria: list[str] | None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What one grading found about one answer."""

    answer_id: UUID
    grading_version: int
    state: str
    score: float | None
    feedback: Any
    graded_by: str
    provenance: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A score that a person gave."""

    answer_id: UUID
    score: float
    reason: str
    scored_by: str
    scored_at: datetime


@dataclass(frozen=True, slots=True)
class DraftKeptRow:
    """A draft on the way to an answer."""

    question_index: int
    revision: int
    answer: str | None
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class HappenedRow:
    """Something that happened in a session."""

    at: datetime
    kind: str
    actor: str | None
    reason: str | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what and why."""

    at: datetime
    action: str
    actor: str | None
    reason: str | None
    detail: dict[str, Any]
    revision: int


@dataclass(frozen=True, slots=True)
class GradingRow:
    """How far a grading has come."""

    grading_version: int
    answers: int
    graded: int
    counts: bool
    regrade_id: UUID | None


@dataclass(frozen=True, slots=True)
class SummaryTextRow:
    """The text about a session by one grading."""

    grading_version: int
    summary: str
    strengths: list[str]
    improvements: list[str]
    recommendation: str | None
    attempt: int
    provenance: dict[str, Any]
    created_at: datetime
    counts: bool


async def session(conn: Connection, session_id: UUID, *, recruiter_id: UUID) -> DetailRow | None:
    """A session's detail; None where it is not theirs or does not exist."""
    record = await conn.fetchrow(_Q["session"], session_id, recruiter_id)
    return None if record is None else DetailRow(**record)


async def answers(
    conn: Connection, session_id: UUID, *, answer_id: UUID | None = None
) -> list[AnswerDetailRow]:
    """A session's answers in the order of their questions, or one of them."""
    return [AnswerDetailRow(**r) for r in await conn.fetch(_Q["answers"], session_id, answer_id)]


async def results(conn: Connection, session_id: UUID) -> list[ResultRow]:
    """What every grading found about a session's answers."""
    return [ResultRow(**r) for r in await conn.fetch(_Q["results"], session_id)]


async def overrides(conn: Connection, session_id: UUID) -> list[OverrideRow]:
    """Scores that people gave to a session's answers, oldest first."""
    return [OverrideRow(**r) for r in await conn.fetch(_Q["overrides"], session_id)]


async def draft_history(conn: Connection, session_id: UUID) -> list[DraftKeptRow]:
    """Drafts on the way to a session's answers, in order."""
    return [DraftKeptRow(**r) for r in await conn.fetch(_Q["draft_history"], session_id)]


async def timeline(conn: Connection, session_id: UUID) -> list[HappenedRow]:
    """What happened, in order."""
    return [HappenedRow(**r) for r in await conn.fetch(_Q["timeline"], session_id, NEWEST)]


async def audit(conn: Connection, session_id: UUID) -> list[AuditRow]:
    """Who did what and why, in order."""
    return [AuditRow(**r) for r in await conn.fetch(_Q["audit"], session_id, NEWEST)]


async def gradings(conn: Connection, session_id: UUID) -> list[GradingRow]:
    """The gradings of a session, and how far each has come."""
    return [GradingRow(**r) for r in await conn.fetch(_Q["gradings"], session_id)]


async def summaries(conn: Connection, session_id: UUID) -> list[SummaryTextRow]:
    """The texts about a session, one a grading that has one."""
    return [SummaryTextRow(**r) for r in await conn.fetch(_Q["summaries"], session_id)]
