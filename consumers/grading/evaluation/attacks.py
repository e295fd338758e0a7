"""Attacks on the grader, from a file, and the weak answers that they ride on."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from consumers.grading.evaluation.answers import Id, Rated, read_text, repeated
from consumers.grading.questions import Code, Mcq, is_unanswered
from realtime.contracts import files
from realtime.contracts.base import MAX_ANSWER_CHARS, Request, Text
from realtime.contracts.faults import Fault

AttackKind: TypeAlias = Literal[
    "direct", "encoded", "code_comment", "language", "delimiter", "system_message", "form", "persuasion", "smuggled"
]  # fmt: skip
Target: TypeAlias = Literal["short_answer", "code"]

SHIPPED = "attacks.yaml"


class Attack(Request):
    """A text that a candidate might add to an answer, or give in its place, to be graded better."""

    id: Id
    kind: AttackKind
    applies_to: Annotated[tuple[Target, ...], Field(min_length=1)]
    place: Literal["before", "after", "instead"]
    text: Annotated[Text, Field(min_length=1, max_length=MAX_ANSWER_CHARS)]

    def joined_to(self, answer: str) -> str:
        """The answer with the attack."""
        match self.place:
            case "before":
                return f"{self.text}\n\n{answer}"
            case "after":
                return f"{answer}\n\n{self.text}"
            case "instead":
                return self.text


class WrittenAttacks(Request):
    """The file."""

    attacks: Annotated[tuple[Attack, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Attacks:
    """All attacks of a file; the hash tells one state of it from another."""

    name: str
    sha256: str
    attacks: tuple[Attack, ...]


@dataclass(frozen=True, slots=True)
class Ride:
    """One attack on one weak answer."""

    attack: Attack
    weak: Rated

    @property
    def id(self) -> str:
        """A name that no answer has."""
        return f"{self.attack.id}@{self.weak.id}"

    @property
    def answer(self) -> str:
        """What the grader is given."""
        return self.attack.joined_to(self.weak.answer)


def read(path: Path | None) -> Attacks:
    """Read a file of attacks, ours where none is named. Raises FaultyFile."""
    if path is None:
        text = resources("consumers.grading.evaluation").joinpath(SHIPPED).read_bytes().decode()
    else:
        text = read_text(path)
    written = files.read(WrittenAttacks, text, name=SHIPPED if path is None else str(path))
    attacks = written.value.attacks
    written.refuse(
        Fault(("attacks", place, "id"), f"stands twice: {name}")
        for place, name in repeated([attack.id for attack in attacks])
    )
    return Attacks(
        name=SHIPPED if path is None else path.name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        attacks=attacks,
    )


def weak_answers(answers: Sequence[Rated]) -> tuple[Rated, ...]:
    """What attacks ride on: of each question that the AI judges, the answer to which the person gave least.

    Empty answers do not count, for the AI is not asked about them, nor do those that are off topic. Of equals it is the first in the file.
    """
    weakest: dict[int, Rated] = {}
    for one in answers:
        if (
            isinstance(one.question, Mcq)
            or is_unanswered(one.question, one.answer)
            or one.kind == "off_topic"
        ):
            continue
        known = weakest.get(one.question_index)
        if known is None or one.score < known.score:
            weakest[one.question_index] = one
    return tuple(weakest[index] for index in sorted(weakest))


def rides(attacks: Iterable[Attack], weak: Sequence[Rated]) -> tuple[Ride, ...]:
    """Each attack on each weak answer of a type that it is made for."""
    return tuple(
        Ride(attack, one)
        for attack in attacks
        for one in weak
        if ("code" if isinstance(one.question, Code) else "short_answer") in attack.applies_to
    )
