"""Checks of single clauses that have no test of their own elsewhere, each played on a stage of its own."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from consumers.instant import grade_batch
from db import jobs, sessions
from db.pool import Pool
from realtime.auth import Identity
from realtime.contracts.candidate import SubmitAnswer
from realtime.contracts.recruiter import Explained
from realtime.domain.errors import Refusal
from realtime.usecases import expire, join, submit, terminate
from realtime.usecases.services import Services
from tests.faults import tables
from tests.faults.checker import Lateness, faults_of_answers, faults_of_clocks
from tests.integration import test_clock
from tests.integration.node import Node, Person
from tests.integration.test_session_socket import call, connect, shift

Json = dict[str, Any]
SOON = 3.0  # seconds: nothing here takes a tenth of it


@dataclass(frozen=True, slots=True)
class Stage:
    """What the checks are played on: a node, use cases without one, a started session, and somebody who has none yet."""

    node: Node
    parts: Services
    pool: Pool
    recruiter: Person
    candidate: Person
    newcomer: Person
    interview: str
    session: Json
    database_url: str

    @property
    def interview_id(self) -> UUID:
        """The interview's id."""
        return UUID(self.interview)

    @property
    def session_id(self) -> UUID:
        """The session's id."""
        return UUID(self.session["id"])


async def late_answers_are_not_stored(stage: Stage) -> None:
    """What the fault suite's checker says of an answer that comes after the grace, with no expirer awake."""
    await stage.node.server.close()
    await test_clock.alive(stage.pool)
    await shift(stage.node, stage.session["id"], seconds=-62.5)
    who = Identity(stage.candidate.id, "candidate")
    request = SubmitAnswer(question_index=0, answer="404", time_expired=False)
    with suppress(Refusal):
        await submit.submit(stage.parts, who=who, session_id=stage.session_id, request=request)
    stored = await tables.read(stage.database_url, [stage.session_id])
    grace = stage.parts.rules.grace
    found = [*faults_of_clocks(stored, grace=grace, at_most=None, lateness=Lateness())]
    found = [fault for fault in found if "after deadline and grace" in fault]
    assert not found, "\n".join(found)
    assert not [*faults_of_answers([], stored)]


async def the_database_refuses_a_second_answer(stage: Stage) -> None:
    """Whatever the code believes."""
    reply = await stage.node.answer(stage.candidate, stage.session["id"], 0, "404")
    assert reply.status == 200, reply.body
    async with stage.pool.acquire() as conn:
        with pytest.raises(asyncpg.UniqueViolationError):
            await conn.execute(
                "INSERT INTO answers (id, session_id, question_id, question_index, how, sha256, submitted_at, time_taken)"
                " SELECT gen_random_uuid(), session_id, question_id, question_index, how, sha256, submitted_at, 1"
                " FROM answers WHERE session_id = $1",
                stage.session_id,
            )


async def the_database_refuses_a_second_session(stage: Stage) -> None:
    """Whatever the code believes."""
    async with stage.pool.acquire() as conn:
        with pytest.raises(asyncpg.UniqueViolationError):
            await sessions.start(
                conn, session_id=uuid4(), user_id=stage.candidate.id, interview_id=UUID(stage.interview)
            )


async def the_database_refuses_a_second_result(stage: Stage) -> None:
    """Whatever graders believe."""
    reply = await stage.node.answer(stage.candidate, stage.session["id"], 0, "404")
    assert reply.status == 200, reply.body
    async with stage.pool.acquire() as conn:
        ids = await conn.fetch("SELECT id FROM jobs WHERE session_id = $1", stage.session_id)
        works = await jobs.read_answer_work(conn, [row["id"] for row in ids])
    await grade_batch(stage.pool, works, summarise=False)
    async with stage.pool.acquire() as conn:
        with pytest.raises(asyncpg.UniqueViolationError):
            await conn.execute(
                "INSERT INTO results (answer_id, grading_version, attempt, state, score, feedback, graded_by, provenance)"
                " SELECT r.answer_id, r.grading_version, r.attempt + 1, r.state, r.score, r.feedback,"
                " r.graded_by, r.provenance FROM results r INNER JOIN answers a ON a.id = r.answer_id"
                " WHERE a.session_id = $1",
                stage.session_id,
            )


async def a_session_that_is_being_written_delays_no_other(stage: Stage) -> None:
    """Whoever holds a row, however long, the expirer closes what else is due."""
    other = await stage.node.start(stage.newcomer, stage.interview)
    await stage.node.server.close()
    await test_clock.alive(stage.pool)
    for session_id in (stage.session["id"], other["id"]):
        await shift(stage.node, session_id, seconds=-63)
    writer = await asyncpg.connect(
        stage.database_url
    )  # not one of ours: those may not sit on a lock for long
    try:
        async with writer.transaction():
            await writer.execute("SELECT FROM interview_sessions WHERE id = $1 FOR UPDATE", stage.session_id)
            async with asyncio.timeout(SOON):
                await expire.close_due(stage.parts)
    finally:
        await writer.close()
    assert await test_clock.answers_of(stage.pool, other["id"]) == [(0, "expired", None)]


async def a_change_without_a_word_reaches_the_holder(stage: Stage) -> None:
    """Made somewhere whose hints nobody hears."""
    socket, heard = await connect(stage.node, stage.candidate)
    joined = await call(socket, "join_session", {"session_id": stage.session["id"]})
    assert joined["ok"], joined
    await terminate.terminate(
        stage.parts,
        who=Identity(stage.recruiter.id, "recruiter"),
        session_id=stage.session_id,
        request=Explained(reason="because"),
    )
    await heard.next("session_terminated", seconds=SOON)


async def an_old_disconnect_frees_nothing(stage: Stage) -> None:
    """The disconnect of a connection that was taken over."""
    who = Identity(stage.candidate.id, "candidate")

    async def joined(sid: str) -> int:
        return (
            await join.join(
                stage.parts,
                who=who,
                session_id=stage.session_id,
                sid=sid,
                resume_token=None,
                takeover=True,
            )
        ).fence

    await stage.node.server.close()
    await test_clock.alive(stage.pool)
    old = await joined("a")
    await joined("b")
    await join.leave(stage.parts, session_id=stage.session_id, fence=old)
    async with stage.pool.acquire() as conn:
        row = await sessions.read(conn, stage.session_id)
    assert row is not None
    assert row.holder_sid == "b"


async def after_an_outage(stage: Stage) -> None:
    """With the node's own clockwork asleep."""
    await stage.node.server.close()
    await test_clock.test_a_late_answer_right_after_an_outage_is_not_refused(
        stage.parts, stage.pool, stage.candidate, stage.session, stage.node, None
    )


async def the_clock_is_read_after_the_wait(stage: Stage) -> None:
    """What the clock says is what it said once the lock was had."""
    await test_clock.test_the_clock_is_read_after_the_lock_wait(
        stage.pool, stage.database_url, stage.candidate, stage.session
    )


# Seen green by themselves, beside being seen red.
CHECKS = [
    late_answers_are_not_stored,
    the_database_refuses_a_second_answer,
    the_database_refuses_a_second_session,
    the_database_refuses_a_second_result,
    a_session_that_is_being_written_delays_no_other,
    a_change_without_a_word_reaches_the_holder,
    an_old_disconnect_frees_nothing,
]
