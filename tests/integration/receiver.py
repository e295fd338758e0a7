"""A webhook's receiver: a real server on 127.0.0.1 that answers, fails or hangs as a test wants, and checks signatures."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

Behaviour: TypeAlias = Callable[["Delivery"], Awaitable[web.Response]]
WAIT_SECONDS = 60  # a bound for what hangs


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """What a receiver tells repetitions by."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent in it."""
        event: dict[str, Any] = orjson.loads(self.body)
        return event

    def is_signed_with(self, secret: str) -> bool:
        """Whether any of its signatures is by this secret, as Standard Webhooks says that one checks it."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return f"v1,{wanted}" in self.headers["webhook-signature"].split(" ")


def answers(status: int, **headers: str) -> Behaviour:
    """Answer so."""

    async def answer(_: Delivery) -> web.Response:
        return web.Response(status=status, headers={name.replace("_", "-"): v for name, v in headers.items()})

    return answer


def hangs(until: asyncio.Event) -> Behaviour:
    """Say nothing until then."""

    async def wait(_: Delivery) -> web.Response:
        await until.wait()
        return web.Response()

    return wait


@dataclass(slots=True)
class Receiver:
    """What it got, in the order of arrival; `will` are the next answers, then it takes everything."""

    will: list[Behaviour] = field(default_factory=list)
    always: Behaviour = field(default_factory=lambda: answers(204))
    got: list[Delivery] = field(default_factory=list)
    url: str = ""
    most_at_once: int = 0
    _at_once: int = 0
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, request: web.Request) -> web.Response:
        """Take one request."""
        delivery = Delivery(
            {name.lower(): value for name, value in request.headers.items()}, await request.read()
        )
        behaviour = self.will.pop(0) if self.will else self.always
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        async with self._came:
            self.got.append(delivery)
            self._came.notify_all()
        try:
            return await behaviour(delivery)
        finally:
            self._at_once -= 1

    async def until(self, wanted: Callable[["Receiver"], bool]) -> None:
        """Wait until what came is what is wanted."""
        async with asyncio.timeout(WAIT_SECONDS), self._came:
            await self._came.wait_for(lambda: wanted(self))

    async def count(self, number: int) -> list[Delivery]:
        """Wait for that many requests."""
        await self.until(lambda receiver: len(receiver.got) >= number)
        return self.got

    @property
    def ids(self) -> list[str]:
        """The events that came, each where it came first."""
        return list(dict.fromkeys(delivery.id for delivery in self.got))


@asynccontextmanager
async def receiving(*will: Behaviour, always: Behaviour | None = None) -> AsyncIterator[Receiver]:
    """Run a receiver for the length of the block."""
    receiver = Receiver(list(will), always or answers(204))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.serve)
    async with TestServer(app, host="127.0.0.1") as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver
