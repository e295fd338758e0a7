"""One attempt at a job that needs the AI: claimed, asked with no transaction open, recorded while the lease is ours."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from consumers import backoff, summary
from consumers.backoff import GiveUp, Retry
from consumers.grading import grade
from consumers.grading.failures import Crashed, GradingFailure
from consumers.grading.judge import judge
from consumers.grading.model import Model
from consumers.grading.outcome import Outcome
from consumers.grading.questions import Mcq
from consumers.grading.recipe import Recipe
from consumers.leases import Leases
from consumers.patience import patiently
from consumers.summary import Written
from consumers.work import question_of, verdict_of
from db import gradings, jobs, results, settlement
from db.jobs import AnswerWork, Claim, Held
from db.pool import Connection, Pool

# A job that keeps killing its process leaves no failure behind; it shall not do so for ever.
CRASHES_ALLOWED = 20


@dataclass(frozen=True, slots=True)
class Attempts:
    """Makes attempts; `announce` is called after each commit, `bury` when a job has died.

    `calls` bounds how many ask the AI at once. More attempts than that may be under way: they read and record meanwhile.
    """

    pool: Pool
    model: Model
    calls: asyncio.Semaphore
    leases: Leases
    max_failures: int
    announce: Callable[[], None]
    bury: Callable[[], None]

    async def make(self, job_id: UUID) -> None:
        """Make one attempt, unless the job is settled, leased, or put off."""
        async with self.leases.take(job_id) as claim:
            if claim is None:
                return
            if claim.session_status == "abandoned":
                await self._drop(claim)
            elif claim.answer_id is None:
                await self._summarise(claim)
            else:
                await self._grade(claim)
        self.announce()

    async def _grade(self, claim: Claim) -> None:
        async with self.pool.acquire() as conn:
            [work] = await jobs.read_answer_work(conn, [claim.job_id])
            recipe = await _recipe(conn, claim)
        # what the AI said is dear: it waits for PostgreSQL, and the fence refuses it should that take too long
        try:
            outcome = await self._judge(claim, work, recipe)
        except GradingFailure as failure:
            refused = failure
            await patiently(lambda: self._record_failure(claim, work, refused))
        else:
            await patiently(lambda: self._record(claim, work, outcome))

    async def _judge(self, claim: Claim, work: AnswerWork, recipe: Recipe | None) -> Outcome:
        _refuse_to_crash_on(claim)
        question, answer = question_of(work), work.answer_text
        if isinstance(question, Mcq) or answer is None or not grade.needs_ai(question, answer):
            return grade.at_once(question, answer)
        async with self.calls:
            return await judge(self.model, question, answer, recipe=recipe)

    async def _record(self, claim: Claim, work: AnswerWork, outcome: Outcome) -> None:
        async with self.pool.acquire() as conn, conn.transaction():
            await results.lock_sessions(conn, [claim.session_id])
            if await jobs.complete(conn, _held(claim)):
                await _store(conn, claim, work, outcome)
                await settlement.follow(conn, session_ids=[claim.session_id], summarise=True)

    async def _record_failure(self, claim: Claim, work: AnswerWork, failure: GradingFailure) -> None:
        """Let stand what could be computed, and put the job back or give it to a person."""
        step = self._after(claim, failure)
        computed = grade.at_once(question_of(work), work.answer_text)
        told = failure.provenance | {"failure": str(failure)}
        computed = replace(computed, provenance=computed.provenance | told)
        async with self.pool.acquire() as conn, conn.transaction():
            await results.lock_sessions(conn, [claim.session_id])
            if not await _settle_failure(conn, claim, step, reason=str(failure)):
                return
            await _store(conn, claim, work, computed if isinstance(step, GiveUp) else computed.pending())
            await results.announce_failure(
                conn,
                work.answer_id,
                grading_version=claim.grading_version,
                attempts=claim.failures + 1,
                reason=str(failure),
            )
            if isinstance(
                step, GiveUp
            ):  # a grading can be complete by it, where a person has scored the answer
                await settlement.follow(conn, session_ids=[claim.session_id], summarise=True)
        if isinstance(step, GiveUp):
            self.bury()

    async def _summarise(self, claim: Claim) -> None:
        try:
            _refuse_to_crash_on(claim)
            async with self.pool.acquire() as conn:
                recipe = await _recipe(conn, claim)
            async with self.calls:
                written = await summary.write(self.pool, self.model, claim, recipe=recipe)
        except GradingFailure as failure:
            step = self._after(claim, failure)
            async with self.pool.acquire() as conn:
                await _settle_failure(conn, claim, step, reason=str(failure))
            if isinstance(step, GiveUp):
                self.bury()
            return
        await patiently(lambda: self._record_summary(claim, written))

    async def _record_summary(self, claim: Claim, written: Written | None) -> None:
        async with self.pool.acquire() as conn, conn.transaction():
            await results.lock_sessions(conn, [claim.session_id])
            if await jobs.complete(conn, _held(claim)) and written is not None:
                await summary.store(conn, claim, written)

    async def _drop(self, claim: Claim) -> None:
        async with self.pool.acquire() as conn:
            await jobs.complete(conn, _held(claim))

    def _after(self, claim: Claim, failure: GradingFailure) -> Retry | GiveUp:
        if isinstance(failure, Crashed):
            return GiveUp()
        return backoff.after_failure(
            failures=claim.failures + 1,
            most=self.max_failures,
            asked=failure.retry_after,
            chance=random.random(),  # noqa: S311 - spreads load, guards nothing
        )


async def _recipe(conn: Connection, claim: Claim) -> Recipe | None:
    """What a grading is to be made with, whatever we are set up for; None where it does not say."""
    stored = await gradings.recipe_of(conn, claim.session_id, grading_version=claim.grading_version)
    return None if stored is None else Recipe.model_validate(stored)


def _refuse_to_crash_on(claim: Claim) -> None:
    crashes = claim.attempt - 1 - claim.failures
    if crashes > CRASHES_ALLOWED:
        raise Crashed(f"{crashes} attempts ended without a result or a failure")


async def _settle_failure(conn: Connection, claim: Claim, step: Retry | GiveUp, *, reason: str) -> bool:
    match step:
        case Retry(delay):
            return await jobs.retry_later(conn, _held(claim), delay=delay, reason=reason)
        case GiveUp():
            return await jobs.give_up(conn, _held(claim), reason=reason)


async def _store(conn: Connection, claim: Claim, work: AnswerWork, outcome: Outcome) -> None:
    await results.record_locked(conn, [verdict_of(work, outcome, attempt=claim.attempt)])


def _held(claim: Claim) -> Held:
    return Held(job_id=claim.job_id, attempt=claim.attempt)
