"""Instant grading: a whole batch claimed, graded and recorded in a few statements of one transaction."""

from collections.abc import Collection, Sequence
from typing import TypeAlias
from uuid import UUID

import structlog

from consumers.grading import grade
from consumers.grading.outcome import Outcome
from consumers.work import question_of, verdict_of
from db import jobs, results, settlement
from db.jobs import AnswerWork, Held
from db.pool import PASSING, Connection, Pool
from db.results import Verdict

Graded: TypeAlias = tuple[AnswerWork, Verdict]

log = structlog.get_logger()

_LEASE_TO_DIE_IN = 10.0


async def grade_batch(pool: Pool, works: Sequence[AnswerWork], *, summarise: bool) -> bool:
    """Grade answers that need no AI and settle their sessions; answers whether a job had to be given up.

    What another process was faster with is left alone. An answer that breaks its grader goes to a person, alone.
    """
    try:
        await _grade(pool, works, summarise=summarise)
    except PASSING:
        raise
    except Exception as error:
        if len(works) > 1:
            # singly, so that one bad job does not stop those beside it
            died = [await grade_batch(pool, [work], summarise=summarise) for work in works]
            return any(died)
        log.exception("grader_crashed", job_id=str(works[0].job_id))
        return await _give_to_a_person(pool, works[0], reason=f"crashed: {type(error).__name__}")
    return False


async def _grade(pool: Pool, works: Sequence[AnswerWork], *, summarise: bool) -> None:
    # before the locks, for questions and answers never change
    verdicts = [(work, _verdict(work, grade.at_once(question_of(work), work.answer_text))) for work in works]
    running = [each for each in verdicts if each[0].session_status == "in_progress"]
    done = await _record_beside(pool, running) if running else frozenset()
    if left := [each for each in verdicts if each[0].job_id not in done]:
        await _record_alone(pool, left, summarise=summarise)


async def _record_beside(pool: Pool, verdicts: Sequence[Graded]) -> frozenset[UUID]:
    """Store what was found about sessions in progress while their candidates go on; answers which jobs are done."""
    async with pool.acquire() as conn, conn.transaction():
        done = await jobs.finish_beside(
            conn,
            [work.job_id for work, _ in verdicts],
            session_ids={work.session_id for work, _ in verdicts},
        )
        await _store(conn, verdicts, done=done)
    return done


async def _record_alone(pool: Pool, verdicts: Sequence[Graded], *, summarise: bool) -> None:
    """Store what was found, and the totals of the sessions that are settled by it."""
    session_ids = {work.session_id for work, _ in verdicts}
    async with pool.acquire() as conn, conn.transaction():
        await results.lock_sessions(conn, session_ids)
        await _store(conn, verdicts, done=await jobs.finish(conn, [work.job_id for work, _ in verdicts]))
        await settlement.settle(conn, session_ids=session_ids, summarise=summarise)


async def _store(conn: Connection, verdicts: Sequence[Graded], *, done: Collection[UUID]) -> None:
    recorded = await results.record(conn, [verdict for work, verdict in verdicts if work.job_id in done])
    for session_id in recorded.flagged_sessions:
        await results.announce_changed(conn, session_id)


async def _give_to_a_person(pool: Pool, work: AnswerWork, *, reason: str) -> bool:
    nothing = Outcome(
        state="needs_review",
        score=None,
        feedback={"total_score": None},
        graded_by="rule",
        provenance={"grader": "none"},
    )
    try:
        async with pool.acquire() as conn, conn.transaction():
            await results.lock_sessions(conn, [work.session_id])
            claim = await jobs.claim(conn, work.job_id, lease=_LEASE_TO_DIE_IN)
            if claim is None:
                return False
            await jobs.give_up(conn, Held(job_id=claim.job_id, attempt=claim.attempt), reason=reason)
            await results.record(conn, [_verdict(work, nothing)])
            await results.announce_failure(
                conn,
                work.answer_id,
                grading_version=work.grading_version,
                attempts=claim.failures + 1,
                reason=reason,
            )
    except PASSING:
        raise
    except Exception:
        # even that cannot be stored: the sweeper brings it again, and those beside it go on
        log.exception("job_left", job_id=str(work.job_id))
        return False
    return True


def _verdict(work: AnswerWork, outcome: Outcome) -> Verdict:
    return verdict_of(
        outcome, answer_id=work.answer_id, grading_version=work.grading_version, attempt=work.attempt + 1
    )
