"""The FastStream subscribers: what is instant is graded in batches, what needs the AI is handed to the slots."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog
from faststream import AckPolicy
from faststream.redis import RedisBroker, StreamSub
from redis.asyncio import Redis

from consumers import entries, instant
from consumers.entries import Batch
from consumers.grading import grade
from consumers.patience import patiently
from consumers.slots import Pointer, Slots
from consumers.work import question_of
from db import jobs
from db.jobs import AnswerWork
from db.pool import Pool
from realtime.contracts.streams import GRADERS, JOBS, SUMMARIES, AnswerJob

log = structlog.get_logger()

BATCH = 100  # T: 22 µs of FastStream a message; ten times as many gain little and hold locks longer
_BLOCK_MS = 1000


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes batches off the streams; without `slots` there is no AI.

    `announce` is called after each commit, `bury` when a job has died.
    """

    pool: Pool
    redis: Redis
    slots: Slots | None
    announce: Callable[[], None]
    bury: Callable[[], None]

    async def take(self, batch: Batch) -> None:
        """Deal with a batch, and then take it off its stream: what is interrupted is brought again by the sweeper."""
        readable, unreadable = entries.sort(batch)
        answers = [job.job_id for job in readable if isinstance(job, AnswerJob)]
        if answers:
            await patiently(lambda: self._take_answers(answers))
        summaries = [job.job_id for job in readable if not isinstance(job, AnswerJob)]
        if summaries and self.slots is not None:
            slots = self.slots
            await patiently(lambda: self._offer_summaries(summaries, slots))
        await entries.acknowledge(self.redis, batch, unreadable=unreadable)

    async def _offer_summaries(self, job_ids: list[UUID], slots: Slots) -> None:
        async with self.pool.acquire() as conn:
            for job_id, interview_id in (await jobs.read_interviews(conn, job_ids)).items():
                slots.offer(Pointer(job_id, lane=("summaries", interview_id)))

    async def _take_answers(self, job_ids: list[UUID]) -> None:
        async with self.pool.acquire() as conn:
            works = await jobs.read_answer_work(conn, job_ids)
        if unknown := set(job_ids) - {work.job_id for work in works}:
            log.warning("jobs_unknown", count=len(unknown))  # another database's, or one that was restored
        at_once = []
        for work in works:
            if not work.is_due:  # delivered again: settled, leased, or put off
                continue
            if self.slots is not None and _needs_ai(work):
                # answers that are graded again do not stand in the way of those that wait for their first result
                lane = (work.interview_id, work.grading_version > 1)
                self.slots.offer(Pointer(work.job_id, lane=lane))
            else:
                at_once.append(work)
        if not at_once:
            return
        died = await instant.grade_batch(self.pool, at_once, summarise=self.slots is not None)
        self.announce()
        if died:
            self.bury()


def subscribe(broker: RedisBroker, intake: Intake, *, consumer: str) -> None:
    """Have the intake take what comes, under a consumer name that no other process has."""
    for stream in (JOBS, SUMMARIES):
        broker.subscriber(
            stream=StreamSub(
                stream,
                group=GRADERS,
                consumer=consumer,
                batch=True,
                max_records=BATCH,
                polling_interval=_BLOCK_MS,
            ),
            parser=entries.parse,
            decoder=entries.decode,
            ack_policy=AckPolicy.MANUAL,
        )(intake.take)


def _needs_ai(work: AnswerWork) -> bool:
    return work.session_status != "abandoned" and grade.needs_ai(question_of(work), work.answer_text)
