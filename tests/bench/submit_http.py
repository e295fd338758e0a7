"""A keep-alive HTTP/1.1 connection that costs next to nothing: whole requests go out, status and body come back."""

import asyncio
from collections.abc import Mapping
from typing import Any, Self, cast

import orjson

_LENGTH = b"content-length:"


class UnexpectedReply(Exception):
    """A server answered otherwise than the measurement needs."""


class HttpConnection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._reply: asyncio.Future[bytes] | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        """Connect."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    def connection_lost(self, exc: Exception | None) -> None:
        """Let whoever waits know."""
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(exc or ConnectionResetError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Answer who waits once the reply is whole."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._reply is None:
            return
        head = self._received[:end].lower()
        at = head.index(_LENGTH) + len(_LENGTH)
        line_end = head.find(b"\r\n", at)
        length = int(head[at : line_end if line_end >= 0 else end])
        if len(self._received) < end + 4 + length:
            return
        reply, self._received = self._received, b""
        self._reply.set_result(reply)

    async def exchange(self, request: bytes) -> bytes:
        """Send a whole request, answer the whole reply; raises UnexpectedReply where that is no 200."""
        assert self._transport is not None
        self._reply = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        reply = await self._reply
        if not reply.startswith(b"HTTP/1.1 200 "):
            raise UnexpectedReply(reply[:2_000].decode("utf-8", "replace"))
        return reply

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def request_head(path: str, *, token: str) -> bytes:
    """Everything of a POST that comes before its length."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()


def request_tail(body: Mapping[str, Any]) -> bytes:
    """A POST's length and body."""
    sent = orjson.dumps(body)
    return b"%d\r\n\r\n%b" % (len(sent), sent)
