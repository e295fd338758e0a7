"""What one connection may take: packets that wait to be sent, and packets that it sends."""

import asyncio
from typing import Any

from engineio import packet

from realtime.waking import woken

MESSAGE_TYPE = str(packet.MESSAGE)
# A person at a keyboard sends a few packets a second. Who sends more than this for long is cut: at once after a burst that no
# client of ours comes near, and never later than 10 s when sending three times as fast as is allowed.
PACKETS_PER_SECOND = 50.0
PACKETS_BURST = 1_000.0


class CountingQueue(asyncio.Queue[Any]):
    """A queue that knows how many packets, and how many characters of messages, were put and not yet sent."""

    unsent = 0
    unsent_size = 0
    _sent: asyncio.Event | None = None  # made when somebody waits: most connections never fall behind

    def put_nowait(self, item: Any) -> None:
        """Count, then put; `put` comes here as well."""
        if item is not None:
            self.unsent += 1
            if item.packet_type == packet.MESSAGE:
                self.unsent_size += len(item.data)
        super().put_nowait(item)

    async def take(self, *, most: int) -> list[str | bytes]:
        """Wait for a packet, and take what lies behind it too, up to so many characters; nothing once there is no more to come."""
        taken: list[str | bytes] = []
        item, size = await self.get(), 0
        while item is not None:
            self.task_done()
            taken.append(item.encode())
            size += len(taken[-1])
            if size >= most or self.empty():
                return taken
            item = self.get_nowait()
        if taken:
            self.put_nowait(None)  # to be found by the next one
        return taken

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
        await woken(self._sent, within=within)
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
