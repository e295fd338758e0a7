"""A bounded number of AI jobs at once, taken in turn from interview to interview."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from uuid import UUID

import structlog

from realtime.endings import end

log = structlog.get_logger()

# A pointer costs some 300 bytes. Many times what the slots can take before the sweeper brings again what was left out.
QUEUE_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Pointer:
    """A job to do; jobs of one `lane` wait for each other, lanes take turns."""

    job_id: UUID
    lane: Hashable


class FairQueue:
    """Jobs by lane, one from each in turn; a job stands in it once. Only a hint: PostgreSQL knows them all.

    A full queue takes a job of a shorter lane in the place of the longest lane's last: whoever has thousands waiting loses nothing by
    it, for the sweeper brings that one again long before its turn would have come, and nobody else is turned away for them.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._lanes: OrderedDict[Hashable, deque[Pointer]] = OrderedDict()
        self._known: set[UUID] = set()

    def __len__(self) -> int:
        return len(self._known)

    def push(self, pointer: Pointer) -> bool:
        """Add a job; False where it waits already, or the queue is full and no lane is longer than its own would be."""
        if pointer.job_id in self._known:
            return False
        if len(self._known) >= self._limit and not self._make_room(pointer.lane):
            return False
        self._known.add(pointer.job_id)
        self._lanes.setdefault(pointer.lane, deque()).append(pointer)
        return True

    def _make_room(self, lane: Hashable) -> bool:
        longest = max(self._lanes.values(), key=len)
        if len(longest) <= len(self._lanes.get(lane, ())) + 1:
            return False
        self._known.discard(longest.pop().job_id)
        return True

    def pop(self) -> Pointer:
        """Take the next job of the lane whose turn it is; raises KeyError where there is none."""
        lane, waiting = self._lanes.popitem(last=False)
        pointer = waiting.popleft()
        self._known.discard(pointer.job_id)
        if waiting:
            self._lanes[lane] = waiting  # behind all the others
        return pointer

    def drain(self) -> list[Pointer]:
        """Take all."""
        return [self.pop() for _ in range(len(self))]


class Slots:
    """Workers that take jobs from a fair queue; a job that raises frees its slot and is left to its lease."""

    def __init__(self, work: Callable[[UUID], Awaitable[None]], *, count: int) -> None:
        self._work = work
        self._queue = FairQueue(limit=QUEUE_LIMIT)
        self._waiting = asyncio.Semaphore(0)
        self._idle = [asyncio.Event() for _ in range(count)]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work."""
        self._tasks = [asyncio.create_task(self._serve(idle)) for idle in self._idle]

    def offer(self, pointer: Pointer) -> None:
        """Hand over a job; never waits."""
        before = len(self._queue)
        self._queue.push(pointer)
        if len(self._queue) > before:  # not where it took another's place
            self._waiting.release()

    @property
    def room(self) -> int:
        """For how many more there is soon something to do: two each, once fewer wait than there are slots; else none."""
        count, waiting = len(self._idle), len(self._queue)
        return 2 * count - waiting if waiting < count else 0

    async def stop(self, *, grace: float) -> list[UUID]:
        """Let running jobs end within `grace` seconds, then cancel them; returns the jobs that were not begun."""
        unbegun = [pointer.job_id for pointer in self._queue.drain()]
        try:
            async with asyncio.timeout(grace):
                for idle in self._idle:
                    await idle.wait()
        except TimeoutError:
            log.warning("ai_jobs_cancelled", count=sum(not idle.is_set() for idle in self._idle))
        await end(self._tasks)
        return unbegun

    async def _serve(self, idle: asyncio.Event) -> None:
        while True:
            idle.set()
            await self._waiting.acquire()
            if not self._queue:  # drained in the meantime
                continue
            idle.clear()
            pointer = self._queue.pop()
            try:
                await self._work(pointer.job_id)
            except Exception:
                log.exception("ai_job_crashed", job_id=str(pointer.job_id))
