"""drafts and their history."""

from datetime import datetime, timedelta
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("drafts")

HISTORY_EVERY = timedelta(seconds=5)  # finer steps tell a reader nothing and would store every keystroke


async def save(
    conn: Connection,
    session_id: UUID,
    *,
    question_index: int,
    revision: int,
    answer: str | None,
    now: datetime,
) -> int:
    """Keep a draft unless a newer one is stored; answers the stored revision."""
    stored: int = await conn.fetchval(
        _Q["save"], session_id, question_index, revision, answer, now, HISTORY_EVERY
    )
    return stored


async def of_current_questions(conn: Connection, session_ids: list[UUID]) -> dict[UUID, str | None]:
    """The newest drafts of the questions that locked sessions are at."""
    return {r["session_id"]: r["answer"] for r in await conn.fetch(_Q["of_current_questions"], session_ids)}
