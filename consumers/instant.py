"""Instant grading: a whole batch claimed, graded and recorded in a few statements of one transaction."""

from collections.abc import Sequence
from typing import TypeAlias

import structlog

from consumers.grading import grade
from consumers.grading.outcome import Outcome
from consumers.work import question_of, verdict_of
from db import jobs, results, settlement
from db.jobs import AnswerWork, Held
from db.pool import PASSING, Pool
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
    # Those first whose session nobody is writing. Waiting for one session with others locked would make the candidates of
    # all of these wait as well.
    if left := await _record(pool, verdicts, summarise=summarise, wait=False):
        await _record(pool, left, summarise=summarise, wait=True)


async def _record(pool: Pool, verdicts: Sequence[Graded], *, summarise: bool, wait: bool) -> list[Graded]:
    """Store what was found; without `wait`, answers what belongs to sessions that were not free."""
    async with pool.acquire() as conn, conn.transaction():
        finished = await results.finish(
            conn,
            session_ids={work.session_id for work, _ in verdicts},
            job_ids=[work.job_id for work, _ in verdicts],
            wait=wait,
        )
        ours = [verdict for work, verdict in verdicts if work.job_id in finished.job_ids]
        recorded = await results.record(conn, ours)
        if finished.ended:
            await settlement.settle(conn, session_ids=finished.ended, summarise=summarise)
        for session_id in recorded.flagged_sessions:
            await results.announce_changed(conn, session_id)
    return [] if wait else [each for each in verdicts if each[0].session_id not in finished.session_ids]


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
