"""The fast way out for ticks, and the bounds of every connection.

A tick is superseded by the next one, so it never queues: it is written straight to the transport when nothing else is
unsent there, and dropped otherwise. python-socketio's `emit` costs 119-134 µs of CPU a tick (3,000 sessions, 1 Hz); with this the
whole node, clockwork and pings included, uses 0.52, 0.52 and 0.37 times what Node's socket.io uses at 500, 2,000 and 8,000 sessions,
and 0.80, 0.88 and 0.93 times what a bare aiohttp WebSocket does (`python -m tests.bench ticks`, 2 cores, medians of three).
What it rests on, each held by a test: engineio makes its queues by `create_queue` and puts every packet there; a queue that counts
puts, and a socket that counts them down after the send, know what is unsent even while the writer holds packets in its hands. Reading, writing and pinging are done here as well: engineio makes two tasks and a timer
for every frame and sleeps in a task of its own for every ping, which was a quarter of what a tick cost.

Answers do queue, and only as far as a client reads them: its next request is read when the last answers are on their way.
"""

import asyncio
import math
import socket
import time
from collections.abc import Coroutine
from typing import Any

import engineio
import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from engineio import packet
from engineio.async_drivers.aiohttp import WebSocket
from engineio.exceptions import SocketIsClosedError, UnknownPacketError

from realtime.metrics import CUT
from realtime.sockets.admission import Admission, Place
from realtime.sockets.bounds import Allowance, CountingQueue

log = structlog.get_logger()

SEND_BUFFER_BYTES = (
    8 * 1024
)  # the kernel swallows this much before "not drained" shows: a hundred ticks or so
# A recruiter's events come in bursts. Through a small buffer a burst goes piece by piece, each a round trip after the one before, and a
# client may put its acknowledgement off: on 127.0.0.1 a burst of 160 events was heard 42 ms late.
BURST_BUFFER_BYTES = 256 * 1024
UNSENT_BYTES = 1024 * 1024  # some 2,500 events of the feed; who has not read these is not reading
UNREAD_BYTES = (
    256 * 1024
)  # of answers to a client that does not read them; until it does, it is not read either
UNREAD_LOOK_SECONDS = 1.0
UNDRAINED_SECONDS = 20.0  # how long bytes may lie in the transport before the connection is cut
# Who does not answer a ping is cut within 30 s. Neither expiry nor the lock waits for it, so it need not be dearer than this.
PING_SECONDS = 20
PONG_SECONDS = 7
CONNECT_SECONDS = 7.0  # how long a socket may take to CONNECT to a namespace
GO_AWAY_SECONDS = 1.0
GO_AWAY_SLICE = 25  # clients that are told at once when a node stops
GO_AWAY_PAUSE_SECONDS = 0.05
GO_AWAY_SPREAD_SECONDS = 4.0  # by when the last of thousands has been told
PLACE = web.RequestKey("place", Place)
PACKET_TYPES = frozenset("123456")  # engine.io: close, ping, pong, message, upgrade, noop
PONG = str(packet.PONG)
TOGETHER_CHARACTERS = 16 * 1024  # written in one go: some 40 events of the feed
SHORT_FRAME = 126  # payloads from here on need a two-byte length
LONG_FRAME = 65_536


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
        self.next_ping = self.since + PING_SECONDS
        self.allowance = Allowance(self.since)
        self.place: Place | None = None
        self.connected = False  # to a namespace, by whoever admits it
        self.blocked_since: float | None = None

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        try:
            await self._open(environ)
        except BaseException:
            await self._forget()
            raise
        self.engine.wires[self.socket.sid] = self
        try:
            await self._serve()
        finally:
            self.engine.wires.pop(self.socket.sid, None)
        return self._sock

    async def _open(self, environ: dict[str, Any]) -> None:
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
        self.transport = transport
        self._buffer(SEND_BUFFER_BYTES)
        self.environ = environ
        self.place = request[PLACE]

    async def _serve(self) -> None:
        """Read and write until either side ends it; engineio's own way makes two tasks and a timer for every frame."""
        self.socket.connected = self.socket.upgraded = True
        writer = asyncio.ensure_future(self._write())
        try:
            while True:
                await self._take(await self.wait())
        except (OSError, SocketIsClosedError):
            pass  # it has gone, was cut, or says what is no packet
        finally:
            # aiohttp may cancel whoever serves a connection that is lost; what it held is let go of all the same
            await asyncio.shield(self.engine.finish(self._end(writer)))

    async def _end(self, writer: "asyncio.Task[None]") -> None:
        await self.queue.put(None)
        await writer
        await self._forget()

    async def _forget(self) -> None:
        """Tell engineio that this connection is over; it would keep it for ever where one ends by an exception."""
        await self.socket.close(wait=False, abort=True, reason=self.engine.reason.TRANSPORT_CLOSE)
        self.engine.sockets.pop(self.socket.sid, None)

    async def _take(self, text: str) -> None:
        if text[0] == PONG:
            return  # that it came is all that it says
        try:
            await self.socket.receive(packet.Packet(encoded_packet=text))
        except UnknownPacketError:
            pass
        except SocketIsClosedError:
            raise
        except Exception:
            log.exception("packet_failed")

    async def _write(self) -> None:
        """Send what is queued, in order, until there is no more to come or nobody to send it to."""
        try:
            while packets := await self.queue.take(most=TOGETHER_CHARACTERS):
                if not self._write_together(packets):
                    for each in packets:
                        await self.send(each)
        except (OSError, RuntimeError) as error:
            log.debug("not_sent", error=repr(error))  # the reader notices as well
        await self._sock.close()

    def _write_together(self, packets: list[str | bytes]) -> bool:
        """Write several in one go where nothing is in their way, for a write is dear and a crowd's events come in bursts."""
        if not self._is_drained():
            return False
        self.blocked_since = None  # it reads: what lies here at each look is new each time
        if len(packets) == 1 or self._sock.closed:
            return False
        frames = [
            text_frame(each.encode())
            for each in packets
            if isinstance(each, str) and len(each) < TOGETHER_CHARACTERS
        ]
        if len(frames) < len(packets):
            return False
        self.transport.write(b"".join(frames))
        for each in packets:
            self.queue.count_sent(each)
        return True

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

    def expect_bursts(self) -> None:
        """Have the kernel take a burst of events at once: this connection gets no ticks."""
        if not self.transport.is_closing():
            self._buffer(BURST_BUFFER_BYTES)

    def _buffer(self, size: int) -> None:
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)

    def tick(self, frame: bytes) -> bool:
        """Write a tick unless something is unsent; answers whether it went out."""
        if self.queue.unsent or not self._is_drained():
            return False
        self.transport.write(frame)
        return True

    def _is_drained(self) -> bool:
        """Whether the kernel has all that was written."""
        transport = self.transport
        return not (transport is None or transport.is_closing() or transport.get_write_buffer_size())

    def ping(self, now: float) -> None:
        """Ask the client for a sign of life: at once, or behind what is unsent, for in a crowd something always is."""
        if not self.tick(PING_FRAME):
            self.queue.put_nowait(packet.Packet(packet.PING))
        self.next_ping = now + PING_SECONDS

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
        self._endings: set[asyncio.Task[None]] = set()

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

    def finish(self, ending: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run a connection's end to its end, whoever stops waiting for it."""
        task = asyncio.get_running_loop().create_task(ending)
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)
        return task

    async def _trigger_event(self, event: str, *args: Any, **kwargs: Any) -> Any:
        if event == "connect":
            # no task a connection that sleeps from ping to ping: `look_after` sends them
            self.sockets[args[0]].last_ping = None
        return await super()._trigger_event(event, *args, **kwargs)

    async def close_all(self) -> None:
        """Tell every client that this node goes away, a few at a time: what comes back is a stream and no wave."""
        wires = list(self.wires.values())
        at_once = max(GO_AWAY_SLICE, math.ceil(len(wires) * GO_AWAY_PAUSE_SECONDS / GO_AWAY_SPREAD_SECONDS))
        going = []
        for first in range(0, len(wires), at_once):
            going += [asyncio.ensure_future(wire.go_away()) for wire in wires[first : first + at_once]]
            await asyncio.sleep(GO_AWAY_PAUSE_SECONDS)
        await asyncio.gather(*going, return_exceptions=True)

    def look_after(self, now: float) -> None:
        """Cut connections that do not CONNECT or do not read, and ping the others when it is time (steady seconds)."""
        for wire in list(self.wires.values()):
            reason = wire.overdue(now)
            if reason is not None:
                self.cut(wire, reason)
            elif now >= wire.next_ping:
                wire.ping(now)

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
    raise ValueError("what is written past aiohttp is never that long")


PING_FRAME = text_frame(str(packet.PING).encode())
