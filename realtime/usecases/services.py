"""What use cases work with; built once, in realtime.app."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from db import questions
from db.pool import Connection, Pool
from db.questions import ShownQuestion
from realtime.contracts.streams import AnswerJob
from realtime.domain.timing import Rules, own_limit
from realtime.settings import Settings
from realtime.usecases.together import Together

if TYPE_CHECKING:
    from realtime.usecases.standing import Step
    from realtime.usecases.submit import Outcome, Submission

CACHED_QUESTION_SETS = (
    1_000  # some 20 MB at the most common sizes; they never change, so they are never stale
)


class Announcer(Protocol):
    """Hears of commits, so that others need not wait for their next poll. Never blocks, may lose a word."""

    def changed(self, session_id: UUID, holder: UUID | None, step: "Step | None" = None) -> None:
        """A session changed that a connection on node `holder` may hold; by one `step`, where that is known."""

    def dispatch(self, jobs: Sequence[AnswerJob]) -> None:
        """There are answers to grade, committed as dispatched; what cannot be said is brought by the relay, later."""

    def wake_relay(self) -> None:
        """There is something to number or to publish."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The frozen questions of one interview version, as candidates see them."""

    shown: tuple[ShownQuestion, ...]
    _limits: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def limits(self, *, extra_percent: int) -> tuple[int, ...]:
        """A candidate's own time limits; reckoned once for all candidates with the same extra time."""
        found = self._limits.get(extra_percent)
        if found is None:
            found = self._limits[extra_percent] = tuple(
                own_limit(question.time_limit, extra_percent=extra_percent) for question in self.shown
            )
        return found


@dataclass(slots=True)
class QuestionSets:
    """Question sets by interview version."""

    kept: OrderedDict[tuple[UUID, int], QuestionSet] = field(default_factory=OrderedDict)

    async def get(self, conn: Connection, interview_id: UUID, version: int) -> QuestionSet:
        """The questions of one version, from memory where they are."""
        key = (interview_id, version)
        found = self.kept.get(key)
        if found is None:
            shown = await questions.shown(conn, interview_id, version=version)
            found = self.kept[key] = QuestionSet(shown)
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
    submissions: "Together[Submission, Outcome]" = field(default_factory=Together)
    rules: Rules = field(init=False)

    def __post_init__(self) -> None:
        """Read the operator's settings about time once, for they are asked for at every answer."""
        settings = self.settings
        rules = Rules(
            grace=timedelta(seconds=settings.grace_seconds),
            early_grace=timedelta(seconds=settings.early_grace_seconds),
            pause_max=timedelta(seconds=settings.pause_max_seconds),
        )
        object.__setattr__(self, "rules", rules)
