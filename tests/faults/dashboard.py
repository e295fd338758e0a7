"""A recruiter's page as a program written from the contract: a snapshot, then every event in its place."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

import aiohttp

from realtime.endings import end
from tests.faults.line import Away, Line

NAMESPACE = "/recruiter"
REPLY = aiohttp.ClientTimeout(total=5)
PATIENCE_SECONDS = 0.2  # between two attempts to reach anybody
RELOADED = 0.002  # of what comes finds a person who loads the page again
MISHEARD = 0.01  # of what comes is lost on the last inch, and as much comes twice, or before its turn


class Applied(NamedTuple):
    """An event that was applied, as it came."""

    offset: int
    event: str
    payload: dict[str, Any]


class Snapshot(NamedTuple):
    """What a page began with: the question of each session, as of a position or later."""

    position: int
    questions: dict[str, int]


@dataclass(slots=True)
class Dashboard:
    """One page."""

    token: str
    urls: list[str]
    http: aiohttp.ClientSession
    rng: Random
    deaf: bool = False  # to every event but the position that is told every few seconds

    line: Line | None = None
    epoch: str | None = None
    position: int = 0
    top: int = 0
    questions: dict[str, int] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    misheard: int = 0
    replays: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    _watching: "asyncio.Task[None] | None" = None
    _ahead: dict[int, Applied] = field(default_factory=dict)
    _heard: "asyncio.Queue[tuple[str, Any]]" = field(default_factory=asyncio.Queue)

    def start(self) -> None:
        """Open the page, or open it again with what it knew."""
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Close it."""
        if self._watching is not None:
            await end([self._watching])
        await self._leave()

    async def _watch(self) -> None:
        while True:
            try:
                await self._connect()
                await self._catch_up()
                await self._listen()
            except (Away, aiohttp.ClientError, TimeoutError):
                await self._leave()
                await asyncio.sleep(PATIENCE_SECONDS)

    async def until(self, offset: int) -> None:
        """Wait until everything up to an offset is applied."""
        while self.position < offset:
            self.moved.clear()
            await self.moved.wait()

    async def _leave(self) -> None:
        if self.line is not None:
            await self.line.drop()

    # --- hearing ---

    async def _connect(self) -> None:
        heard = self._heard = asyncio.Queue()
        self.line = Line(hear=lambda event, payload: heard.put_nowait((event, payload)), namespace=NAMESPACE)
        await self.line.open(self.rng.choice(self.urls), self.token)

    async def _listen(self) -> None:
        line = self.line
        while line is not None and line.is_up:
            try:
                async with asyncio.timeout(1):  # a line that breaks says nothing
                    event, payload = await self._heard.get()
            except TimeoutError:
                continue
            await self._hear(event, payload)

    async def _hear(self, event: str, payload: dict[str, Any]) -> None:
        feed = payload["feed"]
        if event != "feed_position" and self.deaf:
            return
        if feed["epoch"] != self.epoch or self.rng.random() < RELOADED:
            await self._begin()
            return
        if event != "feed_position" and self.rng.random() < 3 * MISHEARD:
            match self.rng.randrange(3):
                case 0:
                    self.misheard += 1
                    return
                case 1:
                    self._keep(Applied(feed["offset"], event, payload))  # and once more below
                case _:
                    self._heard.put_nowait((event, payload))  # after those that have come by now
                    return
        self.top = max(self.top, feed["offset"])
        if event != "feed_position":
            self._keep(Applied(feed["offset"], event, payload))
        if self.position < self.top:
            await self._catch_up()

    # --- asking ---

    async def _begin(self) -> None:
        """Read a snapshot: the list, and the position that it is not older than."""
        page = await self._get("/api/recruiter/sessions?limit=200")
        feed = page["feed"]
        self.epoch, self.position, self.top = feed["epoch"], feed["offset"], feed["offset"]
        self.questions = {each["id"]: each["current_question_index"] for each in page["sessions"]}
        self.snapshots.append(Snapshot(self.position, dict(self.questions)))
        self._ahead = {offset: each for offset, each in self._ahead.items() if offset > self.position}
        self._apply()

    async def _catch_up(self) -> None:
        """Ask for what is missing, whether anything is known to be or not."""
        if self.epoch is None:
            await self._begin()
        self.replays += 1
        while True:
            after = f"after_epoch={self.epoch}&after_offset={self.position}&limit=200"
            page = await self._get(f"/api/recruiter/feed?{after}")
            if page.get("code") == "resync_required":
                await self._begin()
                return
            offsets = [entry["payload"]["feed"]["offset"] for entry in page["events"]]
            if offsets != list(range(self.position + 1, self.position + 1 + len(offsets))):
                self.faults.append(f"a replay after {self.position} has {offsets}")
            for entry in page["events"]:
                self._keep(Applied(entry["payload"]["feed"]["offset"], entry["event"], entry["payload"]))
            if not page["has_more"]:
                return

    async def _get(self, path: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.get(self.rng.choice(self.urls) + path, headers=headers, timeout=REPLY) as reply:
            if reply.status not in {200, 410}:
                raise Away(f"{path}: {reply.status}")
            body: dict[str, Any] = await reply.json()
            return body

    # --- applying ---

    def _keep(self, event: Applied) -> None:
        if event.offset > self.position:
            self._ahead[event.offset] = event
            self.top = max(self.top, event.offset)
            self._apply()

    def _apply(self) -> None:
        while (event := self._ahead.pop(self.position + 1, None)) is not None:
            self.position = event.offset
            self.applied.append(event)
            if event.event == "question_advanced":
                session, index = event.payload["session_id"], event.payload["question_index"]
                self.questions[session] = max(self.questions.get(session, 0), index)
        self.moved.set()
