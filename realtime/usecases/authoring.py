"""Writing interviews: a text is checked, earlier versions are read, and questions are found again."""

from dataclasses import asdict
from uuid import UUID

from db import interviews
from db.interviews import Sought
from db.pool import Connection
from realtime.contracts.authoring import (
    BankPage,
    BankQuery,
    BankQuestion,
    CheckedText,
    CheckText,
    InterviewVersion,
    InterviewVersions,
    TextFault,
)
from realtime.contracts.files import FaultyFile
from realtime.contracts.interview_file import read_interview
from realtime.domain.errors import NotFound
from realtime.usecases.interviews import document_of


def check(request: CheckText) -> CheckedText:
    """Say what interview a text is, or all that is wrong with it, by the rules of creating and importing."""
    try:
        return CheckedText(interview=read_interview(request.text, name=request.name), faults=())
    except FaultyFile as faulty:
        return CheckedText(
            interview=None,
            faults=tuple(TextFault(**asdict(fault)) for fault in faulty.faults),
        )


async def versions(conn: Connection, *, owner_id: UUID, interview_id: UUID) -> InterviewVersions:
    """All versions of an interview; raises NotFound where it is not this recruiter's."""
    rows = await interviews.versions(conn, interview_id, recruiter_id=owner_id)
    if not rows:
        raise NotFound
    return InterviewVersions(versions=tuple(InterviewVersion(**asdict(row)) for row in rows))


async def bank(conn: Connection, *, owner_id: UUID, query: BankQuery) -> BankPage:
    """A page of a recruiter's own questions."""
    rows = await interviews.bank(
        conn,
        owner_id,
        sought=Sought(query.q, query.type, query.difficulty),
        after=query.after,
        limit=query.limit + 1,
    )
    shown = rows[: query.limit]
    questions = [
        {
            "id": row.id,
            "interview_id": row.interview_id,
            "interview_title": row.interview_title,
            "question": document_of(row.question),
        }
        for row in shown
    ]
    return BankPage(
        questions=tuple(BankQuestion.model_validate(question, strict=False) for question in questions),
        next_after=shown[-1].id if len(rows) > len(shown) else None,
    )
