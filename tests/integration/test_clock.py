"""Deadlines, the outage credit and leases on real PostgreSQL: exactly once, whoever does it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import nodes, sessions
from db.changes import Changes, FenceMoved, SessionChange, record
from db.pool import Pool, connect
from realtime.auth import Identity
from realtime.clockwork.expirer import Expirer
from realtime.contracts.candidate import SubmitAnswer
from realtime.contracts.streams import AnswerJob
from realtime.domain.errors import TimeLimitExceeded
from realtime.settings import Settings
from realtime.usecases import expire, join, submit
from realtime.usecases.credit import credit_outage
from realtime.usecases.services import Services
from realtime.usecases.standing import Step
from tests.integration.node import MCQ, SHORT, Node, Person
from tests.integration.test_session_socket import shift


class Silent:
    """An announcer that nobody listens to: what is tested here must not rest on hints."""

    def changed(self, session_id: UUID, holder: UUID | None, step: Step | None = None) -> None:
        """Tell nobody."""

    def dispatch(self, jobs: Sequence[AnswerJob]) -> None:
        """Send nothing."""

    def wake_relay(self) -> None:
        """Wake nobody."""


@pytest.fixture
def parts(settings: Settings, pool: Pool) -> Services:
    """Use cases without a node around them."""
    return Services(settings=settings, pool=pool, node_id=uuid4(), announcer=Silent())


@pytest.fixture
async def session(node: Node, recruiter: Person, candidate: Person) -> dict[str, Any]:
    """A started session of two questions, in self-paced pacing."""
    interview_id = await node.interview(recruiter, MCQ, SHORT)
    await node.invite(recruiter, interview_id, candidate)
    return await node.start(candidate, str(interview_id))


@pytest.fixture
async def asleep(node: Node) -> None:
    """Stop the node's own clockwork for what follows, by ending it."""
    await node.server.close()


async def answers_of(pool: Pool, session_id: str) -> list[tuple[int, str, str | None]]:
    async with pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT question_index, how, answer_text FROM answers WHERE session_id = $1 ORDER BY 1",
            UUID(session_id),
        )
    return [tuple(row) for row in rows]


async def test_many_expirers_close_a_due_question_once(
    parts: Services, pool: Pool, session: dict[str, Any], node: Node, asleep: None
) -> None:
    await alive(pool)
    await shift(node, session["id"], seconds=-62)
    await asyncio.gather(*(expire.close_due(parts) for _ in range(8)))
    assert await answers_of(pool, session["id"]) == [(0, "expired", None)]
    async with pool.acquire() as conn:
        kinds = await conn.fetch(
            "SELECT kind FROM feed_events WHERE session_id = $1 AND kind <> 'session_started' ORDER BY id",
            UUID(session["id"]),
        )
    assert [row["kind"] for row in kinds] == ["answer_submitted", "question_advanced"]


async def test_nothing_is_closed_before_its_time(
    parts: Services, pool: Pool, session: dict[str, Any], node: Node, asleep: None
) -> None:
    await alive(pool)
    await shift(node, session["id"], seconds=-61.5)
    assert await expire.close_due(parts) == 0
    assert await answers_of(pool, session["id"]) == []


async def test_submit_against_expiry_stores_one_answer(
    parts: Services, pool: Pool, candidate: Person, session: dict[str, Any], node: Node, asleep: None
) -> None:
    await alive(pool)
    await shift(node, session["id"], seconds=-61.9)
    who = Identity(candidate.id, "candidate")
    request = SubmitAnswer(question_index=0, answer="404", time_expired=False)

    async def answer() -> str:
        try:
            await submit.submit(parts, who=who, session_id=UUID(session["id"]), request=request)
        except TimeLimitExceeded:
            return "refused"
        return "accepted"

    async def close_until_done() -> None:
        while not await answers_of(pool, session["id"]):
            await expire.close_due(parts)

    outcomes, _ = await asyncio.gather(asyncio.gather(*(answer() for _ in range(8))), close_until_done())
    stored = await answers_of(pool, session["id"])
    assert len(stored) == 1
    assert ("accepted" in outcomes) == (stored[0][1] == "submitted")


async def test_an_outage_is_credited_once_before_anything_is_closed(
    parts: Services, pool: Pool, session: dict[str, Any], node: Node, asleep: None
) -> None:
    # the service was last alive 90 s ago, 10 s after the start; the question was due 30 s ago
    await shift(node, session["id"], seconds=-100)
    await alive(pool, seconds_ago=90)
    moved = await asyncio.gather(*(credit_outage(parts) for _ in range(4)), expire.close_due(parts))
    assert sum(moved[:4]) <= 1
    assert await answers_of(pool, session["id"]) == []
    async with pool.acquire() as conn:
        row = await conn.fetchrow(
            "SELECT question_deadline - clock_timestamp() AS left, revision FROM interview_sessions WHERE id = $1",
            UUID(session["id"]),
        )
        outages = await conn.fetch("SELECT sessions_credited FROM outages")
        audited = await conn.fetch("SELECT detail FROM audit WHERE action = 'outage'")
    assert row is not None
    assert timedelta(seconds=48) < row["left"] < timedelta(seconds=52)
    assert [r["sessions_credited"] for r in outages] == [1]
    assert 85 < audited[0]["detail"]["seconds"] < 95
    assert len(audited) == 1


async def test_what_came_due_before_the_outage_is_closed(
    parts: Services, pool: Pool, session: dict[str, Any], node: Node, asleep: None
) -> None:
    await shift(node, session["id"], seconds=-100)
    await alive(pool, seconds_ago=30)
    assert await credit_outage(parts) == 0
    assert await expire.close_due(parts) == 1
    assert await answers_of(pool, session["id"]) == [(0, "expired", None)]


async def test_a_session_that_cannot_be_closed_keeps_no_other_from_it(
    parts: Services, pool: Pool, session: dict[str, Any], node: Node, recruiter: Person, asleep: None
) -> None:
    """Its first question has an answer that the session does not know of: no code of ours writes that."""
    await alive(pool)
    broken = session["id"]
    async with pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO answers (id, session_id, question_id, question_index, how, sha256, submitted_at, time_taken)"
            " VALUES (gen_random_uuid(), $1, $2, 0, 'submitted', '', now(), 0)",
            UUID(broken),
            UUID(session["questions"][0]["id"]),
        )
        others = await copies(conn, UUID(broken), count=3)
    await shift(node, broken, seconds=-62)
    expirer = Expirer(parts)
    async with asyncio.timeout(10):
        for other in others:
            while not await answers_of(pool, str(other)):
                await expirer.work_once()
    assert await answers_of(pool, broken) == [(0, "submitted", None)]


async def test_a_late_answer_right_after_an_outage_is_not_refused(
    parts: Services, pool: Pool, candidate: Person, session: dict[str, Any], node: Node, asleep: None
) -> None:
    await shift(node, session["id"], seconds=-100)
    await alive(pool, seconds_ago=90)
    request = SubmitAnswer(question_index=0, answer="404", time_expired=False)
    reply = await submit.submit(
        parts, who=Identity(candidate.id, "candidate"), session_id=UUID(session["id"]), request=request
    )
    assert reply.success


async def test_the_clock_is_read_after_the_lock_wait(
    pool: Pool, database_url: str, candidate: Person, session: dict[str, Any]
) -> None:
    other = await connect(database_url)
    transaction = other.transaction()
    await transaction.start()
    await sessions.lock_own(other, UUID(session["id"]), candidate.id)
    async with pool.acquire() as conn, conn.transaction():
        waiting = asyncio.create_task(sessions.lock_own(conn, UUID(session["id"]), candidate.id))
        async with asyncio.timeout(5):
            while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                await asyncio.sleep(0.01)
        released_at = await nodes.now(other)
        await transaction.rollback()
        row = await waiting
    await other.close()
    assert row is not None
    assert row.now >= released_at


async def test_a_write_with_an_old_fence_changes_nothing(
    pool: Pool, candidate: Person, session: dict[str, Any]
) -> None:
    async with pool.acquire() as conn:
        row = await sessions.read(conn, UUID(session["id"]))
        assert row is not None
        change = SessionChange(
            id=row.id,
            fence=row.fence - 1,
            status="in_progress",
            index=1,
            opens_at=row.question_started_at,
            deadline=row.question_deadline,
            frozen=0,
            paused_at=None,
            paused_remaining=None,
            revision=row.revision + 1,
            at=row.now,
        )
        with pytest.raises(FenceMoved):
            await record(conn, Changes(sessions=[change]))
        after = await sessions.read(conn, UUID(session["id"]))
    assert after is not None
    assert after.revision == row.revision


async def test_a_dead_nodes_sessions_are_free_when_its_lease_ends(
    parts: Services, pool: Pool, candidate: Person, session: dict[str, Any], node: Node, asleep: None
) -> None:
    await alive(pool)
    who = Identity(candidate.id, "candidate")
    async with pool.acquire() as conn:
        await nodes.renew(
            conn,
            parts.node_id,
            address="http://dead.test",
            lease=timedelta(seconds=15),
            newer_than=timedelta(seconds=5),
        )
    await join.join(
        parts, who=who, session_id=UUID(session["id"]), sid="a", resume_token=None, takeover=False
    )
    assert await join.release_dead(parts) == 0
    async with pool.acquire() as conn:
        await conn.execute("UPDATE nodes SET lease_until = clock_timestamp() - interval '1 second'")
    assert await join.release_dead(parts) == 1
    await join.join(
        parts, who=who, session_id=UUID(session["id"]), sid="b", resume_token=None, takeover=False
    )


async def copies(conn: Any, session_id: UUID, *, count: int) -> list[UUID]:
    """Other candidates' sessions at the same question, due a second later."""
    made = []
    for _ in range(count):
        user_id, copy_id = uuid4(), uuid4()
        await conn.execute(
            "INSERT INTO users (id, email, name, role) VALUES ($1, $2, 'Somebody', 'candidate')",
            user_id,
            f"{user_id}@people.test",
        )
        await conn.execute(
            "INSERT INTO interview_sessions SELECT (jsonb_populate_record(s, jsonb_build_object("
            " 'id', $2::uuid, 'user_id', $3::uuid, 'question_started_at', s.question_started_at - interval '61 seconds',"
            " 'question_deadline', s.question_deadline - interval '61 seconds'))).*"
            " FROM interview_sessions s WHERE id = $1",
            session_id,
            copy_id,
            user_id,
        )
        made.append(copy_id)
    return made


async def alive(pool: Pool, *, seconds_ago: float = 0) -> None:
    """Set the service's last sign of life."""
    async with pool.acquire() as conn:
        await conn.execute(
            "UPDATE liveness SET last_alive = clock_timestamp() - make_interval(secs => $1)", seconds_ago
        )
