"""A bare aiohttp WebSocket server that ticks as our node does: one loop, one send a session and second, in 25 slots."""

import asyncio
import os
import time
from uuid import UUID

import orjson
import uvloop
from aiohttp import WSMsgType, web

SLOTS = 25
PERIOD = 1.0
QUESTION_MS = 7_200_000
BACKLOG = 4096
Slots = list[dict[str, tuple[web.WebSocketResponse, int]]]


async def tick(slots: Slots) -> None:
    """Tick until cancelled."""
    slot, due = 0, time.monotonic()
    while True:
        due = max(due + PERIOD / SLOTS, time.monotonic() - PERIOD)
        await asyncio.sleep(max(due - time.monotonic(), 0))
        now = _milliseconds()
        for session, (socket, deadline) in list(slots[slot].items()):
            payload = {
                "session_id": session,
                "revision": 1,
                "question_index": 0,
                "remaining_ms": deadline - now,
                "server_time_ms": now,
            }
            if not socket.closed:
                await socket.send_frame(orjson.dumps(payload), WSMsgType.TEXT)
        slot = (slot + 1) % SLOTS


def build() -> web.Application:
    """Build the server."""
    slots: Slots = [{} for _ in range(SLOTS)]

    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        session = (await socket.receive_json())["session_id"]
        slot = slots[UUID(session).int % SLOTS]
        slot[session] = (socket, _milliseconds() + QUESTION_MS)
        await socket.send_str('{"ok":true}')
        try:
            async for _ in socket:
                pass
        finally:
            del slot[session]
        return socket

    async def ready(_: web.Request) -> web.Response:
        return web.Response()

    async def start(_: web.Application) -> None:
        ticking.append(asyncio.create_task(tick(slots)))

    ticking: list[asyncio.Task[None]] = []
    app = web.Application()
    app.on_startup.append(start)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/", serve)
    return app


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    uvloop.install()
    web.run_app(
        build(),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        backlog=BACKLOG,
        access_log=None,
        print=None,
    )
