"""The door of a node: how many connections settle in at once, how many wait for their turn, and what the rest is told.

Five thousand clients that lost their node come to the next one in the same second. Let in all at once they would share
the loop with those that are there already, whose ticks then came 3.1 s apart (p99); 200 at a time, 1.2 s. A place is
taken from the upgrade until the connection has settled: until its first join is answered, or a second has passed.
"""

import asyncio
import random
from collections import deque

from realtime.domain.errors import Unavailable
from realtime.metrics import ADMISSION

SETTLING_LIMIT = 200  # connections that settle in at the same time
SETTLE_SECONDS = 1.0  # connect and join take a few round trips; who takes longer makes way for the next
WAITING_LIMIT = 5_000  # some 100 MB of requests; who comes when so many wait is sent away at once
WAITING_SECONDS = 8.0  # well below the 20 s after which socket.io-client gives a connection up
RETRY_SECONDS = (2, 6)  # spread, or those sent away together would come back together


class TooManyArrivals(Unavailable):
    """More clients arrive than this node can let in now; carries `retry_after_seconds`."""

    code, title = "too_many_arrivals", "Too many are arriving"


class Place:
    """One of the places at the door; given back once, by whichever comes first of settled, timed out and gone."""

    __slots__ = ("_admission", "_timer")

    def __init__(self, admission: "Admission") -> None:
        self._admission: Admission | None = admission
        self._timer = asyncio.get_running_loop().call_later(SETTLE_SECONDS, self.give_back)

    def give_back(self) -> None:
        """Let the next one in."""
        admission, self._admission = self._admission, None
        if admission is not None:
            self._timer.cancel()
            admission.let_next_in()


class Admission:
    """Lets connections in, in the order in which they came."""

    def __init__(self) -> None:
        self._settling = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> Place:
        """Take a place, after those who came earlier; raises TooManyArrivals."""
        if self._settling < SETTLING_LIMIT and not self._waiting:
            self._settling += 1
        else:
            await self._wait()
        return Place(self)

    def let_next_in(self) -> None:
        """A place is free: it goes to whoever has waited longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._settling -= 1

    async def _wait(self) -> None:
        if len(self._waiting) >= WAITING_LIMIT:
            raise sent_away()
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        ADMISSION.labels("waited").inc()
        try:
            async with asyncio.timeout(WAITING_SECONDS):
                await turn
        except TimeoutError:
            self._pass_on(turn)
            raise sent_away() from None
        except asyncio.CancelledError:  # the client has gone
            self._pass_on(turn)
            raise

    def _pass_on(self, turn: "asyncio.Future[None]") -> None:
        """Whose turn came just when it gave up leaves it to the next."""
        if turn.done() and not turn.cancelled():
            self.let_next_in()


def sent_away() -> TooManyArrivals:
    """What a client is told that finds the door crowded."""
    ADMISSION.labels("sent_away").inc()
    seconds = random.randint(*RETRY_SECONDS)  # noqa: S311 - to spread them, not to keep a secret
    return TooManyArrivals(
        f"This node is letting others in; connect again in {seconds} s", retry_after_seconds=seconds
    )
