"""Health, readiness and metrics, for whoever operates the service."""

import asyncio
from typing import Literal

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import migrate
from db.pool import DATABASE_ERRORS, Pool
from realtime.clock import NodeClock
from realtime.http.guard import DRAINING
from realtime.http.serving import SERVICES

CLOCK_SECONDS = 5.0
CHECK_SECONDS = 2.0  # a part that takes longer than this is down as far as a load balancer is concerned

State = Literal["ok", "down", "old"]


REDIS = web.AppKey("redis", Redis)
CLOCK = web.AppKey("clock", NodeClock)


def add_to(app: web.Application) -> None:
    """Serve the three calls of an operator's tools."""
    app.router.add_get("/healthz", _health)
    app.router.add_get("/readyz", _ready)
    app.router.add_get("/metrics", _metrics)


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _ready(request: web.Request) -> web.Response:
    (database, schema), redis = await asyncio.gather(
        _database(request.app[SERVICES].pool), _redis_state(request.app[REDIS])
    )
    # the clock is read with every renewal of the lease: without one, nothing of what happens by itself happens here
    clock: State = "ok" if request.app[CLOCK].age() < CLOCK_SECONDS else "down"
    # about to stop: whoever balances load sends nothing more here
    node: State = "down" if request.app[DRAINING].is_set() else "ok"
    parts = {"database": database, "redis": redis, "schema": schema, "clock": clock, "node": node}
    down = [name for name, state in parts.items() if state != "ok"]
    return web.json_response({"ready": not down, "down": down} | parts, status=503 if down else 200)


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _database(pool: Pool) -> tuple[State, State]:
    try:
        async with asyncio.timeout(CHECK_SECONDS), pool.acquire() as conn:
            current = await migrate.current_version(conn)
    except (*DATABASE_ERRORS, TimeoutError):
        return "down", "down"
    return "ok", "ok" if current == migrate.required_version() else "old"


async def _redis_state(redis: Redis) -> State:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await redis.ping()
    except (RedisError, OSError, TimeoutError):
        return "down"
    return "ok"
