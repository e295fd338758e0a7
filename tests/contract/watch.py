"""Clients that check everything they get against the documents, and keep every byte of it."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import engineio
import orjson
import socketio

from tests.contract.forms import Forms
from tests.integration.node import Node, Person, Reply

WAIT_SECONDS = 10


class Line(engineio.AsyncClient):  # type: ignore[misc]
    """The transport of a client, which keeps what comes in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[str] = []

    async def _receive_packet(self, pkt: Any) -> None:
        self.kept.append(str(pkt.data))
        await super()._receive_packet(pkt)


class Client(socketio.AsyncClient):  # type: ignore[misc]
    """The real client on such a transport."""

    def _engineio_client_class(self) -> type[Line]:
        return Line


class Tab:
    """One connection of a person; `bytes` has all that it ever received."""

    def __init__(self, *, namespace: str, forms: Forms) -> None:
        self.client = Client(reconnection=False)
        self.namespace = namespace
        self.gone = asyncio.Event()
        self._forms = forms
        self._events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._faults: list[AssertionError] = []
        self.client.on("*", self._hear, namespace=namespace)
        self.client.on("disconnect", self._left, namespace=namespace)

    @property
    def bytes(self) -> str:
        """All packets, one after the other."""
        return "\n".join(self.client.eio.kept)

    async def open(self, url: str, token: str) -> None:
        """Connect."""
        await self.client.connect(
            url,
            transports=["websocket"],
            namespaces=[self.namespace],
            auth={"token": token},
            wait_timeout=WAIT_SECONDS,
        )

    async def call(self, event: str, **payload: Any) -> dict[str, Any]:
        """Send an event and check its ack."""
        ack = await self.client.call(event, payload, namespace=self.namespace, timeout=WAIT_SECONDS)
        self._forms.check_message(self.namespace, f"{event}.{'ack' if ack['ok'] else 'refused'}", ack)
        if ack["ok"]:
            self._forms.check_message(self.namespace, event, payload)
        answered: dict[str, Any] = ack
        return answered

    async def next(self, event: str, **facts: Any) -> dict[str, Any]:
        """The next event of that name with those facts; others before it are passed over, but were checked."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                name, payload = await self._events.get()
                self.check()
                if name == event and all(payload.get(key) == value for key, value in facts.items()):
                    heard: dict[str, Any] = payload
                    return heard

    def check(self) -> None:
        """Raise the first fault of an event, if there was one."""
        if self._faults:
            raise self._faults[0]

    async def _hear(self, event: str, *payload: Any) -> None:
        try:
            assert len(payload) == 1, f"{event} carried {len(payload)} arguments"
            self._forms.check_message(self.namespace, event, payload[0])
        except AssertionError as fault:
            self._faults.append(fault)
        self._events.put_nowait((event, payload[0] if payload else None))

    async def _left(self, *_: Any) -> None:
        self.gone.set()


@dataclass(slots=True)
class Watch:
    """Makes requests and connections for people, and checks and keeps what they get."""

    node: Node
    forms: Forms
    replies: dict[UUID | None, list[str]] = field(default_factory=lambda: defaultdict(list))
    tabs: dict[UUID, list[Tab]] = field(default_factory=lambda: defaultdict(list))

    async def call(self, method: str, path: str, who: Person | None = None, **options: Any) -> Reply:
        """Make a request; options are aiohttp's."""
        headers = {**({} if who is None else who.headers), **options.pop("headers", {})}
        url = self.node.url + path
        async with self.node.session.request(method, url, headers=headers, **options) as response:
            data = await response.read()
            media_type = response.content_type
            reply = Reply(response.status, data.decode(), response.headers)
        self.replies[None if who is None else who.id].append(f"{dict(reply.headers)}\n{reply.body}")
        if media_type.endswith("json"):
            reply = Reply(reply.status, orjson.loads(data), reply.headers)
        self.forms.check_reply(method, path, status=reply.status, media_type=media_type, body=reply.body)
        if reply.status < 300 and "json" in options:
            self.forms.check_request(method, path, options["json"])
        return reply

    async def ok(self, method: str, path: str, who: Person | None = None, **options: Any) -> Any:
        """Make a request that has to succeed; answers its body."""
        reply = await self.call(method, path, who, **options)
        assert reply.status < 300, reply.body
        return reply.body

    async def refused(self, status: int, code: str, *request: Any, **options: Any) -> dict[str, Any]:
        """Make a request that has to be refused so; answers the problem."""
        reply = await self.call(*request, **options)
        assert (reply.status, reply.body["code"]) == (status, code), reply.body
        problem: dict[str, Any] = reply.body
        assert problem["status"] == status
        assert problem["error"] == problem["title"]
        return problem

    async def open(self, who: Person, namespace: str) -> Tab:
        """Open a connection."""
        tab = Tab(namespace=namespace, forms=self.forms)
        self.tabs[who.id].append(tab)
        await tab.open(self.node.url, who.token)
        return tab

    def received(self, who: Person) -> str:
        """Every byte that a person ever got, by whatever way."""
        return "\n".join([*self.replies[who.id], *(tab.bytes for tab in self.tabs[who.id])])

    async def close(self) -> None:
        """Close all connections, and raise what was wrong with any event."""
        for tabs in self.tabs.values():
            for tab in tabs:
                await tab.client.disconnect()
        for tabs in self.tabs.values():
            for tab in tabs:
                tab.check()
