"""The fast way out for ticks, and the bounds of every connection.

A tick is superseded by the next one, so it never queues: it is written straight to the transport when nothing else is
unsent there, and dropped otherwise. python-socketio's `emit` costs 119-134 µs of CPU a tick, this 12-21 (2 cores, 3,000
sessions, 1 Hz). What it rests on, each held by a test: engineio makes its queues by `create_queue`, puts every packet
there, and sends each by `WebSocket.send`; a queue that counts puts, and a socket that counts them down after the send,
know what is unsent even while the writer holds packets in its hands.

Answers do queue, and only as far as a client reads them: its next request is read when the last answers are on their way.
"""

import asyncio
import math
import socket
import time
from contextlib import suppress
from typing import Any

import engineio
import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from engineio import packet
from engineio.async_drivers.aiohttp import WebSocket

from realtime.metrics import CUT
from realtime.sockets.admission import Admission, Place

log = structlog.get_logger()

SEND_BUFFER_BYTES = (
    8 * 1024
)  # the kernel swallows this much before "not drained" shows: a hundred ticks or so
UNSENT_BYTES = 1024 * 1024  # some 2,500 events of the feed; who has not read these is not reading
UNREAD_BYTES = (
    256 * 1024
)  # of answers to a client that does not read them; until it does, it is not read either
UNREAD_LOOK_SECONDS = 1.0
UNDRAINED_SECONDS = 20.0  # how long bytes may lie in the transport before the connection is cut
# Who does not answer a ping is cut within 25 s. Neither expiry nor the lock waits for it, so it need not be dearer than this.
PING_SECONDS = 15
PONG_SECONDS = 10
CONNECT_SECONDS = 8.0  # how long a socket may take to CONNECT to a namespace
GO_AWAY_SECONDS = 1.0
GO_AWAY_SLICE = 25  # clients that are told at once when a node stops
GO_AWAY_PAUSE_SECONDS = 0.05
GO_AWAY_SPREAD_SECONDS = 4.0  # by when the last of thousands has been told
# A person at a keyboard sends a few packets a second. Who sends more than this for long is cut: at once after a burst that no
# client of ours comes near, and never later than 10 s when sending three times as fast as is allowed.
PACKETS_PER_SECOND = 50.0
PACKETS_BURST = 1_000.0
PLACE = web.RequestKey("place", Place)
MESSAGE_TYPE = str(packet.MESSAGE)
PACKET_TYPES = frozenset("123456")  # engine.io: close, ping, pong, message, upgrade, noop
SHORT_FRAME = 126  # payloads from here on need a two-byte length
LONG_FRAME = 65_536


class CountingQueue(asyncio.Queue[Any]):
    """A queue that knows how many packets, and how many characters of messages, were put and not yet sent."""

    unsent = 0
    unsent_size = 0
    _sent: asyncio.Event | None = None  # made when somebody waits: most connections never fall behind

    async def put(self, item: Any) -> None:
        """Count, then put."""
        if item is not None:
            self.unsent += 1
            if item.packet_type == packet.MESSAGE:
                self.unsent_size += len(item.data)
        await super().put(item)

    def count_sent(self, message: str | bytes) -> None:
        """The oldest packet, which is this one, is sent."""
        self.unsent -= 1
        if isinstance(message, bytes):
            self.unsent_size -= len(message)
        elif message.startswith(MESSAGE_TYPE):
            self.unsent_size -= len(message) - len(MESSAGE_TYPE)
        if self._sent is not None:
            self._sent.set()

    async def sent_one(self, *, within: float) -> None:
        """Wait until a packet is sent, for so many seconds at most."""
        self._sent = asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._sent.wait()
        self._sent = None


class Allowance:
    """How many packets a client may send now: a burst, and so many a second from then on."""

    __slots__ = ("_at", "_left")

    def __init__(self, now: float) -> None:
        self._left = PACKETS_BURST
        self._at = now

    def take(self, now: float) -> bool:
        """Take one packet at steady time `now`; False where too many came."""
        self._left = min(self._left + (now - self._at) * PACKETS_PER_SECOND, PACKETS_BURST) - 1
        self._at = now
        return self._left >= 0


class Wire(WebSocket):  # type: ignore[misc]
    """One connection: bounded, uncompressed, and open to ticks."""

    def __init__(self, handler: Any, server: "EngineServer") -> None:
        super().__init__(handler, server)
        self.socket = handler.__self__
        self.queue: CountingQueue = self.socket.queue
        self.engine = server
        self.transport: Any = None  # uvloop's is no asyncio.Transport by type, only by what it does
        self.since = time.monotonic()
        self.listening_since: float | None = None
        self.allowance = Allowance(self.since)
        self.place: Place | None = None
        self.connected = False  # to a namespace, by whoever admits it
        self.blocked_since: float | None = None

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        request: web.Request = environ["aiohttp.request"]
        # deflate would cost 36 → 144 KiB a session and 28 → 157 µs a message
        self._sock = web.WebSocketResponse(
            max_msg_size=self.engine.max_http_buffer_size,
            compress=False,
            autoping=False,  # a flood of pings is a flood: `wait` counts them
        )
        await self._sock.prepare(request)
        transport = request.transport
        if transport is None:
            raise ConnectionError("the connection was lost while it was made")
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self.transport = transport
        self.environ = environ
        self.place = request[PLACE]
        self.engine.wires[self.socket.sid] = self
        try:
            await self.handler(self)
        finally:
            self.engine.wires.pop(self.socket.sid, None)
        return self._sock

    async def send(self, message: str | bytes) -> None:
        """Send one packet and count it down."""
        try:
            await super().send(message)
        finally:
            self.queue.count_sent(message)

    async def wait(self) -> str:
        """Wait for a text frame that is a packet; anything else ends the connection in an orderly way."""
        while self.queue.unsent_size > UNREAD_BYTES and not self.transport.is_closing():
            await self.queue.sent_one(within=UNREAD_LOOK_SECONDS)
        while True:
            self.listening_since = time.monotonic()
            message = await self._sock.receive()
            self.listening_since = None
            if not self.allowance.take(time.monotonic()):
                self.engine.cut(self, "floods")
                raise OSError("too many packets")
            if message.type is WSMsgType.PING:
                await self._sock.pong(message.data)
            elif message.type is not WSMsgType.PONG:
                break
        if message.type is not WSMsgType.TEXT or message.data[:1] not in PACKET_TYPES:
            raise OSError("not a packet")
        text: str = message.data
        return text

    def settle(self) -> None:
        """This connection has what it came for: the next one may be let in."""
        if self.place is not None:
            self.place.give_back()

    def tick(self, frame: bytes) -> bool:
        """Write a tick unless something is unsent; answers whether it went out."""
        transport = self.transport
        if (
            self.queue.unsent
            or transport is None
            or transport.is_closing()
            or transport.get_write_buffer_size()
        ):
            return False
        transport.write(frame)
        return True

    def overdue(self, now: float) -> str | None:
        """Why the connection is to be cut at steady time `now`, if it is."""
        if not self.connected and now - self.since > CONNECT_SECONDS:
            return "never_connected"
        if self.listening_since is not None and now - self.listening_since > PING_SECONDS + PONG_SECONDS:
            return "silent"  # gone, or reading nothing: the kernel swallows minutes of ticks, a ping wants an answer
        if self.queue.unsent_size > UNSENT_BYTES:
            return "never_reads"
        if self.transport is None or not (self.queue.unsent or self.transport.get_write_buffer_size()):
            self.blocked_since = None
            return None
        self.blocked_since = self.blocked_since or now
        return "never_reads" if now - self.blocked_since > UNDRAINED_SECONDS else None

    async def go_away(self) -> None:
        """Close with 1012, "service restart"; who does not answer in time is cut."""
        try:
            async with asyncio.timeout(GO_AWAY_SECONDS):
                await self._sock.close(code=WSCloseCode.SERVICE_RESTART)
        except TimeoutError:
            self.abort()

    def abort(self) -> None:
        """Cut the connection without waiting for anything that is unsent."""
        if self.transport is not None:
            self.transport.abort()


class EngineServer(engineio.AsyncServer):  # type: ignore[misc]
    """An Engine.IO server whose connections are wires."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._async: dict[str, Any] = {**self._async, "websocket": Wire}
        self.wires: dict[str, Wire] = {}
        self._admission = Admission()

    async def handle_request(self, request: web.Request) -> web.StreamResponse:
        """Serve a connection, once it is its turn; raises TooManyArrivals."""
        request[PLACE] = place = await self._admission.enter()
        try:
            answer: web.StreamResponse = await super().handle_request(request)
        finally:
            place.give_back()
        return answer

    def create_queue(self, *args: Any, **kwargs: Any) -> CountingQueue:
        """Make a connection's queue."""
        return CountingQueue(*args, **kwargs)

    async def close_all(self) -> None:
        """Tell every client that this node goes away, a few at a time: what comes back is a stream and no wave."""
        wires = list(self.wires.values())
        at_once = max(GO_AWAY_SLICE, math.ceil(len(wires) * GO_AWAY_PAUSE_SECONDS / GO_AWAY_SPREAD_SECONDS))
        going = []
        for first in range(0, len(wires), at_once):
            going += [asyncio.ensure_future(wire.go_away()) for wire in wires[first : first + at_once]]
            await asyncio.sleep(GO_AWAY_PAUSE_SECONDS)
        await asyncio.gather(*going, return_exceptions=True)

    def cut_overdue(self, now: float) -> None:
        """Cut connections that do not CONNECT or do not read, at steady time `now`."""
        for wire in list(self.wires.values()):
            reason = wire.overdue(now)
            if reason is not None:
                self.cut(wire, reason)

    def cut(self, wire: Wire, reason: str) -> None:
        """Cut a connection that misbehaves, and name it."""
        log.warning("connection_cut", reason=reason, eio_sid=wire.socket.sid)
        CUT.labels(reason).inc()
        wire.abort()


def text_frame(text: bytes) -> bytes:
    """A WebSocket text frame as a server sends it: unmasked, final."""
    length = len(text)
    if length < SHORT_FRAME:
        return bytes((0x81, length)) + text
    if length < LONG_FRAME:
        return bytes((0x81, SHORT_FRAME)) + length.to_bytes(2, "big") + text
    raise ValueError("a tick is never that long")
