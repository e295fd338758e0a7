"""A network that misbehaves: a TCP proxy in front of a node or a store that delays, cuts, swallows and keeps silent."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

CHUNK = 64 * 1024


class Weather(Enum):
    """What the network does to what passes."""

    FAIR = "passes everything on"
    SLOW = "passes everything on, later"
    DEAF = "takes what comes and passes nothing on, either way; connections stay open"
    ACKS_LOST = "passes requests on and swallows what is answered"


@dataclass(eq=False, slots=True)
class Link:
    """One connection through the proxy, both halves of it."""

    halves: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    maimed: bool = False  # bytes were swallowed: it can never be passed on again

    def cut(self) -> None:
        """Reset both halves at once."""
        for half in self.halves:
            half.transport.abort()


@dataclass(slots=True)
class Proxy:
    """One address in front of one server."""

    target: str
    weather: Weather = Weather.FAIR
    delay: float = 0.3  # seconds, each way, while it is slow
    swallowed: int = 0  # bytes: proof that the weather was felt
    _server: asyncio.Server | None = None
    _links: set[Link] = field(default_factory=set)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where clients connect: the target's own address, but for the host and the port."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        target = urlsplit(self.target)
        credentials, at, _ = target.netloc.rpartition("@")
        return target._replace(netloc=f"{credentials}{at}{host}:{port}").geturl()

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def close(self) -> None:
        """Stop listening and cut what is there."""
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks)
        await self._server.wait_closed()

    def turn(self, weather: Weather, *, resets: bool = True) -> None:
        """Change the weather; what lost bytes is cut as soon as bytes would pass again.

        Without `resets` nobody is told: it stays a hole, as where the other end's host has died.
        """
        self.weather = weather
        if resets and weather in (Weather.FAIR, Weather.SLOW):
            for link in [link for link in self._links if link.maimed]:
                link.cut()

    def cut(self) -> None:
        """Reset every connection."""
        for link in list(self._links):
            link.cut()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to = urlsplit(self.target)
        try:
            far_reader, far_writer = await asyncio.open_connection(to.hostname, to.port)
        except OSError:
            writer.transport.abort()
            return
        link = Link((writer, far_writer))
        self._links.add(link)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(link, reader, far_writer, is_answer=False))
                group.create_task(self._pump(link, far_reader, writer, is_answer=True))
        finally:
            self._links.discard(link)
            link.cut()

    async def _pump(
        self, link: Link, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                weather = self.weather
                if weather is Weather.DEAF or (weather is Weather.ACKS_LOST and is_answer):
                    link.maimed = True
                if link.maimed and (is_answer or weather is not Weather.ACKS_LOST):
                    self.swallowed += len(data)
                    continue
                if weather is Weather.SLOW:
                    await asyncio.sleep(self.delay)
                to.write(data)
                await to.drain()
        link.cut()
