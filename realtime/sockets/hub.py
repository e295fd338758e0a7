"""The sessions that this node's connections hold, and how each hears of what happens to its session."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog

from db import answers, changes, sessions
from db.answers import ClosedQuestion
from db.changes import Audited
from db.nodes import HeldSums
from realtime.clock import NodeClock
from realtime.contracts.base import millis
from realtime.contracts.events import CANDIDATE, SessionSuperseded
from realtime.domain.timing import Progress, Status, waiting
from realtime.sockets import notices
from realtime.sockets.server import Server
from realtime.sockets.ticks import Ticking, tail, ticking
from realtime.sockets.wire import Wire
from realtime.usecases import join
from realtime.usecases.join import Joined
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing, Step, standing_of

log = structlog.get_logger()

# Parts of a tick's period: thousands of sessions are no burst, and waking up is most of what few sessions cost. With 25 parts
# a tick cost 38 % more at 500 sessions and 18 % more at 2,000.
TICK_SLOTS = 10
KICK_SECONDS = 1.0  # how long a superseded client may take to read why, before its transport is aborted


@dataclass(slots=True)
class Held:
    """A session that a connection of this node holds, as its candidate last heard of it."""

    session_id: UUID
    sid: str
    eio_sid: str
    fence: int
    standing: Standing
    wire: Wire | None
    refreshing: asyncio.Lock = field(default_factory=asyncio.Lock)
    opening: asyncio.TimerHandle | None = None
    ticking: Ticking | None = field(init=False)
    mark: int = field(init=False)

    def __post_init__(self) -> None:
        """Make ready to tick."""
        self.mark = self.session_id.int >> 96
        self.move(self.standing)

    def move(self, standing: Standing) -> None:
        """The candidate hears of where the session stands now."""
        self.standing = standing
        self.ticking = ticking(self.session_id, standing.progress)

    @property
    def progress(self) -> Progress:
        """Where the session stands, as far as the candidate knows."""
        return self.standing.progress


class Hub:
    """Holds, refreshes, ticks and lets go."""

    def __init__(self, *, services: Services, server: Server, clock: NodeClock) -> None:
        self._services = services
        self._server = server
        self._clock = clock
        self._held: dict[UUID, Held] = {}
        self._by_sid: dict[str, Held] = {}
        self._slots: list[dict[UUID, Held]] = [{} for _ in range(TICK_SLOTS)]
        self._owed: dict[UUID, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._held)

    def holds(self, session_id: UUID) -> bool:
        """Whether a connection of this node holds the session."""
        return session_id in self._held

    def sessions(self) -> list[Held]:
        """All held sessions; safe against changes meanwhile."""
        return list(self._held.values())

    def sums(self) -> HeldSums:
        """What is held, summed up as the database does it."""
        held = self._held.values()
        return HeldSums(
            sessions=len(held),
            fences=sum([each.fence for each in held]),
            revisions=sum([each.standing.progress.revision for each in held]),
            ids=sum([each.mark for each in held]),
        )

    def tick_slot(self, slot: int) -> tuple[int, int]:
        """Tick the sessions of one slot; answers how many ticks went out and how many were dropped."""
        sent = dropped = 0
        now_ms = millis(self._clock.now())
        ending = tail(now_ms)
        for held in self._slots[slot].values():
            ticks = held.ticking
            if ticks is None:
                continue
            if held.wire is not None and held.wire.tick(ticks.frame(now_ms, ending)):
                sent += 1
            else:
                dropped += 1
        return sent, dropped

    async def hold(self, joined: Joined, sid: str) -> bool:
        """Take a joined session in; False where a newer connection has it already."""
        session_id = joined.at.row.id
        older = self._held.get(session_id)
        if older is not None and older.fence > joined.fence:
            return False
        eio_sid = self._server.manager.eio_sid_from_sid(sid, CANDIDATE)
        if eio_sid is None:
            return False
        held = Held(
            session_id=session_id,
            sid=sid,
            eio_sid=eio_sid,
            fence=joined.fence,
            standing=joined.at,
            wire=self._server.engine.wires.get(eio_sid),
        )
        previous = self._by_sid.get(sid)  # one connection, one session: an earlier one of its own is let go
        if previous is not None and previous.session_id != session_id:
            self._forget(previous)
            self.spawn(self.let_go(previous.session_id, previous.fence))
        self._held[session_id] = self._by_sid[sid] = held
        self._slots[_slot(session_id)][session_id] = held
        self._await_opening(held)
        if older is not None and older.sid != sid:
            self._by_sid.pop(older.sid, None)
            self._cancel_opening(older)
            await self._supersede(older, "taken_over")
        return True

    def drop(self, sid: str) -> Held | None:
        """Forget what a connection held; answers it, so that the session can be let go."""
        held = self._by_sid.get(sid)
        if held is not None:
            self._forget(held)
        return held

    async def let_go(self, session_id: UUID, fence: int) -> None:
        """Give a session back; while the database is away it stays owed, and the watcher tries again."""
        self._owed[session_id] = fence
        await join.leave(self._services, session_id=session_id, fence=fence)
        if self._owed.get(session_id) == fence:
            del self._owed[session_id]

    async def pay(self) -> None:
        """Give back what could not be given back before."""
        for session_id, fence in list(self._owed.items()):
            await self.let_go(session_id, fence)

    def changed(self, session_id: UUID, step: Step | None = None) -> None:
        """A session was changed somewhere: look, soon, and tell its candidate; what `step` says need not be read."""
        held = self._held.get(session_id)
        if held is not None:
            self.spawn(self.refresh(held, step))

    async def refresh(self, held: Held, step: Step | None = None) -> None:
        """Tell the candidate what is new, in order: from `step` where it is the next one, else as it is read."""
        async with held.refreshing:
            if self._held.get(held.session_id) is not held:
                return
            before = held.progress
            if step is not None and _follows(held, step):
                await self._tell(held, step.after, acts=[], closed=list(step.closed))
                return
            async with self._services.pool.acquire() as conn:
                row = await sessions.read(conn, held.session_id)
                if row is None:
                    raise LookupError("a held session is gone from the database")
                if row.fence != held.fence or row.status == Status.ABANDONED.value:
                    self._forget(held)
                    await self._supersede(
                        held, "taken_over" if row.status != Status.ABANDONED.value else "started_over"
                    )
                    return
                if row.holder_node is None and row.status == Status.IN_PROGRESS.value:
                    self.spawn(self._hold_again(held))
                after = await standing_of(conn, self._services, row)
                if after.progress.revision <= before.revision:
                    return
                acts = await changes.audited_since(conn, held.session_id, revision=before.revision)
                closed = await answers.closed_since(conn, held.session_id, question_index=before.index)
            await self._tell(held, after, acts=acts, closed=closed)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside, and log what goes wrong with it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def close(self) -> None:
        """Finish what was spawned."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(
        self, held: Held, after: Standing, *, acts: list[Audited], closed: list[ClosedQuestion]
    ) -> None:
        before = held.progress
        held.move(after)
        now = self._clock.now()
        for notice in notices.between(before, after, acts=acts, closed=closed, now=now):
            await self._tell_one(held, notice)
        self._await_opening(held)

    async def _hold_again(self, held: Held) -> None:
        """Others took this node for dead; its connection was there all the time."""
        await join.hold_again(self._services, session_id=held.session_id, fence=held.fence, sid=held.sid)
        if self._held.get(held.session_id) is not held:  # it ended while we were at it
            await self.let_go(held.session_id, held.fence)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            # the watcher looks again within a second, so nothing is lost by going on
            log.error("hub_task_failed", exc_info=task.exception())

    def _forget(self, held: Held) -> None:
        self._cancel_opening(held)
        if self._held.get(held.session_id) is held:
            del self._held[held.session_id]
            del self._slots[_slot(held.session_id)][held.session_id]
        if self._by_sid.get(held.sid) is held:
            del self._by_sid[held.sid]

    async def _supersede(self, held: Held, reason: str) -> None:
        payload = SessionSuperseded(session_id=held.session_id, reason=reason)
        await self._server.tell(held.sid, CANDIDATE, "session_superseded", payload)
        await self._server.disconnect(held.sid, namespace=CANDIDATE)
        if held.wire is not None:
            asyncio.get_running_loop().call_later(KICK_SECONDS, held.wire.abort)

    async def _tell_one(self, held: Held, notice: notices.Notice) -> None:
        omitted = notices.omitted(notice.payload)
        await self._server.tell(held.sid, CANDIDATE, notice.event, notice.payload, exclude=omitted)

    def _await_opening(self, held: Held) -> None:
        """Tell of the opening when it comes; only a courtesy to this connection, the truth is in the database."""
        self._cancel_opening(held)
        progress, now = held.progress, self._clock.now()
        if progress.opens_at is None or progress.paused_at is not None or not waiting(progress, now):
            return
        delay = (progress.opens_at - now).total_seconds()
        held.opening = asyncio.get_running_loop().call_later(delay, self._opens, held)

    def _opens(self, held: Held) -> None:
        held.opening = None
        if self._held.get(held.session_id) is not held:
            return
        now = self._clock.now()
        if waiting(held.progress, now):  # the estimate of the clock moved meanwhile
            self._await_opening(held)
            return
        notice = notices.opened(held.standing, now)
        self.spawn(self._tell_one(held, notice))

    @staticmethod
    def _cancel_opening(held: Held) -> None:
        if held.opening is not None:
            held.opening.cancel()
            held.opening = None


def _follows(held: Held, step: Step) -> bool:
    """Whether a step is the one right after what the candidate heard last, made while this connection held."""
    after = step.after
    return after.row.fence == held.fence and after.progress.revision == held.progress.revision + 1


def _slot(session_id: UUID) -> int:
    return session_id.int % TICK_SLOTS
