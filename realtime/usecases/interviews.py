"""Interviews: a recruiter writes, reads and replaces them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from db import interviews
from db.interviews import InterviewRow, WrittenRow
from db.pool import Connection
from realtime.contracts.interview_file import read_interview
from realtime.contracts.interviews import (
    Interview,
    InterviewCreated,
    InterviewList,
    InterviewListed,
    InterviewRead,
    Question,
    ReplaceInterview,
)
from realtime.domain.errors import NotFound, StaleVersion, Unauthenticated
from realtime.usecases.people import find_user


class NotARecruiter(NotFound):
    """The owner named for an interview is no recruiter."""

    title = "Not a recruiter"


async def create(conn: Connection, *, owner_id: UUID, interview: Interview) -> InterviewCreated:
    """Store a new interview; raises Unauthenticated where its owner is no recruiter (any more)."""
    created = await store(conn, uuid4(), owner_id=owner_id, interview=interview)
    if created is None:
        raise Unauthenticated
    return created


async def store(
    conn: Connection, interview_id: UUID, *, owner_id: UUID, interview: Interview
) -> InterviewCreated | None:
    """Store a new interview under this id; None where the id is taken or the owner is no recruiter."""
    async with conn.transaction():
        version = await interviews.insert(
            conn,
            interview_id,
            owner_id=owner_id,
            title=interview.title,
            description=interview.description,
            pacing=interview.pacing,
        )
        if version is None:
            return None
        await interviews.insert_questions(conn, interview_id, version=version, questions=_rows(interview))
    return InterviewCreated(id=interview_id, version=version)


async def list_of(conn: Connection, *, owner_id: UUID) -> InterviewList:
    """A recruiter's interviews, newest first."""
    rows = await interviews.of_recruiter(conn, owner_id)
    return InterviewList(
        interviews=tuple(
            InterviewListed(
                id=row.id,
                title=row.title,
                description=row.description,
                pacing=row.pacing,
                version=row.version,
                question_count=row.question_count,
                created_at=row.created_at,
            )
            for row in rows
        )
    )


async def read(
    conn: Connection, *, owner_id: UUID, interview_id: UUID, version: int | None = None
) -> InterviewRead:
    """Read an interview, or an earlier version of it, as it was written, keys included.

    Raises NotFound where it is not this recruiter's, or there was no such version.
    """
    row = await interviews.read(conn, interview_id, recruiter_id=owner_id, version=version)
    if row is None:
        raise NotFound
    # a version's questions never change, so that no transaction is needed around the two statements
    written = await interviews.questions(conn, row.id, version=row.version)
    return InterviewRead(id=row.id, version=row.version, interview=_interview(row, written))


async def replace(
    conn: Connection, *, owner_id: UUID, interview_id: UUID, replacement: ReplaceInterview
) -> InterviewCreated:
    """Replace an interview that has not changed since it was read; raises NotFound and StaleVersion.

    Sessions that run keep the questions they started with.
    """
    text = replacement.interview
    async with conn.transaction():
        row = await interviews.lock(conn, interview_id, recruiter_id=owner_id)
        if row is None:
            raise NotFound
        if row.version != replacement.version:
            raise StaleVersion(version=row.version)
        version = await interviews.replace(
            conn, row.id, title=text.title, description=text.description, pacing=text.pacing
        )
        await interviews.insert_questions(conn, row.id, version=version, questions=_rows(text))
    return InterviewCreated(id=row.id, version=version)


async def import_interview(conn: Connection, *, text: str, name: str, owner_email: str) -> UUID:
    """Store the interview in a file's text; raises FaultyFile with every fault, NotFound for the owner."""
    interview = read_interview(text, name=name)
    owner = await find_user(conn, owner_email)
    if owner.role != "recruiter":
        raise NotARecruiter(f"{owner.email} is a candidate; an interview belongs to a recruiter")
    return (await create(conn, owner_id=owner.id, interview=interview)).id


def _rows(interview: Interview) -> list[WrittenRow]:
    return [_row(question) for question in interview.questions]


def _row(question: Question) -> WrittenRow:
    return WrittenRow(**question.model_dump(mode="json"))


def document_of(question: WrittenRow) -> dict[str, Any]:
    """A question as it was written: without the parts that its type does not have."""
    return {name: value for name, value in asdict(question).items() if value is not None}


def _interview(row: InterviewRow, written: list[WrittenRow]) -> Interview:
    document = {
        "title": row.title,
        "description": row.description,
        "pacing": row.pacing,
        "questions": [document_of(question) for question in written],
    }
    return Interview.model_validate(document, strict=False)  # lists become tuples
