"""The `/recruiter` namespace: rooms that hear of their recruiter's sessions, by two paths.

The fast path is what the relay tells all nodes as soon as it has numbered events; the sure one is PostgreSQL, tailed every
second for the recruiters that are connected here. An event may come by both: clients apply by offset.
"""

import asyncio
from typing import Any
from uuid import UUID

import orjson

from db import outbox
from db.outbox import FeedPosition
from db.pool import Pool
from realtime.contracts.events import RECRUITER, FeedPlace
from realtime.contracts.events import FeedPosition as FeedPositionEvent
from realtime.relay import feed_message
from realtime.sockets.candidate import Door
from realtime.sockets.server import Namespace, Server, event_packet

TAIL_LIMIT = 2_000  # events a tail; the rest comes with the next one


class RecruiterNamespace(Namespace):
    """Rooms `recruiter_{user_id}`; recruiters only listen."""

    def __init__(self, *, pool: Pool, server: Server, door: Door) -> None:
        super().__init__(RECRUITER, {})
        self._pool = pool
        self._sio = server
        self._door = door
        self._rooms: dict[UUID, set[str]] = {}
        self._by_sid: dict[str, UUID] = {}
        self._seen: dict[UUID, int] = {}

    async def on_connect(self, sid: str, _environ: dict[str, Any], auth: Any = None) -> None:
        """Admit a recruiter to their room and say where its feed stands."""
        identity = await self._door.admit(RECRUITER, sid, auth, role="recruiter")
        recruiter_id = identity.user_id
        async with self._pool.acquire() as conn:
            top = await outbox.position(conn, recruiter_id)
        await self._sio.enter_room(sid, room_of(recruiter_id), namespace=RECRUITER)
        self._rooms.setdefault(recruiter_id, set()).add(sid)
        self._by_sid[sid] = recruiter_id
        self._seen.setdefault(recruiter_id, top.last_offset)
        self._door.settle(RECRUITER, sid)
        wire = self._sio.wire_of(sid, RECRUITER)
        if wire is not None:
            wire.expect_bursts()
        # once the connect is answered: a client hears nothing before that
        asyncio.get_running_loop().call_soon(self._announce_soon, sid, top)

    async def on_disconnect(self, sid: str, _reason: str | None = None) -> None:
        """Leave the room."""
        recruiter_id = self._by_sid.pop(sid, None)
        if recruiter_id is None:
            return
        room = self._rooms[recruiter_id]
        room.discard(sid)
        if not room:
            del self._rooms[recruiter_id]
            self._seen.pop(recruiter_id, None)

    async def overheard(self, rows: Any) -> None:
        """Emit what the relay has just numbered, to the rooms that are here."""
        mine = [row for row in rows if UUID(row["recruiter_id"]) in self._rooms]
        await self._emit(mine)

    async def tail(self) -> None:
        """Emit what the fast path has lost."""
        if not self._seen:
            return
        async with self._pool.acquire() as conn:
            missing = await outbox.tail(conn, dict(self._seen), limit=TAIL_LIMIT)
        await self._emit([feed_message(event) for event in missing])

    async def tell_positions(self) -> None:
        """Tell every room its top position; made here, never through Redis."""
        if not self._rooms:
            return
        async with self._pool.acquire() as conn:
            tops = await outbox.positions(conn, list(self._rooms))
        await asyncio.gather(*(self._tell(room_of(recruiter_id), top) for recruiter_id, top in tops.items()))

    async def _emit(self, rows: list[Any]) -> None:
        """Send events to their rooms, each encoded once.

        python-socketio's `emit` looks through every payload for attachments and encodes it for every member of the room.
        """
        engine, manager = self._sio.engine, self._sio.manager
        for row in rows:
            text = event_packet(RECRUITER, row["event"], orjson.dumps(row["payload"]).decode())
            for _, eio_sid in list(manager.get_participants(RECRUITER, f"recruiter_{row['recruiter_id']}")):
                await engine.send(eio_sid, text)
            self._saw(UUID(row["recruiter_id"]), row["payload"]["feed"]["offset"])

    def _saw(self, recruiter_id: UUID, offset: int) -> None:
        """Move on only without a gap: what is missing below is still to be emitted by the tail."""
        seen = self._seen.get(recruiter_id)
        if seen is not None and offset == seen + 1:
            self._seen[recruiter_id] = offset

    def _announce_soon(self, sid: str, top: FeedPosition) -> None:
        self._sio.start_background_task(self._tell, sid, top)

    async def _tell(self, room: str, top: FeedPosition) -> None:
        position = FeedPositionEvent(feed=FeedPlace(epoch=str(top.epoch), offset=top.last_offset))
        await self._sio.emit(
            "feed_position", position.model_dump(mode="json"), room=room, namespace=RECRUITER
        )


def room_of(recruiter_id: UUID) -> str:
    """The room of one recruiter."""
    return f"recruiter_{recruiter_id}"
