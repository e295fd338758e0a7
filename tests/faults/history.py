"""What clients did and what they were told of it: ok, failed, or nothing that can be relied on."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import UUID


class Outcome(StrEnum):
    """What a client knows of a request that it made."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of a client, and what it was told.

    A draft has its `revision`; an acknowledged answer has its receipt's `answer_id` and `sha256`. `lock_token` is the
    one that the request carried.
    """

    session_id: UUID
    index: int
    what: Literal["answer", "draft"]
    text: str
    way: Literal["http", "socket"]
    outcome: Outcome
    lock_token: str | None = None
    code: str | None = None
    revision: int | None = None
    answer_id: UUID | None = None
    sha256: str | None = None


@dataclass(slots=True)
class History:
    """Everything that all clients sent, in the order in which they learnt of the outcome."""

    sent: list[Sent] = field(default_factory=list)
    _grew: asyncio.Event = field(default_factory=asyncio.Event)

    def __iter__(self) -> Iterator[Sent]:
        return iter(self.sent)

    def add(self, sent: Sent) -> None:
        """Note one."""
        self.sent.append(sent)
        self._grew.set()

    def count(self, outcome: Outcome, *, what: str = "answer") -> int:
        """How many there are."""
        return sum(1 for sent in self.sent if sent.outcome is outcome and sent.what == what)

    async def more(self, number: int, outcome: Outcome, *, seconds: float = 30) -> None:
        """Wait for `number` more answers with that outcome: how a test lets work go on between two faults."""
        wanted = self.count(outcome) + number
        async with asyncio.timeout(seconds):
            while self.count(outcome) < wanted:
                self._grew.clear()
                await self._grew.wait()

    def summary(self) -> str:
        """How many of what, for people."""
        return ", ".join(f"{self.count(outcome)} answers {outcome}" for outcome in Outcome)
