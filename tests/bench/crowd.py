"""A crowd of clients in a process of its own, as the bench commands it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from tests.bench.child import Child
from tests.bench.generator import LONGEST_LINE
from tests.bench.orders import Arrived, Begin, Begun, Connect, Guest, Heard, Kind, Message, Tell
from tests.bench.seats import Seat
from tests.processes import environment

T = TypeVar("T", bound=Message)
GIVE_UP_SECONDS = 120.0
CALM = 64  # clients that come in at a time where nothing is to be stormed


class Crowd:
    """Clients of one server."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    async def connect(
        self,
        kind: Kind,
        server: Child,
        seats: Sequence[Seat],
        *,
        at_once: int = CALM,
        resumes: bool = False,
        give_up_seconds: float = GIVE_UP_SECONDS,
    ) -> Arrived:
        """Have the candidates of these seats come in; `resumes` where a node that is gone had them before."""
        host, port = server.address
        guests = tuple(
            Guest(
                session_id=str(seat.session_id),
                token=seat.token,
                resume_token=str(seat.session_id) if resumes else None,
            )
            for seat in seats
        )
        order = Connect(
            kind=kind, host=host, port=port, guests=guests, at_once=at_once, give_up_seconds=give_up_seconds
        )
        return await self._ask(order, Arrived)

    async def begin(self) -> None:
        """Count ticks from here on."""
        await self._ask(Begin(), Begun)

    async def tell(self) -> Heard:
        """What was heard since then."""
        return await self._ask(Tell(), Heard)

    async def _ask(self, order: Message, answer: type[T]) -> T:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order.model_dump_json().encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the crowd's process has ended")
        return answer.model_validate_json(line)


@asynccontextmanager
async def crowd() -> AsyncIterator[Crowd]:
    """Run a crowd's process for the length of the block; it ends with its standard input."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "tests.bench.generator"),
        env=environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    try:
        yield Crowd(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
