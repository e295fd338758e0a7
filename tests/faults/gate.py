"""A proxy before a store that holds a client's words back at the moment that a test waits for, so that it can be killed just then."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.faults.proxy import CHUNK, Link, Proxy

# What an application calls itself to PostgreSQL stands in the first words of its connection.
NAMED = b"application_name"
BEGIN = b"BEGIN;"


@dataclass(frozen=True, slots=True)
class Words:
    """What a client is about to say: `name` are its first words, `so_far` all since its transaction began, `now` the newest."""

    name: bytes
    so_far: bytes
    now: bytes


Moment: TypeAlias = Callable[[Words], bool]


def never(_: Words) -> bool:
    """Nothing is waited for."""
    return False


@dataclass(slots=True)
class Gate(Proxy):
    """Passes everything on until the moment; then those words, and all that follow on that connection, are held back."""

    moment: Moment = never
    held: Words | None = None
    closed: asyncio.Event = field(default_factory=asyncio.Event)  # something is held back
    _opened: asyncio.Event = field(default_factory=asyncio.Event)
    _holding: set[Link] = field(default_factory=set)

    def wait_for(self, moment: Moment) -> None:
        """Hold back what comes at this moment."""
        self.held = None
        self.closed.clear()
        self._opened.clear()
        self.moment = moment

    def let_pass(self) -> None:
        """Nothing is waited for any more; what was held back goes on."""
        self.moment = never
        self._opened.set()

    def swallow(self) -> None:
        """Whoever said it is dead: what was held back is never heard."""
        self.moment = never
        for link in list(self._holding):
            link.cut()
        self._opened.set()

    async def _pump(
        self, link: Link, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        name = said = b""
        with suppress(OSError):
            while data := await source.read(CHUNK):
                if not is_answer:
                    if NAMED in data and not name:
                        name = data
                    said = data if BEGIN in data else (said + data)[-CHUNK:]
                    words = Words(name=name, so_far=said, now=data)
                    if self.moment(words):
                        await self._hold(link, words)
                to.write(data)
                await to.drain()
        link.cut()

    async def _hold(self, link: Link, words: Words) -> None:
        self.held = self.held or words
        self._holding.add(link)
        self.closed.set()
        await self._opened.wait()
        self._holding.discard(link)
        if to_nobody(link):
            raise ConnectionAbortedError("cut while it was held back")


def to_nobody(link: Link) -> bool:
    """Whether the connection has been cut."""
    return any(half.transport.is_closing() for half in link.halves)
