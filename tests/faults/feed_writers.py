"""Writers of feed events as the product's use cases are, but for a wait of chance between what they write and its commit."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import changes
from db.changes import Changes, FeedEvent, SessionChange
from db.pool import Connection, Pool
from realtime.contracts.base import rfc3339
from realtime.hints import HINTS, WORK

WAIT_SECONDS = 0.02  # on average, from the insert to the commit: time for others to overtake
MOST_STEPS = 3  # of a session in one transaction
STILL_OPEN = timedelta(hours=1)

LOCK = """
SELECT id, fence, revision, current_question_index, question_count, clock_timestamp() AS now
FROM interview_sessions WHERE id = $1 FOR NO KEY UPDATE
"""


@dataclass(slots=True)
class Progress:
    """How many events are committed, and whether that is enough."""

    committed: int = 0
    enough: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, number: int) -> None:
        """Wait until so many are committed."""
        while self.committed < number:
            self.moved.clear()
            await self.moved.wait()


@dataclass(frozen=True, slots=True)
class Writer:
    """One of those who write about sessions that they share."""

    pool: Pool
    redis: Redis
    sessions: list[UUID]
    rng: Random

    async def write(self, progress: Progress) -> None:
        """Write until it is enough."""
        while not progress.enough:
            steps = await self.advance(self.rng.choice(self.sessions), self.rng.randint(1, MOST_STEPS))
            progress.committed += steps
            progress.moved.set()

    async def advance(self, session_id: UUID, steps: int) -> int:
        """Move a session on by so many questions, each told; answers how many it had."""
        async with self.pool.acquire() as conn, conn.transaction():
            written = await self._record(conn, session_id, steps)
            await asyncio.sleep(self.rng.expovariate(1 / WAIT_SECONDS))
        with suppress(RedisError, OSError):  # a word, which may be lost
            await self.redis.publish(HINTS, WORK)
        return written

    async def _record(self, conn: Connection, session_id: UUID, steps: int) -> int:
        row = await conn.fetchrow(LOCK, session_id)
        assert row is not None
        last = min(row["current_question_index"] + steps, row["question_count"] - 1)
        deadline = row["now"] + STILL_OPEN
        change = SessionChange(
            id=session_id,
            fence=row["fence"],
            status="in_progress",
            index=last,
            opens_at=row["now"],
            deadline=deadline,
            frozen=0,
            paused_at=None,
            paused_remaining=None,
            revision=row["revision"] + 1,
            at=row["now"],
            active=True,
        )
        told = [
            FeedEvent(
                session_id,
                "question_advanced",
                {"question_index": index, "question_deadline": rfc3339(deadline)},
            )
            for index in range(row["current_question_index"] + 1, last + 1)
        ]
        await changes.record(conn, Changes(sessions=[change], feed=told))
        return len(told)
