"""One client of the crowd: a WebSocket spoken by hand, for the crowd shares the machine with what it measures."""

import asyncio
import time
from array import array
from enum import StrEnum
from typing import Any

import orjson

from tests.bench.frames import CLOSE, PING, PONG, client_frame, server_frames
from tests.bench.orders import Guest, Kind

PATHS: dict[Kind, str] = {"socketio": "/socket.io/?EIO=4&transport=websocket", "bare": "/"}
TICKS: dict[Kind, bytes] = {"socketio": b'42/candidate,["tick"', "bare": b'{"session_id"'}
TWO_BYTE_LENGTH = b"\x81\x7e"
PONG_PACKET = client_frame(b"3")


class End(StrEnum):
    """How an attempt to come in ended."""

    JOINED = "joined"
    TOLD_TO_WAIT = "told_to_wait"
    BROKEN = "broken"
    REFUSED = "refused"


class Visitor(asyncio.Protocol):
    """Upgrades, connects, joins, and then notes when each tick came."""

    __slots__ = (
        "_buffer",
        "_guest",
        "_kind",
        "_tick",
        "_upgraded",
        "arrivals",
        "ended",
        "lost",
        "reason",
        "retry_after",
        "transport",
    )

    def __init__(self, kind: Kind, guest: Guest) -> None:
        self.arrivals = array("d")
        self.ended: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self.lost = False
        self.reason = ""
        self.retry_after = 0.0
        self.transport: Any = None  # uvloop's is no asyncio.Transport by type, only by what it does
        self._buffer = bytearray()
        self._guest = guest
        self._kind = kind
        self._tick = TICKS[kind]
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = transport
        self.transport.write(
            f"GET {PATHS[self._kind]} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Note a tick, which is nearly all that comes, or take what came apart."""
        if (
            not self._buffer
            and self._upgraded
            and data.startswith(TWO_BYTE_LENGTH)
            and len(data) == 4 + (data[2] << 8 | data[3])
            and data.startswith(self._tick, 4)
        ):
            self.arrivals.append(time.monotonic())
            return
        self._buffer += data
        if not self._upgraded and not self._upgrade():
            return
        for opcode, payload in server_frames(self._buffer):
            self._heard(opcode, payload)

    def connection_lost(self, _exc: Exception | None) -> None:
        """The server, or the network, has hung up."""
        self.lost = True
        self._end(End.BROKEN)

    def leave(self) -> None:
        """Hang up."""
        if self.transport is not None:
            self.transport.abort()

    def _upgrade(self) -> bool:
        head, separator, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not separator:
            return False
        status, *lines = head.decode("latin-1").split("\r\n")
        if status.split(" ", 2)[1] == "101":
            self._upgraded = True
            self._buffer[:] = rest
            if self._kind == "bare":
                self._send(orjson.dumps({"session_id": self._guest.session_id}))
            return True
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "retry-after" in headers:
            self.retry_after = float(headers["retry-after"])
            self._end(End.TOLD_TO_WAIT)
        else:
            self._refused(status)
        self.leave()
        return False

    def _heard(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self._send(payload, opcode=PONG)
        elif opcode == CLOSE:
            self.leave()
        elif payload.startswith(self._tick):
            self.arrivals.append(time.monotonic())
        elif payload == b"2":
            if self.transport is not None:
                self.transport.write(PONG_PACKET)
        elif not self.ended.done():
            self._step_in(payload)

    def _step_in(self, payload: bytes) -> None:
        guest = self._guest
        if payload.startswith(b"0{"):
            self._send(b"40/candidate," + orjson.dumps({"token": guest.token}))
        elif payload.startswith(b"40/candidate,"):
            wanted = {"session_id": guest.session_id}
            if guest.resume_token is not None:
                wanted["resume_token"] = guest.resume_token
            self._send(b"42/candidate,0" + orjson.dumps(["join_session", wanted]))
        elif payload.startswith((b"43/candidate,0[", b'{"ok"')):
            if b'"ok":true' in payload:
                self._end(End.JOINED)
            else:
                self._refused(orjson.loads(payload.removeprefix(b"43/candidate,0"))[0]["code"])
        elif payload.startswith(b"44/candidate,"):
            self._refused(payload[:80].decode())

    def _send(self, payload: bytes, *, opcode: int = 1) -> None:
        if self.transport is not None:
            self.transport.write(client_frame(payload, opcode=opcode))

    def _refused(self, reason: str) -> None:
        self.reason = reason
        self._end(End.REFUSED)

    def _end(self, how: End) -> None:
        if not self.ended.done():
            self.ended.set_result(how)
