"""The real side of the state machine: the use cases on a real database whose clock the test sets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson

from consumers.instant import grade_batch
from db import jobs
from db.pool import Pool, connect
from realtime.auth import Identity
from realtime.contracts.interviews import Interview
from realtime.contracts.invitations import Invite
from realtime.domain.timing import Pacing
from realtime.usecases import interviews, invitations, people
from tests.integration.node import CODE, MCQ, SHORT

CLOCK = Path(__file__).with_name("injected_clock.sql")
QUESTIONS = (
    MCQ | {"time_limit": 20},
    SHORT | {"time_limit": 7},
    CODE | {"time_limit": 30},
)
EVERYTHING = """
SELECT s.status, s.current_question_index AS index, s.question_started_at AS opens_at, s.question_deadline AS deadline,
    s.question_frozen AS frozen, s.paused_at, s.paused_remaining, s.revision, s.fence, s.holder_node, s.started_at,
    (SELECT jsonb_agg(jsonb_build_array(question_index, answer_text, how, late, time_taken) ORDER BY question_index)
        FROM answers WHERE session_id = s.id) AS answers,
    (SELECT jsonb_agg(jsonb_build_array(question_index, revision, answer) ORDER BY question_index)
        FROM drafts WHERE session_id = s.id) AS drafts,
    (SELECT count(*) FROM jobs WHERE session_id = s.id AND kind = 'answer') AS jobs,
    (SELECT count(*) FROM feed_events WHERE session_id = s.id AND kind = 'answer_submitted') AS told,
    (SELECT count(*) FROM feed_events WHERE session_id = s.id AND kind = 'session_ended') AS ends,
    (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM results r INNER JOIN answers a ON a.id = r.answer_id
        WHERE a.session_id = s.id GROUP BY r.answer_id) AS per_answer) AS most_results
FROM interview_sessions s WHERE s.user_id = $1 ORDER BY s.attempt
"""
END_ALL = """
UPDATE interview_sessions SET status = 'terminated', completed_at = started_at, question_started_at = NULL,
    question_deadline = NULL, paused_at = NULL, paused_remaining = NULL, holder_node = NULL, holder_sid = NULL
WHERE status = 'in_progress'
"""


async def inject_clock(database_url: str) -> datetime:
    """Give the database a clock that stands still; answers a moment to begin at, later than everything so far."""
    conn = await connect(database_url)
    try:
        await conn.execute(CLOCK.read_text("utf-8"))
        real: datetime = await conn.fetchval("SELECT now FROM injected.clock")
    finally:
        await conn.close()
    return real.replace(microsecond=0) + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """The database's side of things."""

    pool: Pool
    recruiter: Identity
    interviews: dict[Pacing, UUID]

    @classmethod
    async def prepare(cls, pool: Pool) -> "Stored":
        """Make a recruiter with an interview of each pacing."""
        async with pool.acquire() as conn:
            user = await people.add_user(conn, email="rita@people.test", name="Rita", role="recruiter")
            made = {
                pacing: await interviews.create(
                    conn,
                    owner_id=user.id,
                    interview=Interview.model_validate_json(
                        orjson.dumps({"title": "A short one", "pacing": pacing.value, "questions": QUESTIONS})
                    ),
                )
                for pacing in Pacing
            }
        return cls(pool, Identity(user.id, "recruiter"), {pacing: ref.id for pacing, ref in made.items()})

    async def candidate(self, pacing: Pacing, *, attempts: int, extra_percent: int) -> Identity:
        """Invite somebody new."""
        email = f"{uuid4().hex}@people.test"
        wanted = Invite(email=email, name="Ada", max_attempts=attempts, extra_time_percent=extra_percent)
        async with self.pool.acquire() as conn:
            await invitations.invite(
                conn,
                owner_id=self.recruiter.user_id,
                interview_id=self.interviews[pacing],
                request=wanted,
                public_url="http://test",
            )
            user = await people.find_user(conn, email)
        return Identity(user.id, "candidate")

    async def set_clock(self, now: datetime) -> None:
        """Let it be `now`."""
        async with self.pool.acquire() as conn:
            await conn.execute("UPDATE injected.clock SET now = $1", now)

    async def live_until(self, now: datetime, leases: dict[UUID, datetime]) -> None:
        """Let it be `now`, and leave the traces of a service that lived until then."""
        async with self.pool.acquire() as conn, conn.transaction():
            await conn.execute("UPDATE injected.clock SET now = $1", now)
            await conn.execute("UPDATE liveness SET last_alive = $1", now)
            await conn.executemany(
                "INSERT INTO nodes (id, address, started_at, lease_until) VALUES ($1, 'http://test', $2, $2)"
                " ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until",
                list(leases.items()),
            )

    async def end_all(self) -> None:
        """Leave nothing running for the next example to meet."""
        async with self.pool.acquire() as conn:
            await conn.execute(END_ALL)

    async def sessions(self, candidate: Identity) -> list[Any]:
        """Everything stored of a candidate's sessions, oldest first."""
        async with self.pool.acquire() as conn:
            return await conn.fetch(EVERYTHING, candidate.user_id)

    async def grade(self, session_id: UUID) -> None:
        """Grade what there is to grade, as two consumers that were given the same jobs."""
        async with self.pool.acquire() as conn:
            ids = await conn.fetch("SELECT id FROM jobs WHERE session_id = $1", session_id)
            works = await jobs.read_answer_work(conn, [row["id"] for row in ids])
        for _ in range(2):
            await grade_batch(self.pool, works, summarise=False)
