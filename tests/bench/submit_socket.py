"""A Socket.IO connection that costs next to nothing: payloads stay bytes."""

import asyncio
import os
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Self, cast

import orjson

from tests.bench.frames import CLOSE, TEXT, client_frame, server_frames

Hear = Callable[[bytes], None]
Lost = Callable[[], None]


class SocketClosed(Exception):
    """The server ended the connection or refused it."""


class SocketConnection(asyncio.Protocol):
    """One connection to one namespace.

    `hear` gets every packet that is neither an ack nor part of the handshake; `lost` is called where the server hangs up.
    """

    def __init__(self, namespace: str, *, hear: Hear | None = None, lost: Lost | None = None) -> None:
        self._namespace = namespace.encode()
        self._hear = hear
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._upgraded = False
        self._leaving = False
        self._acks: dict[int, asyncio.Future[bytes]] = {}
        self._count = 0
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._connected: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._event_prefix = b"42" + self._namespace + b","
        self._ack_prefix = b"43" + self._namespace + b","
        self._connect_prefix = b"40" + self._namespace
        self._error_prefix = b"44" + self._namespace

    @classmethod
    async def open(
        cls,
        where: tuple[str, int],
        *,
        namespace: str,
        token: str,
        hear: Hear | None = None,
        lost: Lost | None = None,
    ) -> Self:
        """Connect to a namespace; raises SocketClosed where that is refused."""
        host, port = where
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: cls(namespace, hear=hear, lost=lost), host, port
        )
        key = b64encode(os.urandom(16)).decode()
        connection._write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        await connection._opened
        connection._send(b"40" + connection._namespace + b"," + orjson.dumps({"token": token}))
        await connection._connected
        return connection

    async def ask(self, event: str, body: dict[str, Any]) -> bytes:
        """Emit an event, answer its ack's JSON."""
        return await self.ask_raw(orjson.dumps([event, body]))

    async def ask_raw(self, packet: bytes) -> bytes:
        """Emit what is JSON already."""
        self._count += 1
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._acks[self._count] = answer
        self._send(b"%b%d%b" % (self._event_prefix, self._count, packet))
        return await answer

    def close(self) -> None:
        """Leave as a closed page does."""
        self._leaving = True
        if self._transport is not None and not self._transport.is_closing():
            self._send(b"41" + self._namespace + b",")
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    def connection_lost(self, exc: Exception | None) -> None:
        """Let whoever waits know."""
        waits: list[asyncio.Future[Any]] = [self._opened, self._connected, *self._acks.values()]
        for waiting in waits:
            if not waiting.done():
                waiting.set_exception(SocketClosed(str(exc or "closed")))
                waiting.exception()  # nobody may be waiting for it any more
        if self._lost is not None and not self._leaving:
            self._lost()

    def data_received(self, data: bytes) -> None:
        """Read whole frames."""
        self._received += data
        if not self._upgraded:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._received.startswith(b"HTTP/1.1 101 "):
                self._opened.set_exception(
                    SocketClosed(bytes(self._received[:500]).decode("utf-8", "replace"))
                )
                return
            del self._received[: end + 4]
            self._upgraded = True
        self._read_frames()

    def _read_frames(self) -> None:
        for opcode, payload in server_frames(self._received):
            if opcode == TEXT:
                self._packet(payload)
            elif opcode == CLOSE and self._transport is not None:
                self._transport.close()

    def _packet(self, packet: bytes) -> None:
        if packet.startswith(self._ack_prefix):
            start = packet.index(b"[")
            self._acks.pop(int(packet[len(self._ack_prefix) : start])).set_result(packet[start:])
        elif packet == b"2":
            self._send(b"3")
        elif packet.startswith(b"0"):
            self._opened.set_result(None)
        elif packet.startswith(self._connect_prefix):
            self._connected.set_result(packet)
        elif packet.startswith(self._error_prefix):
            self._connected.set_exception(SocketClosed(packet.decode()))
        elif self._hear is not None:
            self._hear(packet)

    def _send(self, packet: bytes) -> None:
        self._write(client_frame(packet))

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)
