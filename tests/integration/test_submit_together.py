"""Answers that come at once are stored together, and each is dealt with as if it had come alone."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import changes, sessions
from db.pool import Pool
from realtime.auth import Identity
from realtime.contracts.candidate import SubmitAnswer
from realtime.domain.errors import InvalidBody, NotFound, Refusal, SessionHeld
from realtime.settings import Settings
from realtime.usecases import submit
from realtime.usecases.services import Services
from realtime.usecases.submit import Accepted, Aside, Submission
from tests.integration.node import MCQ, Node, Person
from tests.integration.test_clock import Silent


@pytest.fixture
def parts(settings: Settings, pool: Pool) -> Services:
    """Use cases without a node around them."""
    return Services(settings=settings, pool=pool, node_id=uuid4(), announcer=Silent())


@pytest.fixture
async def crowd(node: Node, recruiter: Person) -> list[tuple[Identity, UUID]]:
    """Twelve candidates, each at the first of two questions."""
    interview_id = await node.interview(recruiter, MCQ, MCQ)
    seated = []
    for _ in range(12):
        person = await node.person("candidate")
        await node.invite(recruiter, interview_id, person)
        session = await node.start(person, interview_id)
        seated.append((Identity(person.id, "candidate"), UUID(session["id"])))
    return seated


def answering(index: int, answer: str | None = "404", **fields: Any) -> SubmitAnswer:
    return SubmitAnswer(question_index=index, answer=answer, time_expired=False, **fields)


async def stored(pool: Pool) -> int:
    count: int = await pool.fetchval("SELECT count(*) FROM answers")
    return count


async def test_all_of_a_crowd_is_stored_in_few_transactions(
    parts: Services, pool: Pool, crowd: list[tuple[Identity, UUID]]
) -> None:
    replies = await asyncio.gather(
        *(submit.submit(parts, who=who, session_id=key, request=answering(0)) for who, key in crowd)
    )
    assert len({reply.receipt.answer_id for reply in replies}) == len(crowd) == await stored(pool)
    transactions = await pool.fetchval("SELECT count(DISTINCT xmin::text) FROM answers")
    assert transactions < len(crowd) / 2


async def test_everybody_gets_what_is_theirs(parts: Services, crowd: list[tuple[Identity, UUID]]) -> None:
    """In one batch: what is good, another's session, a foreign lock token, no option, a wrong index."""
    (ada, hers), (grace, graces), (linus, his), (ken, kens), (dennis, _), *_ = crowd
    outcomes = await submit._take_together(
        parts,
        [
            Submission(ada, hers, answering(0)),
            Submission(dennis, graces, answering(0)),
            Submission(grace, graces, answering(0)),
            Submission(linus, his, answering(0, lock_token="another's")),
            Submission(ken, kens, answering(0, "418")),
        ],
    )
    good, foreign, held, no_option = outcomes[0], outcomes[1], outcomes[3], outcomes[4]
    assert isinstance(good, Accepted)
    assert good.answer.session_id == hers
    # hers is locked once a batch: either he is refused here, or both are sent to go alone
    assert foreign is Aside.BUSY or isinstance(foreign, NotFound)
    assert isinstance(held, SessionHeld)
    assert held.facts["current_question_index"] == 0
    assert isinstance(no_option, InvalidBody)
    with pytest.raises(NotFound):
        await submit.submit(parts, who=dennis, session_id=graces, request=answering(0))


async def test_one_session_twice_is_one_answer_and_a_repeat(
    parts: Services, pool: Pool, crowd: list[tuple[Identity, UUID]]
) -> None:
    (who, key), *others = crowd
    twice = [(who, key)] * 6
    replies = await asyncio.gather(
        *(submit.submit(parts, who=who, session_id=key, request=answering(0)) for who, key in others + twice)
    )
    same = replies[len(others) :]
    assert len({reply.receipt.answer_id for reply in same}) == 1
    assert sum(not reply.duplicate for reply in same) == 1
    assert await stored(pool) == len(crowd)


async def test_a_session_that_is_being_written_keeps_nobody_else_waiting(
    parts: Services, pool: Pool, crowd: list[tuple[Identity, UUID]]
) -> None:
    (who, key), *others = crowd
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        assert await sessions.lock_own(conn, key, who.user_id) is not None
        waits = asyncio.ensure_future(submit.submit(parts, who=who, session_id=key, request=answering(0)))
        async with asyncio.timeout(10):
            await asyncio.gather(
                *(submit.submit(parts, who=who, session_id=key, request=answering(0)) for who, key in others)
            )
        assert not waits.done()
        await transaction.rollback()
    assert not (await waits).duplicate
    assert await stored(pool) == len(crowd)


async def test_one_that_cannot_be_stored_keeps_nobody_else_from_it(
    parts: Services, pool: Pool, crowd: list[tuple[Identity, UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, poisoned), *_ = crowd
    real = changes.record

    async def record(conn: Any, written: changes.Changes, **options: Any) -> None:
        if any(change.id == poisoned for change in written.sessions):
            await conn.execute("SELECT 1 / 0")
        await real(conn, written, **options)

    monkeypatch.setattr(changes, "record", record)
    outcomes = await asyncio.gather(
        *(submit.submit(parts, who=who, session_id=key, request=answering(0)) for who, key in crowd),
        return_exceptions=True,
    )
    assert [
        key for (_, key), outcome in zip(crowd, outcomes, strict=True) if isinstance(outcome, Exception)
    ] == [poisoned]
    assert not isinstance(outcomes[0], Refusal)
    assert await stored(pool) == len(crowd) - 1
