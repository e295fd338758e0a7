"""Slots with nothing to do take jobs that wait in another process, which read more of the stream than it has slots for.

A process reads whatever comes, for most of it is graded at once. So one that started later, or was luckier, would be idle while
answers wait elsewhere. Whose job it is in the end, the claim decides: taking one twice costs a statement.
"""

import asyncio
from datetime import timedelta

import structlog

from consumers.slots import Pointer, Slots
from db import jobs
from db.pool import PASSING, Pool

log = structlog.get_logger()

LOOK_SECONDS = 1.0
ON_ITS_WAY = timedelta(seconds=1)  # a job that whoever reads the stream takes by itself
OF_LAST = 500  # the statement stays small behind any backlog


async def look_elsewhere(pool: Pool, slots: Slots) -> None:
    """Offer what waits elsewhere to slots that are idle, or soon will be; until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        room = slots.room
        if not room:
            continue
        try:
            async with pool.acquire() as conn:
                waiting = await jobs.read_waiting(conn, older_than=ON_ITS_WAY, at_most=room, of_last=OF_LAST)
        except PASSING as error:
            log.warning("idle_slots_cannot_look", error=type(error).__name__)
            continue
        for job in waiting:
            lane = (job.interview_id, job.again) if job.kind == "answer" else ("summaries", job.interview_id)
            slots.offer(Pointer(job.job_id, lane=lane))
