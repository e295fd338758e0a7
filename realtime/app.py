"""The composition root of a realtime node: everything is built and wired here, and nowhere else."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from uuid import uuid4

import structlog
import uvloop
from aiohttp import web
from pydantic import SecretStr
from redis.asyncio import Redis

from db import secrets
from db.nodes import Renewed
from db.pool import open_pool
from realtime import collector
from realtime.announcer import NodeAnnouncer
from realtime.auth import Verifier
from realtime.clock import NodeClock
from realtime.clockwork.expirer import Expirer
from realtime.clockwork.lease import Lease
from realtime.clockwork.ticker import tick
from realtime.clockwork.watcher import Watcher, watch_connections
from realtime.dispatch import Dispatch
from realtime.endings import end
from realtime.hints import FEED, HINTS, Hints
from realtime.http import (
    authoring,
    candidate,
    documents,
    interviews,
    operations,
    pages,
    people,
    recruiter,
    serving,
    webhooks,
)
from realtime.http.guard import DRAINING, guard
from realtime.http.limits import Limits
from realtime.http.routing import LARGE_BODY
from realtime.relay import Relay
from realtime.settings import Settings
from realtime.sockets.candidate import CandidateNamespace, Door
from realtime.sockets.hub import Hub
from realtime.sockets.recruiter import RecruiterNamespace
from realtime.sockets.server import Server
from realtime.sockets.wire import EngineServer
from realtime.usecases.services import Services

log = structlog.get_logger()

BACKLOG = 4096  # a storm of clients that all lost their node waits here instead of being refused
SHUTDOWN_SECONDS = 5.0
DRAIN_SECONDS = 0.3
KEEPALIVE_SECONDS = 75.0  # over nginx's 60, so that it is never we who close what a proxy is about to use
SECRET_BYTES = 32
CLOCKWORK_SECONDS = 5.0  # a statement that takes longer is as good as lost, and the next one may be none
CLOCKWORK_CONNECTIONS = 4  # lease, expirer, watcher, and one to spare
ENGINE = web.AppKey("engine", EngineServer)
ROUTES = (
    authoring.routes,
    candidate.routes,
    interviews.routes,
    people.routes,
    recruiter.routes,
    webhooks.routes,
)


def build(settings: Settings) -> web.Application:
    """Build a node; it connects when it starts and lets go of everything when it stops."""
    settings.require_tokens()
    app = web.Application(middlewares=[guard(settings)], client_max_size=LARGE_BODY)
    server = Server()
    server.attach(app, socketio_path="socket.io")
    app[serving.LIMITS] = Limits()
    app[ENGINE] = server.engine
    app[DRAINING] = asyncio.Event()
    for subject in ROUTES:
        for route in subject:
            serving.add_to(app, route)
    operations.add_to(app)
    documents.add_to(app, ROUTES)
    pages.add_to(app)

    async def live(app: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await _wire(app, settings=settings, server=server, stack=stack)
            yield

    async def hang_up(_: web.Application) -> None:
        await server.engine.close_all()

    app.cleanup_ctx.append(live)
    app.on_shutdown.append(hang_up)
    return app


async def _wire(app: web.Application, *, settings: Settings, server: Server, stack: AsyncExitStack) -> None:
    redis = Redis.from_url(settings.required_redis_url, socket_timeout=None, socket_connect_timeout=5)
    stack.push_async_callback(redis.aclose)
    pool = await stack.enter_async_context(
        open_pool(settings.required_database_url, application_name="interlock-realtime")
    )
    # only a provider's keys are configured: what we sign ourselves is signed with a secret that the nodes share
    if settings.jwt_secret is None:
        async with pool.acquire() as conn:
            shared = await secrets.signing(conn, otherwise=token_hex(SECRET_BYTES))
        settings = settings.model_copy(update={"jwt_secret": SecretStr(shared)})
    node_id = uuid4()
    hints = Hints(redis)
    relay = Relay(
        database_url=settings.required_database_url,
        redis=redis,
        hints=hints,
        retention=timedelta(days=settings.feed_retention_days),
        reluctant=True,
    )
    dispatch = Dispatch(pool=pool, redis=redis, relay=relay)
    announcer = NodeAnnouncer(node_id=node_id, hints=hints, relay=relay, dispatch=dispatch)
    services = Services(settings=settings, pool=pool, node_id=node_id, announcer=announcer)
    verifier = Verifier(settings=settings, pool=pool)
    clock = NodeClock()
    hub = Hub(services=services, server=server, clock=clock)
    announcer.attach(hub)
    door = Door(server=server, verifier=verifier)
    recruiters = RecruiterNamespace(pool=pool, server=server, door=door)
    server.register_namespace(CandidateNamespace(services=services, hub=hub, door=door, clock=clock))
    server.register_namespace(recruiters)
    hints.hear(HINTS, announcer.overheard)
    hints.hear(FEED, recruiters.overheard)
    app[serving.SERVICES] = services
    app[serving.VERIFIER] = verifier
    app[operations.REDIS] = redis
    app[operations.CLOCK] = clock

    # A pool of its own: however many requests wait for a connection, the clock does not wait with them.
    clocks_pool = await stack.enter_async_context(
        open_pool(
            settings.required_database_url,
            application_name="interlock-clockwork",
            min_size=1,
            max_size=CLOCKWORK_CONNECTIONS,
            command_seconds=CLOCKWORK_SECONDS,
        )
    )
    clockwork = replace(services, pool=clocks_pool)
    expirer = Expirer(clockwork)
    watcher = Watcher(services=clockwork, hub=hub, recruiters=recruiters)

    def hear(renewed: Renewed) -> None:
        expirer.hear(renewed.due_in)
        watcher.hear(renewed.held)

    lease = Lease(services=clockwork, clock=clock, address=settings.base_url, hear=hear)
    await lease.renew()  # credits an outage before anybody is served
    stack.push_async_callback(lease.retire)
    parts = (
        lease.run(),
        expirer.run(),
        tick(hub, period=settings.tick_seconds),
        watcher.run(),
        watch_connections(server.engine),
        hints.run(),
        *relay.hands(),
    )
    tasks = [asyncio.create_task(part) for part in parts]
    for task in tasks:
        task.add_done_callback(_stop_if_failed)
    stack.push_async_callback(dispatch.close)  # after the tasks have ended
    stack.push_async_callback(end, tasks)
    stack.push_async_callback(hub.close)
    log.info("node_ready", node_id=str(node_id), url=settings.base_url)


def _stop_if_failed(task: "asyncio.Task[None]") -> None:
    """End the process when one of its parts has died of something unexpected: a node without a clock must not serve."""
    if not task.cancelled() and task.exception() is not None:
        log.critical("part_failed", exc_info=task.exception())
        os.kill(os.getpid(), signal.SIGTERM)


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    app = build(settings)
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=KEEPALIVE_SECONDS, shutdown_timeout=SHUTDOWN_SECONDS
    )
    stopping = asyncio.ensure_future(told_to_stop.wait())
    serving = asyncio.ensure_future(_listen(runner, settings))
    try:
        await asyncio.wait({stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
            await stopping
            # A proxy has connections open that it is about to use: every answer from now on tells it to close its own.
            app[DRAINING].set()
            await asyncio.sleep(DRAIN_SECONDS)
    finally:
        await end([serving, stopping])
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    await runner.setup()
    collector.settle()
    await web.TCPSite(runner, settings.host, settings.port, backlog=BACKLOG).start()
