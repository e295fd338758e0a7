"""Words between processes over Redis pub/sub: something is to be done, a session changed, a feed grew.

A hint saves the wait for the next poll and may be lost; nothing rests on it. So publishing never blocks and never fails
a caller, and a subscription that breaks is simply made again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from realtime.contracts.streams import FEED, HINTS

log = structlog.get_logger()

Handler = Callable[[Any], Awaitable[None] | None]

OUTBOX_LIMIT = (
    10_000  # hints kept while Redis is away; older ones are worth nothing, for polls have caught up
)
RECONNECT_SECONDS = 0.5

WORK = b'{"work":true}'
LEADS = b'{"leads":true}'  # a relay that has nothing else to do is there


class Hints:
    """Publishes and hears hints; one of each process."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._outbox: dict[tuple[str, bytes], None] = {}  # a set in order: the same hint twice is one hint
        self._pending = asyncio.Event()
        self._handlers: dict[str, Handler] = {}

    def say(self, message: bytes, *, channel: str = HINTS) -> None:
        """Publish soon."""
        if len(self._outbox) < OUTBOX_LIMIT:
            self._outbox[channel, message] = None
        self._pending.set()

    def hear(self, channel: str, handler: Handler) -> None:
        """Call `handler` with each message's JSON; before `run`."""
        self._handlers[channel] = handler

    async def run(self) -> None:
        """Publish and listen until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._publish())
            if self._handlers:
                group.create_task(self._listen())

    async def _publish(self) -> None:
        while True:
            await self._pending.wait()
            self._pending.clear()
            sending, self._outbox = self._outbox, {}
            try:
                async with self._redis.pipeline(transaction=False) as pipe:
                    for channel, message in sending:
                        pipe.publish(channel, message)
                    await pipe.execute()
            except (RedisError, OSError) as error:
                log.warning("hints_not_sent", count=len(sending), error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(*self._handlers)
                    async for message in pubsub.listen():
                        await self._handle(message["channel"].decode(), message["data"])
            except (RedisError, OSError) as error:
                log.warning("hints_not_heard", error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _handle(self, channel: str, data: bytes) -> None:
        try:
            answer = self._handlers[channel](orjson.loads(data))
            if answer is not None:
                await answer
        except (ValueError, TypeError, KeyError) as error:
            # anybody may publish on a channel; what is no hint is passed over, for the polls know everything
            log.warning("hint_not_understood", channel=channel, error=repr(error))


__all__ = ["FEED", "HINTS", "LEADS", "WORK", "Hints"]
