"""People, interviews and sessions for the fault suite, made by the use cases on the cluster's own database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson

from db.pool import Connection, connect
from realtime.auth import issue_token
from realtime.contracts.interviews import Interview
from realtime.contracts.invitations import Invite
from realtime.contracts.people import Role
from realtime.settings import Settings, read_settings
from realtime.usecases import interviews, invitations, people
from tests.faults.cluster import SECRET, Cluster

ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class Taker:
    """A candidate, the interview that they are invited to, and whose interview it is."""

    user_id: UUID
    interview_id: UUID
    token: str
    owner_id: UUID
    owner_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What signs a request."""
        return {"Authorization": f"Bearer {self.token}"}


def question(time_limit: int) -> dict[str, Any]:
    """A question that takes any text."""
    return {
        "type": "short_answer",
        "question_text": "What does an index cost?",
        "time_limit": time_limit,
        "points": 5,
        "expected_keywords": ["writes"],
    }


async def takers(
    cluster: Cluster, number: int, *, limits: list[int], extra_time_percent: int = 0
) -> list[Taker]:
    """Make an interview with questions of these time limits, and `number` candidates for it."""
    wanted = {"title": "Under fire", "questions": [question(limit) for limit in limits]}
    conn = await connect(cluster.database_url)
    try:
        owner_id = await owner_of(conn)
        made = await interviews.create(
            conn, owner_id=owner_id, interview=Interview.model_validate_json(orjson.dumps(wanted))
        )
        return [
            await invited(
                cluster, conn, owner_id=owner_id, interview_id=made.id, extra_time_percent=extra_time_percent
            )
            for _ in range(number)
        ]
    finally:
        await conn.close()


async def owner_of(conn: Connection) -> UUID:
    """Make somebody who may own interviews."""
    owner = await people.add_user(conn, email=f"{uuid4().hex}@people.test", name="Rita", role="recruiter")
    return owner.id


async def invited(
    cluster: Cluster, conn: Connection, *, owner_id: UUID, interview_id: UUID, extra_time_percent: int = 0
) -> Taker:
    """Make a candidate for an interview."""
    settings = read_settings(
        env_file=None,
        database_url=cluster.database_url,
        redis_url=cluster.redis_url,
        jwt_secret=SECRET,
    )
    email = f"{uuid4().hex}@people.test"
    await invitations.invite(
        conn,
        owner_id=owner_id,
        interview_id=interview_id,
        request=Invite(email=email, name="Ada", max_attempts=ATTEMPTS, extra_time_percent=extra_time_percent),
        public_url="http://test",
    )
    user = await people.find_user(conn, email)
    return Taker(
        user.id,
        interview_id,
        token=_token(settings, user.id, role="candidate"),
        owner_id=owner_id,
        owner_token=_token(settings, owner_id, role="recruiter"),
    )


def _token(settings: Settings, user_id: UUID, *, role: Role) -> str:
    now = datetime.now(UTC)
    return issue_token(
        settings=settings, user_id=user_id, role=role, now=now, expires_at=now + timedelta(hours=2)
    )
