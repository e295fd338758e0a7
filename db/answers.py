"""answers, without their results."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("answers")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An accepted or closed answer."""

    id: UUID
    question_id: UUID
    question_index: int
    answer_text: str | None
    how: str
    late: bool
    sha256: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class ClosedQuestion:
    """A question that the server closed by itself."""

    question_index: int
    answer_text: str | None


async def find(conn: Connection, session_id: UUID, *, question_index: int) -> AnswerRow | None:
    """The answer of one question."""
    record = await conn.fetchrow(_Q["find"], session_id, question_index)
    return None if record is None else AnswerRow(**record)


async def of_sessions(conn: Connection, session_ids: list[UUID]) -> dict[UUID, list[AnswerRow]]:
    """Answers by session, in the order of their questions."""
    found: dict[UUID, list[AnswerRow]] = defaultdict(list)
    for record in await conn.fetch(_Q["of_sessions"], session_ids):
        columns = dict(record)
        found[columns.pop("session_id")].append(AnswerRow(**columns))
    return found


async def closed_since(conn: Connection, session_id: UUID, *, question_index: int) -> list[ClosedQuestion]:
    """Questions from `question_index` on that the server closed by itself."""
    return [ClosedQuestion(**r) for r in await conn.fetch(_Q["closed_since"], session_id, question_index)]
