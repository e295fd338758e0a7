"""A client that does as it likes: a WebSocket over a bare socket, that is read only as long as its owner wants to."""

import asyncio
import base64
import os
import re
import select
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson

SMALLEST_BUFFER = 2304  # bytes: the kernel rounds up to this, and what it holds is not the server's
PATH = "/socket.io/?EIO=4&transport=websocket"
HUNG_UP = select.POLLRDHUP | select.POLLHUP | select.POLLERR
LOOK_SECONDS = 0.05


class Deaf:
    """A connection of which nothing is read that is not waited for; `buffer` is the kernel's, in bytes."""

    def __init__(self, *, buffer: int | None = SMALLEST_BUFFER) -> None:
        self._socket = socket.socket()
        if buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.setblocking(False)
        self._received = b""
        self.eio_sid = ""

    async def open(self, url: str, token: str) -> None:
        """Connect to the candidates' namespace."""
        await self.upgrade(url)
        await self.send("40/candidate," + orjson.dumps({"token": token}).decode())
        await self.read_until(b"40/candidate,")

    async def reach(self, url: str) -> None:
        """Make the TCP connection, and no more."""
        host = urlsplit(url)
        await asyncio.get_running_loop().sock_connect(self._socket, (host.hostname, host.port))

    async def upgrade(self, url: str) -> None:
        """Make it a WebSocket of Engine.IO, and no more."""
        await self.reach(url)
        key = base64.b64encode(os.urandom(16)).decode()
        await self.write(
            f"GET {PATH} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode(),
        )
        await self.read_until(b"}")
        named = re.search(rb'"sid":"([^"]+)"', self._received)
        assert named is not None, self._received
        self.eio_sid = named[1].decode()

    async def join(self, session_id: str) -> None:
        """Hold a session; the last thing that is read."""
        await self.ask(1, "join_session", {"session_id": session_id, "takeover": True})
        await self.read_until(b'"ok":true')

    async def ask(self, number: int, event: str, data: dict[str, Any]) -> None:
        """Send an event that wants an ack."""
        await self.send(f"42/candidate,{number}" + orjson.dumps([event, data]).decode())

    async def send(self, text: str) -> None:
        """Send a text frame, masked with zeros as the protocol allows."""
        payload = text.encode()
        length = len(payload)
        head = bytes((0x80 | length,)) if length < 126 else bytes((0x80 | 126,)) + length.to_bytes(2, "big")
        await self.write(b"\x81" + head + bytes(4) + payload)

    async def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def read_until(self, end: bytes, *, seconds: float = 10) -> None:
        """Read until these bytes came; raises ConnectionError where the connection ends before."""
        self._received = b""
        async with asyncio.timeout(seconds):
            while end not in self._received:
                data = await asyncio.get_running_loop().sock_recv(self._socket, 65_536)
                if not data:
                    raise ConnectionError(f"closed before {end!r} came")
                self._received += data

    async def read_all(self) -> None:
        """Read and forget, until the other side ends it."""
        with suppress(OSError):
            while await asyncio.get_running_loop().sock_recv(self._socket, 65_536):
                pass

    async def ping(self) -> None:
        """Send a ping of WebSocket's own, below Engine.IO."""
        await self.write(b"\x89\x80" + bytes(4))

    async def hung_up(self) -> None:
        """Wait until the other side has ended the connection, without reading anything."""
        look = select.poll()
        look.register(self._socket, HUNG_UP)
        while not look.poll(0):
            await asyncio.sleep(LOOK_SECONDS)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()
