"""One Socket.IO connection of a client, over which nothing is certain."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import socketio

CONNECT_SECONDS = 5.0
ACK_SECONDS = 2.0
NAMESPACE = "/candidate"


class Away(Exception):
    """No answer came, or none can come any more: what was asked may have happened or not."""


class Line:
    """A connection to one node, until it breaks."""

    def __init__(self, *, hear: Callable[[str, Any], None] | None = None, namespace: str = NAMESPACE) -> None:
        self._namespace = namespace
        self._socket = socketio.AsyncClient(reconnection=False)
        self._gone = asyncio.Event()
        self._hear = hear
        self._socket.on("disconnect", self._went, namespace=namespace)
        self._socket.on("*", self._heard, namespace=namespace)

    @property
    def is_up(self) -> bool:
        """Whether it seems to work."""
        return bool(self._socket.connected) and not self._gone.is_set()

    async def open(self, url: str, token: str) -> None:
        """Connect; raises Away."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._socket.connect(
                    url,
                    transports=["websocket"],
                    namespaces=[self._namespace],
                    auth={"token": token},
                    wait_timeout=CONNECT_SECONDS,
                )
        except (
            socketio.exceptions.SocketIOError,
            aiohttp.ClientError,
            OSError,  # TimeoutError is one
            TypeError,  # the client reads a handshake that was cut as if it had come
            ValueError,
        ) as error:
            await self.drop()
            raise Away(repr(error)) from error

    async def ask(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """Send an event and wait for its ack; raises Away."""
        if not self.is_up:
            raise Away("the line is down")
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def acknowledged(*reply: Any) -> None:
            if not answered.done():
                answered.set_result(reply[0] if reply else None)

        gone = asyncio.create_task(self._gone.wait())
        try:
            await self._socket.emit(event, data, namespace=self._namespace, callback=acknowledged)
            await asyncio.wait({answered, gone}, timeout=ACK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        except (socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError) as error:
            raise Away(repr(error)) from error
        finally:
            gone.cancel()
        if not answered.done():
            raise Away("no ack")
        reply: dict[str, Any] = answered.result()
        return reply

    async def drop(self) -> None:
        """Break it without a goodbye, as a lost network or a killed browser does."""
        self._gone.set()
        if self._socket.eio.http is not None:
            await self._socket.eio.http.close()  # the connections with it

    async def close(self) -> None:
        """Say goodbye, as a closed page does."""
        self._gone.set()
        await self._socket.disconnect()

    async def _went(self, *_: Any) -> None:
        self._gone.set()

    async def _heard(self, event: str, payload: Any) -> None:
        if self._hear is not None:
            self._hear(event, payload)
