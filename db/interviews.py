"""interviews and their questions, as recruiters write them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from db.pool import Connection
from db.sql import load

_Q = load("interviews")

Pacing = Literal["self_paced", "scheduled"]


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """An interview without its questions."""

    id: UUID
    title: str
    description: str | None
    pacing: Pacing
    version: int


@dataclass(frozen=True, slots=True)
class ListedRow:
    """An interview in its owner's list."""

    id: UUID
    title: str
    description: str | None
    pacing: Pacing
    version: int
    created_at: datetime
    question_count: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an interview; when it was written is not known of old ones."""

    version: int
    title: str
    written_at: datetime | None
    question_count: int


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A question whole, with its key or rubric; None where its type has no such part."""

    type: Literal["mcq", "short_answer", "code"]
    question_text: str
    time_limit: int
    points: int
    difficulty: Literal["easy", "medium", "hard"] | None = None
    options: list[str] | None = None
    correct_answer: str | None = None
    expected_keywords: list[str] | None = None
    sample_answer: str | None = None
    language: str | None = None
    starter_code: str | None = None
    sample_solution: str | None = None
    evaluation_criteria: list[str] | None = None


@dataclass(frozen=True, slots=True)
class BankRow:
    """A question that a recruiter has written, and one interview that asks it."""

    id: UUID
    interview_id: UUID
    interview_title: str
    question: WrittenRow


@dataclass(frozen=True, slots=True)
class Sought:
    """Which questions of a recruiter's are wanted; None for any."""

    text: str | None = None
    type: str | None = None
    difficulty: str | None = None


async def insert(
    conn: Connection, interview_id: UUID, *, owner_id: UUID, title: str, description: str | None, pacing: str
) -> int | None:
    """Make an interview and answer its version; None where the owner is no recruiter or the id is taken."""
    version: int | None = await conn.fetchval(
        _Q["insert"], interview_id, owner_id, title, description, pacing
    )
    return version


async def insert_questions(
    conn: Connection, interview_id: UUID, *, version: int, questions: Sequence[WrittenRow]
) -> None:
    """Store the questions of a version, in their order."""
    rows = [
        {"id": str(uuid4()), "position": position}
        | {name: value for name, value in asdict(question).items() if value is not None}
        for position, question in enumerate(questions)
    ]
    await conn.execute(_Q["insert_questions"], interview_id, version, rows)


async def of_recruiter(conn: Connection, recruiter_id: UUID) -> list[ListedRow]:
    """A recruiter's interviews, newest first."""
    return [ListedRow(**record) for record in await conn.fetch(_Q["of_recruiter"], recruiter_id)]


async def read(
    conn: Connection, interview_id: UUID, *, recruiter_id: UUID, version: int | None = None
) -> InterviewRow | None:
    """Read an interview, or an earlier version of it; None where it is not this recruiter's or there was none such."""
    record = await conn.fetchrow(_Q["read"], interview_id, recruiter_id, version)
    return None if record is None else InterviewRow(**record)


async def lock(conn: Connection, interview_id: UUID, *, recruiter_id: UUID) -> InterviewRow | None:
    """Read an interview and hold its row until the transaction ends; None where it is not this recruiter's."""
    record = await conn.fetchrow(_Q["lock"], interview_id, recruiter_id)
    return None if record is None else InterviewRow(**record)


async def questions(conn: Connection, interview_id: UUID, *, version: int) -> list[WrittenRow]:
    """The questions of a version, keys and rubrics included."""
    return [WrittenRow(**record) for record in await conn.fetch(_Q["questions"], interview_id, version)]


async def replace(
    conn: Connection, interview_id: UUID, *, title: str, description: str | None, pacing: str
) -> int:
    """Give a locked interview a new text; answers the new version, which has no questions yet."""
    version: int = await conn.fetchval(_Q["replace"], interview_id, title, description, pacing)
    return version


async def versions(conn: Connection, interview_id: UUID, *, recruiter_id: UUID) -> list[VersionRow]:
    """All versions of an interview, newest first; none where it is not this recruiter's."""
    return [VersionRow(**record) for record in await conn.fetch(_Q["versions"], interview_id, recruiter_id)]


async def bank(
    conn: Connection, recruiter_id: UUID, *, sought: Sought, after: UUID | None, limit: int
) -> list[BankRow]:
    """A recruiter's own questions by their text, each once, those after the question `after`."""
    records = await conn.fetch(
        _Q["bank"], recruiter_id, sought.text, sought.type, sought.difficulty, after, limit
    )
    return [
        BankRow(
            id=record["id"],
            interview_id=record["interview_id"],
            interview_title=record["interview_title"],
            question=WrittenRow(**{each.name: record[each.name] for each in fields(WrittenRow)}),
        )
        for record in records
    ]
