"""A client that never reads: a WebSocket over a bare socket with the smallest buffer that there is."""

import asyncio
import base64
import os
import socket
from typing import Any
from urllib.parse import urlsplit

import orjson

SMALLEST_BUFFER = 2304  # bytes: the kernel rounds up to this, and what it holds is not the server's
PATH = "/socket.io/?EIO=4&transport=websocket"


class Deaf:
    """A connection that is read only as long as its owner wants to."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALLEST_BUFFER)
        self._socket.setblocking(False)
        self._received = b""

    async def open(self, url: str, token: str) -> None:
        """Connect to the candidates' namespace."""
        host = urlsplit(url)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self._socket, (host.hostname, host.port))
        key = base64.b64encode(os.urandom(16)).decode()
        await loop.sock_sendall(
            self._socket,
            f"GET {PATH} HTTP/1.1\r\nHost: {host.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode(),
        )
        await self._read_until(b"\r\n\r\n")
        await self.send("40/candidate," + orjson.dumps({"token": token}).decode())
        await self._read_until(b"40/candidate,")

    async def join(self, session_id: str) -> None:
        """Hold a session; the last thing that is read."""
        await self.ask(1, "join_session", {"session_id": session_id, "takeover": True})
        await self._read_until(b'"ok":true')

    async def ask(self, number: int, event: str, data: dict[str, Any]) -> None:
        """Send an event that wants an ack; nobody will read it."""
        await self.send(f"42/candidate,{number}" + orjson.dumps([event, data]).decode())

    async def send(self, text: str) -> None:
        """Send a text frame, masked with zeros as the protocol allows."""
        payload = text.encode()
        length = len(payload)
        head = bytes((0x80 | length,)) if length < 126 else bytes((0x80 | 126,)) + length.to_bytes(2, "big")
        await asyncio.get_running_loop().sock_sendall(self._socket, b"\x81" + head + bytes(4) + payload)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    async def _read_until(self, end: bytes) -> None:
        self._received = b""
        async with asyncio.timeout(10):
            while end not in self._received:
                data = await asyncio.get_running_loop().sock_recv(self._socket, 65_536)
                if not data:
                    raise ConnectionError(f"closed before {end!r} came")
                self._received += data
