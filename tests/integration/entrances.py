"""How a candidate's commands come in: by the routes and by the namespace that serve real ones, with nobody else about.

A whole node has a clockwork, which would act between two steps of a state machine. Here are its entrances alone: from the
body of a request, or the payload of an event, to the answer, through the code that a browser's take.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from realtime.auth import Identity, Verifier, issue_token
from realtime.clock import NodeClock
from realtime.http import candidate, serving
from realtime.http.guard import DRAINING, guard
from realtime.http.limits import Limits
from realtime.sockets.candidate import CandidateNamespace, Door
from realtime.sockets.hub import Hub
from realtime.sockets.server import Packets, Server
from realtime.usecases.services import Services


class TurnedAway(Exception):
    """A refusal as a client gets it: its code, and the question that it names."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body)
        self.code: str = body["code"]
        self.index: int | None = body.get("current_question_index")


class Entrances:
    """The two ways into the use cases of one node."""

    def __init__(self, services: Services) -> None:
        self.services = services
        verifier = Verifier(settings=services.settings, pool=services.pool)
        server, clock = Server(), NodeClock()
        self._namespace = CandidateNamespace(
            services=services,
            hub=Hub(services=services, server=server, clock=clock),
            door=Door(server=server, verifier=verifier),
            clock=clock,
        )
        app = web.Application(middlewares=[guard(services.settings)])
        app[DRAINING] = asyncio.Event()
        app[serving.SERVICES] = services
        app[serving.VERIFIER] = verifier
        app[serving.LIMITS] = Limits()
        for route in candidate.routes:
            serving.add_to(app, route)
        self._client = TestClient(TestServer(app))

    async def open(self) -> None:
        """Listen."""
        await self._client.start_server()

    async def close(self) -> None:
        """Stop listening."""
        await self._client.close()

    def token(self, who: Identity) -> str:
        """Sign somebody in."""
        now = datetime.now(UTC)
        return issue_token(
            settings=self.services.settings,
            user_id=who.user_id,
            role=who.role,
            now=now,
            expires_at=now + timedelta(hours=8),
        )

    async def connect(self, who: Identity) -> str:
        """Let a socket in; answers its id."""
        sid = who.user_id.hex
        await self._namespace.on_connect(sid, {}, {"token": self.token(who)})
        return sid

    async def by_socket(
        self, who: Identity, event: str, *, session_id: UUID, sent: dict[str, Any]
    ) -> dict[str, Any]:
        """Send an event as a client's packet holds it; answers its ack as another packet does, raises TurnedAway."""
        sid = await self.connect(who)
        payload = Packets.loads(Packets.dumps(sent | {"session_id": str(session_id)}))
        return _granted(Packets.loads(await self._namespace.answer(event, sid, [payload])))

    async def by_http(
        self, who: Identity, method: str, path: str, *, sent: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Make a request; raises TurnedAway."""
        headers = {"Authorization": f"Bearer {self.token(who)}"}
        async with self._client.request(method, path, json=sent, headers=headers) as response:
            return _granted(await response.json(content_type=None))


def _granted(body: dict[str, Any]) -> dict[str, Any]:
    if "code" in body:
        raise TurnedAway(body)
    return body
