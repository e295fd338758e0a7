"""Interviews and candidates in bulk: sessions that are under way, without anybody having started them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson

from db.pool import connect
from realtime.auth import issue_token
from realtime.contracts.interviews import Interview
from realtime.contracts.people import Role
from realtime.settings import Settings, read_settings
from realtime.usecases import interviews, people
from tests.bench.place import SECRET

SQL = Path(__file__).with_name("sql")
SEATS = (SQL / "seats.sql").read_text("utf-8")
NODE = (SQL / "node.sql").read_text("utf-8")
TOKEN_LENGTH = timedelta(hours=12)
MCQ: dict[str, Any] = {
    "type": "mcq",
    "question_text": "Which status says that nothing was found?",
    "time_limit": 7_200,
    "points": 10,
    "options": ["200", "301", "404"],
    "correct_answer": "404",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A candidate and the session that they have."""

    session_id: UUID
    user_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Hall:
    """An interview of one recruiter, with its candidates' sessions."""

    recruiter_id: UUID
    recruiter_token: str
    interview_id: UUID
    seats: tuple[Seat, ...]


async def furnish(
    database_url: str,
    number: int,
    *,
    questions: Sequence[Mapping[str, Any]] = (MCQ,),
    lost_by: timedelta | None = None,
) -> Hall:
    """Make a recruiter, an interview, and `number` candidates at its first question.

    With `lost_by`, their sessions are held by a node that was killed a moment ago and whose lease runs for that long;
    each session's id, as text, is its resume token.
    """
    settings = read_settings(env_file=None, database_url=database_url, jwt_secret=SECRET)
    wanted = {"title": "Measured", "questions": questions}
    conn = await connect(database_url)
    try:
        owner = await people.add_user(conn, email=f"{uuid4().hex}@bench.test", name="Rita", role="recruiter")
        made = await interviews.create(
            conn, owner_id=owner.id, interview=Interview.model_validate_json(orjson.dumps(wanted))
        )
        dead = None if lost_by is None else uuid4()
        if dead is not None:
            await conn.execute(NODE, dead, lost_by)
        rows = await conn.fetch(SEATS, made.id, number, dead)
        await conn.execute("ANALYZE users, interviews, questions, invitations, interview_sessions")
    finally:
        await conn.close()
    seats = tuple(
        Seat(row["id"], row["user_id"], _token(settings, row["user_id"], "candidate")) for row in rows
    )
    return Hall(owner.id, _token(settings, owner.id, "recruiter"), made.id, seats)


def _token(settings: Settings, user_id: UUID, role: Role) -> str:
    now = datetime.now(UTC)
    return issue_token(settings=settings, user_id=user_id, role=role, now=now, expires_at=now + TOKEN_LENGTH)
