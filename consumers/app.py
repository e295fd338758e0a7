"""Composition root of the consumers: `interlock consume`, and `faststream run consumers.app:app`."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
import uvloop
from faststream import FastStream
from faststream.redis import RedisBroker
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from consumers import groups
from consumers.attempts import Attempts
from consumers.burial import Burial
from consumers.grading.model import Model, configured
from consumers.handlers import Intake, subscribe
from consumers.idleness import look_elsewhere
from consumers.leases import Leases
from consumers.posting import open_post
from consumers.slots import Slots
from consumers.webhooks import Deliverer
from db import gradings, jobs
from db.pool import Pool, open_pool
from realtime import collector, logs
from realtime.endings import end
from realtime.hints import HINTS, Hints
from realtime.relay import Relay
from realtime.settings import Settings, read_settings

log = structlog.get_logger()

LEASE_SECONDS = 30.0
REDIS_SECONDS = 5.0
# Together shorter than what a supervisor waits before it kills.
HANDLER_GRACE_SECONDS = 5.0
AI_GRACE_SECONDS = 8.0
WEBHOOK_CONNECTIONS = (
    4  # of their own: however many receivers there are, graders do not wait for a connection
)


class GroupLost(RedisError):
    """The streams' groups are gone: Redis was emptied. Starting again makes them anew."""


def build(settings: Callable[[], Settings]) -> FastStream:
    """Build the application; settings are read when it starts."""
    quiet = logging.getLogger("faststream")  # it writes two lines a message otherwise
    quiet.setLevel(logging.WARNING)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        async with _parts(settings()) as broker:
            app.add_broker(broker)
            yield
        if lost:
            raise GroupLost("the consumer group is gone: Redis was emptied; start again")

    app = FastStream(lifespan=lifespan, logger=quiet)
    lost: list[bool] = []

    @app.on_shutdown
    def notice_loss() -> None:
        # a subscriber that ended before the application did lost its group: FastStream would exit with 0
        if any(not subscriber.running for broker in app.brokers for subscriber in broker.subscribers):
            lost.append(True)

    return app


def run(settings: Settings) -> None:
    """Consume until SIGINT or SIGTERM; raises GroupLost where Redis was emptied."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(build(lambda: settings).run(log_level=logging.DEBUG))


def _from_environment() -> Settings:
    settings = read_settings()
    logs.configure(log_format=settings.log_format, level=settings.log_level)
    return settings


app = build(_from_environment)


@asynccontextmanager
async def _parts(settings: Settings) -> AsyncIterator[RedisBroker]:
    """Build everything that runs beside the subscribers, and the broker with them; stop it in reverse."""
    model = configured(settings)  # first, for the library takes more than a second to import
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            open_pool(settings.required_database_url, application_name="interlock-consumers")
        )
        url = settings.required_redis_url
        redis = await stack.enter_async_context(_redis(url, timeout=REDIS_SECONDS))
        await groups.create(redis)
        hints = Hints(await stack.enter_async_context(_redis(url, timeout=None)))
        relay = Relay(
            database_url=settings.required_database_url,
            redis=redis,
            hints=hints,
            retention=timedelta(days=settings.feed_retention_days),
        )
        hints.hear(HINTS, lambda hint: relay.overheard(hint) if isinstance(hint, dict) else None)
        burial = Burial(pool=pool, redis=redis)
        await stack.enter_async_context(
            _background(*relay.hands(), hints.run(), burial.run(), groups.tidy(redis))
        )
        await stack.enter_async_context(_webhooks(settings))
        slots = await stack.enter_async_context(
            _ai(settings, model=model, pool=pool, relay=relay, burial=burial)
        )
        broker = RedisBroker(
            url,
            logger=logging.getLogger("faststream"),
            log_level=logging.DEBUG,
            apply_types=False,
            graceful_timeout=HANDLER_GRACE_SECONDS,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        intake = Intake(pool=pool, redis=redis, slots=slots, announce=relay.wake, bury=burial.wake)
        consumer = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        subscribe(broker, intake, consumer=consumer)
        collector.settle()
        log.info("consumer_ready", consumer=consumer, ai=slots is not None)
        yield broker


@asynccontextmanager
async def _ai(
    settings: Settings, *, model: Model | None, pool: Pool, relay: Relay, burial: Burial
) -> AsyncIterator[Slots | None]:
    """Slots for jobs that need the AI; None without one."""
    if model is None:
        yield None
        return
    leases = Leases(pool, seconds=LEASE_SECONDS)
    attempts = Attempts(
        pool=pool,
        model=model,
        calls=asyncio.Semaphore(settings.ai_concurrency),
        leases=leases,
        max_failures=settings.ai_max_attempts,
        announce=relay.wake,
        bury=burial.wake,
    )
    async with pool.acquire() as conn:  # so that what results name by its hash can be read for good
        await gradings.keep_recipe(conn, model.recipe.sha256, recipe=model.recipe.model_dump())
    slots = Slots(attempts.make, count=settings.ai_concurrency + _ahead(settings.ai_concurrency))
    slots.start()
    async with _background(leases.beat(), look_elsewhere(pool, slots)):
        try:
            yield slots
        finally:
            unbegun = await slots.stop(grace=AI_GRACE_SECONDS)
            await leases.hand_back()
            async with pool.acquire() as conn:
                await jobs.republish(conn, unbegun)
            await model.close()


def _ahead(concurrency: int) -> int:
    """How many jobs are claimed beyond those that ask the AI, so that its next call begins as one ends.

    Claiming, reading and recording take some ten milliseconds, and a call a second or so: a quarter is plenty.
    """
    return max(1, concurrency // 4)


@asynccontextmanager
async def _webhooks(settings: Settings) -> AsyncIterator[None]:
    """Deliver to webhooks beside the block."""
    async with (
        open_pool(
            settings.required_database_url,
            application_name="interlock-webhooks",
            min_size=1,
            max_size=WEBHOOK_CONNECTIONS,
        ) as pool,
        open_post(settings.webhook_private_networks) as post,
        _background(Deliverer(pool=pool, post=post, keep=timedelta(days=settings.feed_retention_days)).run()),
    ):
        yield


@asynccontextmanager
async def _background(*parts: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these beside the block; should one fail, the block is cancelled and the failure raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part) for part in parts]
            try:
                yield
            finally:
                await end(tasks)
    except BaseExceptionGroup as failures:
        if len(failures.exceptions) > 1:
            raise
        raise failures.exceptions[0] from None


@asynccontextmanager
async def _redis(url: str, *, timeout: float | None) -> AsyncIterator[Redis]:
    client = Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=REDIS_SECONDS)
    try:
        yield client
    finally:
        await client.aclose()
