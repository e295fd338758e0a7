"""Sessions with public events, and webhooks that hear of them, for the tests of webhooks and of replay."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from db.pool import Pool
from realtime.contracts.streams import HINTS
from realtime.contracts.webhooks import AddWebhook, DeadLettersQuery, WebhookAdded
from realtime.domain.addresses import Network
from realtime.hints import WORK
from realtime.settings import read_settings
from realtime.usecases import webhooks
from tests.integration.evaluation import MCQ, WAIT_SECONDS, Answered, World

HERE = "127.0.0.0/8"
NETWORKS: tuple[Network, ...] = read_settings(
    env_file=None, webhook_private_networks=HERE
).webhook_private_networks


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A webhook and whose it is."""

    pool: Pool
    owner_id: UUID
    id: UUID
    secret: str

    async def row(self) -> Any:
        """The webhook as stored."""
        return await self.pool.fetchrow("SELECT * FROM webhooks WHERE id = $1", self.id)

    async def until(self, wanted: Callable[[Any], bool]) -> Any:
        """Look until the stored webhook is as wanted: what is recorded after an answer has no signal of its own."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not wanted(row := await self.row()):
                await asyncio.sleep(0.02)
        return row

    async def failed(self, times: int) -> Any:
        """The webhook once its next event has failed so often."""
        return await self.until(lambda row: row["failures"] == times)

    async def reached(self, position: int) -> Any:
        """The webhook once it has been told everything up to a position, or that was given up on."""
        return await self.until(lambda row: row["position"] == position)

    async def is_due(self) -> None:
        """Let the time until the next attempt pass."""
        await self.pool.execute("UPDATE webhooks SET due_at = clock_timestamp() WHERE id = $1", self.id)

    async def dead(self) -> list[Any]:
        """Its dead letters."""
        async with self.pool.acquire() as conn:
            page = await webhooks.dead(
                conn, owner_id=self.owner_id, webhook_id=self.id, query=DeadLettersQuery()
            )
        return list(page.dead_letters)

    async def retry(self, event_id: UUID | None = None) -> int:
        """Ask for its dead letters to be tried again."""
        async with self.pool.acquire() as conn:
            asked = await webhooks.retry(conn, owner_id=self.owner_id, webhook_id=self.id, event_id=event_id)
        return asked.asked


async def subscribe(world: World, owner_id: UUID, url: str) -> Subscriber:
    """Add a webhook for a recruiter."""
    async with world.pool.acquire() as conn:
        added: WebhookAdded = await webhooks.add(
            conn, owner_id=owner_id, request=AddWebhook(url=url), networks=NETWORKS
        )
    return Subscriber(world.pool, owner_id, added.id, added.secret)


async def running_session(world: World) -> Answered:
    """A session of a recruiter of its own, of which nothing has been told yet."""
    return await world.session(await world.interview(MCQ), [], status="in_progress")


async def happen(world: World, session: Answered, count: int = 1) -> list[str]:
    """Have so many public events written about a session; answers their ids in order."""
    ids = [uuid4() for _ in range(count)]
    async with world.pool.acquire() as conn, conn.transaction():
        for event_id in ids:
            await conn.execute(_EVENT, event_id, session.session_id)
    await world.redis.publish(HINTS, WORK)
    return [str(event_id) for event_id in ids]


async def numbered(world: World, count: int) -> None:
    """Wait until so many events have their positions."""
    async with asyncio.timeout(WAIT_SECONDS):
        while await world.pool.fetchval("SELECT position FROM stream_positions") < count:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def delivering(world: World) -> AsyncIterator[None]:
    """Run consumers whose webhooks may lead to this machine."""
    async with world.consuming(webhook_private_networks=HERE):
        yield


_EVENT = """
INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
SELECT $1, s.id, 'interlock.session.started', jsonb_build_object(
    'session_id', s.id, 'interview_id', s.interview_id, 'attempt', 1,
    'started_at', '2026-11-22T10:15:00.123Z', 'version', 1
), clock_timestamp()
FROM interview_sessions s WHERE s.id = $2
"""
