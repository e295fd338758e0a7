"""Instant grading: a whole batch graded, and its verdicts and the ends of its jobs recorded in one statement."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from consumers.grading import grade
from consumers.grading.outcome import Outcome
from consumers.work import question_of, verdict_of
from db import jobs, results, settlement
from db.jobs import AnswerWork, Held
from db.pool import PASSING, Pool
from db.results import Verdict

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
    verdicts = [_ending(work) for work in works]
    running = {work.session_id for work in works if work.session_status == "in_progress"}
    # a flag is told with its verdict, in one transaction
    beside = [each for each in verdicts if each.session_id in running and not each.flags]
    done = await _record_beside(pool, beside) if beside else frozenset()
    if left := [each for each in verdicts if each.job_id not in done]:
        await _record_alone(pool, left, summarise=summarise)


async def _record_beside(pool: Pool, verdicts: Sequence[Verdict]) -> frozenset[UUID]:
    """Store what was found about sessions in progress while their candidates go on; answers which jobs are done."""
    async with pool.acquire() as conn:
        return (await results.record(conn, verdicts, beside=True)).jobs


async def _record_alone(pool: Pool, verdicts: Sequence[Verdict], *, summarise: bool) -> None:
    """Store what was found, and the totals of the sessions that are settled by it."""
    session_ids = {each.session_id for each in verdicts}
    async with pool.acquire() as conn, conn.transaction():
        await results.lock_sessions(conn, session_ids)
        await results.record_locked(conn, verdicts)
        await settlement.follow(conn, session_ids=session_ids, summarise=summarise)


async def _give_to_a_person(pool: Pool, work: AnswerWork, *, reason: str) -> bool:
    nothing = Outcome(
        state="needs_review",
        score=None,
        feedback={"total_score": None},
        graded_by="rule",
        provenance={"grader": "none", "failure": reason},
    )
    try:
        async with pool.acquire() as conn, conn.transaction():
            await results.lock_sessions(conn, [work.session_id])
            claim = await jobs.claim(conn, work.job_id, lease=_LEASE_TO_DIE_IN)
            if claim is None:
                return False
            await jobs.give_up(conn, Held(job_id=claim.job_id, attempt=claim.attempt), reason=reason)
            await results.record(conn, [verdict_of(work, nothing, attempt=claim.attempt)])
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


def _ending(work: AnswerWork) -> Verdict:
    outcome = grade.at_once(question_of(work), work.answer_text)
    return verdict_of(work, outcome, attempt=work.attempt + 1, ends_job=True)
