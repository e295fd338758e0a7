"""What is to be graded: answers, attacks on weak answers, and these answers without an attack, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from consumers.grading import grade
from consumers.grading.evaluation.answers import Rated
from consumers.grading.evaluation.attacks import Attack, Ride, rides, weak_answers
from consumers.grading.evaluation.run import Task

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is about."""

    answers: tuple[Rated, ...]
    rides: tuple[Ride, ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All that is to be graded."""
        once = {one.id: one for one in (*self.answers, *(ride.weak for ride in self.rides))}
        alone = [Task(one.id, one.question, one.answer) for one in once.values()]
        return (*alone, *(Task(ride.id, ride.weak.question, ride.answer) for ride in self.rides))

    @property
    def for_ai(self) -> int:
        """For how many of the tasks the AI is needed."""
        return sum(grade.needs_ai(task.question, task.answer) for task in self.tasks)


def plan(answers: Sequence[Rated], attacks: Sequence[Attack], *, limit: int | None = None) -> Plan:
    """All of them, or at most `limit` answers and as many attacks, evenly from the whole of each file."""
    return Plan(
        answers=spread(answers, limit),
        # what is weak is a matter of the file, not of the sample
        rides=rides(spread(attacks, limit), weak_answers(answers)),
    )


def spread(items: Sequence[Item], most: int | None) -> tuple[Item, ...]:
    """At most so many items, at even distances."""
    if most is None or most >= len(items):
        return tuple(items)
    return tuple(items[place * len(items) // most] for place in range(most))
