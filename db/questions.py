"""questions, as candidates may see them."""

from dataclasses import dataclass
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("questions")


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A frozen question without its key; it has no field that could hold one."""

    id: UUID
    index: int
    type: str
    question_text: str
    time_limit: int
    points: int
    options: list[str] | None
    language: str | None
    starter_code: str | None


async def shown(conn: Connection, interview_id: UUID, *, version: int) -> tuple[ShownQuestion, ...]:
    """The questions of one interview version, in order."""
    return tuple(ShownQuestion(**r) for r in await conn.fetch(_Q["shown"], interview_id, version))
