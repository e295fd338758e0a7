"""What use cases work with; built once, in realtime.app."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from db import questions
from db.pool import Connection, Pool
from db.questions import ShownQuestion
from realtime.domain.timing import Rules
from realtime.settings import Settings

if TYPE_CHECKING:
    from realtime.usecases.standing import Step

CACHED_QUESTION_SETS = (
    1_000  # some 20 MB at the most common sizes; they never change, so they are never stale
)


class Announcer(Protocol):
    """Hears of commits, so that others need not wait for their next poll. Never blocks, may lose a word."""

    def changed(self, session_id: UUID, holder: UUID | None, step: "Step | None" = None) -> None:
        """A session changed that a connection on node `holder` may hold; by one `step`, where that is known."""

    def wake_relay(self) -> None:
        """There is something to number or to publish."""


@dataclass(slots=True)
class QuestionSets:
    """Frozen questions by interview version, as candidates see them."""

    kept: OrderedDict[tuple[UUID, int], tuple[ShownQuestion, ...]] = field(default_factory=OrderedDict)

    async def get(self, conn: Connection, interview_id: UUID, version: int) -> tuple[ShownQuestion, ...]:
        """The questions of one version, from memory where they are."""
        key = (interview_id, version)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = await questions.shown(conn, interview_id, version=version)
            if len(self.kept) > CACHED_QUESTION_SETS:
                self.kept.popitem(last=False)
        else:
            self.kept.move_to_end(key)
        return found


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that use cases share."""

    settings: Settings
    pool: Pool
    node_id: UUID
    announcer: Announcer
    question_sets: QuestionSets = field(default_factory=QuestionSets)

    @property
    def rules(self) -> Rules:
        """The operator's settings about time."""
        return Rules(
            grace=timedelta(seconds=self.settings.grace_seconds),
            early_grace=timedelta(seconds=self.settings.early_grace_seconds),
            pause_max=timedelta(seconds=self.settings.pause_max_seconds),
        )
