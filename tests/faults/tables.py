"""What is in the database when all is over, as the checker reads it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.pool import connect

SESSIONS = """
SELECT id, status, current_question_index AS index, question_count FROM interview_sessions WHERE id = ANY($1)
"""
ANSWERS = """
SELECT a.session_id, a.question_index AS index, a.id, a.question_id, a.answer_text AS text, a.how, a.late, a.sha256,
    a.submitted_at,
    (SELECT count(*) FROM jobs j WHERE j.answer_id = a.id) AS jobs,
    (SELECT count(*) FROM results r WHERE r.answer_id = a.id) AS results,
    (
        SELECT count(*) FROM feed_events f
        WHERE f.session_id = a.session_id AND f.kind = 'answer_submitted'
            AND (f.payload ->> 'question_index')::integer = a.question_index
    ) AS told
FROM answers a WHERE a.session_id = ANY($1) ORDER BY a.session_id, a.question_index
"""
CLOCKS = """
SELECT session_id, seen_at, status, index, deadline, paused_at, revision
FROM witnessed_clocks WHERE session_id = ANY($1) ORDER BY session_id, id
"""
FENCES = "SELECT session_id, fence, lock_token_hash FROM witnessed_fences WHERE session_id = ANY($1)"
WRITES = "SELECT session_id, fence, what, answer FROM witnessed_writes WHERE session_id = ANY($1) ORDER BY id"
AUDIT = "SELECT session_id, revision, action FROM audit WHERE session_id = ANY($1)"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Where a session ended up."""

    id: UUID
    status: str
    index: int
    question_count: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A stored answer, with how many jobs, results and events there are of it."""

    session_id: UUID
    index: int
    id: UUID
    question_id: UUID
    text: str | None
    how: str
    late: bool
    sha256: str
    submitted_at: datetime
    jobs: int
    results: int
    told: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A session's clock from `seen_at` on, as the witness saw it set."""

    session_id: UUID
    seen_at: datetime
    status: str
    index: int
    deadline: datetime | None
    paused_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence and the lock token that was given with it."""

    session_id: UUID
    fence: int
    lock_token_hash: bytes


@dataclass(frozen=True, slots=True)
class Write:
    """A write under a session's lock, and the fence at that moment."""

    session_id: UUID
    fence: int
    what: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """An entry of the audit."""

    session_id: UUID
    revision: int
    action: str


@dataclass(frozen=True, slots=True)
class Tables:
    """All of it."""

    sessions: list[SessionRow]
    answers: list[AnswerRow]
    clocks: list[Clock]
    fences: list[Fence]
    writes: list[Write]
    audit: list[Act]


async def read(database_url: str, session_ids: list[UUID]) -> Tables:
    """Read everything of these sessions."""
    conn = await connect(database_url)
    try:
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            return Tables(
                sessions=[SessionRow(**row) for row in await conn.fetch(SESSIONS, session_ids)],
                answers=[AnswerRow(**row) for row in await conn.fetch(ANSWERS, session_ids)],
                clocks=[Clock(**row) for row in await conn.fetch(CLOCKS, session_ids)],
                fences=[Fence(**row) for row in await conn.fetch(FENCES, session_ids)],
                writes=[Write(**row) for row in await conn.fetch(WRITES, session_ids)],
                audit=[Act(**row) for row in await conn.fetch(AUDIT, session_ids)],
            )
    finally:
        await conn.close()


async def outages(database_url: str) -> int:
    """How many outages were credited so far."""
    conn = await connect(database_url)
    try:
        count: int = await conn.fetchval("SELECT count(*) FROM outages")
        return count
    finally:
        await conn.close()


async def sessions_of(database_url: str, user_ids: list[UUID]) -> list[UUID]:
    """Every session that these people ever had."""
    conn = await connect(database_url)
    try:
        rows = await conn.fetch("SELECT id FROM interview_sessions WHERE user_id = ANY($1)", user_ids)
        return [row["id"] for row in rows]
    finally:
        await conn.close()
