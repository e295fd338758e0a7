"""The checker finds what it is there to find: a history and tables that agree, and one lie in them at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from tests.faults.checker import Lateness, faults_of_answers, faults_of_clocks, faults_of_writers
from tests.faults.history import Outcome, Sent
from tests.faults.tables import Act, AnswerRow, Clock, Fence, SessionRow, Tables, Write

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GRACE = 2 * SECOND
SESSION = uuid4()


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def stored(
    index: int, text: str | None, how: str, submitted_at: datetime, *, late: bool = False
) -> AnswerRow:
    question_id = uuid4()
    digest = sha256(f"{SESSION}\n{question_id}\n{text or ''}".encode()).hexdigest()
    return AnswerRow(
        session_id=SESSION,
        index=index,
        id=uuid4(),
        question_id=question_id,
        text=text,
        how=how,
        late=late,
        sha256=digest,
        submitted_at=submitted_at,
        jobs=1,
        results=1,
        told=1,
    )


def sent(
    index: int, text: str, outcome: Outcome, row: AnswerRow | None = None, revision: int | None = None
) -> Sent:
    return Sent(
        session_id=SESSION,
        index=index,
        what="draft" if revision else "answer",
        text=text,
        way="socket",
        outcome=outcome,
        lock_token="token",
        revision=revision,
        answer_id=None if row is None else row.id,
        sha256=None if row is None else row.sha256,
    )


def clock(
    seconds: float, index: int, deadline: float | None, revision: int, status: str = "in_progress"
) -> Clock:
    return Clock(
        session_id=SESSION,
        seen_at=at(seconds),
        status=status,
        index=index,
        deadline=None if deadline is None else at(deadline),
        paused_at=None,
        revision=revision,
    )


@dataclass(slots=True)
class Story:
    """Question 0 is answered at 10 s, question 1 late at 71 s, question 2 runs out with a draft and is closed at 133 s."""

    answers: list[AnswerRow] = field(
        default_factory=lambda: [
            stored(0, "one", "submitted", at(10)),
            stored(1, "two", "submitted", at(71), late=True),
            stored(2, "draft", "expired", at(133)),
        ]
    )
    clocks: list[Clock] = field(
        default_factory=lambda: [
            clock(0, 0, 60, 1),
            clock(10, 1, 70, 2),
            clock(71, 2, 131, 3),
            clock(133, 3, None, 4, "completed"),
        ]
    )
    audit: list[Act] = field(default_factory=list)
    index: int = 3
    history: list[Sent] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=lambda: [Fence(SESSION, 1, sha256(b"token").digest())])
    writes: list[Write] = field(default_factory=lambda: [Write(SESSION, 1, "submitted", "one")])

    def __post_init__(self) -> None:
        one, two, _ = self.answers
        self.history = [
            sent(0, "lost ack", Outcome.FAILED),
            sent(0, "one", Outcome.UNKNOWN),
            sent(0, "one", Outcome.OK, one),
            sent(1, "two", Outcome.OK, two),
            sent(2, "earlier", Outcome.OK, revision=1),
            sent(2, "draft", Outcome.OK, revision=2),
        ]

    def change(self, place: int, **fields: object) -> None:
        self.answers[place] = replace(self.answers[place], **fields)  # type: ignore[arg-type]

    def move(self, place: int, **fields: object) -> None:
        self.clocks[place] = replace(self.clocks[place], **fields)  # type: ignore[arg-type]

    def faults(self) -> list[str]:
        tables = Tables(
            sessions=[SessionRow(SESSION, "completed", self.index, 3)],
            answers=self.answers,
            clocks=self.clocks,
            fences=self.fences,
            writes=self.writes,
            audit=self.audit,
        )
        return [
            *faults_of_answers(self.history, tables),
            *faults_of_clocks(tables, grace=GRACE, at_most=2 * SECOND, lateness=Lateness()),
            *faults_of_writers(self.history, tables),
        ]


def test_a_true_story_has_no_faults() -> None:
    assert Story().faults() == []


def test_a_deadline_that_was_moved_with_a_word_in_the_audit_is_none() -> None:
    story = Story()
    story.clocks[3:] = [clock(100, 2, 161, 4), clock(163, 3, None, 5, "completed")]
    story.change(2, submitted_at=at(163))
    story.audit = [Act(SESSION, 4, "extended")]
    assert story.faults() == []


def lose(story: Story) -> None:
    del story.answers[0]


def duplicate(story: Story) -> None:
    story.answers.append(replace(story.answers[0], id=uuid4()))


def answer_in_its_place(story: Story) -> None:
    story.answers[0] = stored(0, "lost ack", "submitted", at(10))


def shift_deadline_in_silence(story: Story) -> None:
    story.clocks[3:] = [clock(100, 2, 161, 4), clock(163, 3, None, 5, "completed")]
    story.change(2, submitted_at=at(163))


LIES: dict[str, tuple[str, Callable[[Story], object]]] = {
    "an acknowledged answer is gone": ("lost", lose),
    "an answer is stored twice": ("stored 2 times", duplicate),
    "another answer is stored": ("another answer", answer_in_its_place),
    "a text is altered": ("altered", lambda s: s.change(0, text="One")),
    "an acknowledged answer was overwritten by the server": (
        "acknowledged, but",
        lambda s: s.change(0, how="expired", text="one"),
    ),
    "only refused tries of it": ("every try of it was refused", answer_in_its_place),
    "a repeat was taken for a late one": (
        "a repeat was told",
        lambda s: s.history.append(replace(sent(0, "one", Outcome.FAILED), code="time_limit_exceeded")),
    ),
    "nobody sent it": ("never sent", lambda s: s.history.__delitem__(slice(1, 3))),
    "an older draft counted": (
        "another text than the last draft",
        lambda s: s.answers.__setitem__(2, stored(2, "earlier", "expired", at(133))),
    ),
    "a draft was forgotten": (
        "another text than the last draft",
        lambda s: s.answers.__setitem__(2, stored(2, None, "expired", at(133))),
    ),
    "a second job": ("2 jobs", lambda s: s.change(0, jobs=2)),
    "no event": ("0 events", lambda s: s.change(0, told=0)),
    "a second result": ("2 results", lambda s: s.change(0, results=2)),
    "a question without an answer": ("without an answer", lambda s: s.answers.pop()),
    "closed early": ("early", lambda s: s.change(2, submitted_at=at(132.9))),
    "closed late": ("late", lambda s: s.move(3, seen_at=at(135.1))),
    "accepted after the grace": ("after deadline and grace", lambda s: s.change(1, submitted_at=at(72.1))),
    "late, and it does not say so": ("says the wrong thing", lambda s: s.change(1, late=False)),
    "a transition twice": ("skipped or came again", lambda s: s.move(3, index=1)),
    "a revision left out": ("revision", lambda s: s.move(3, revision=5)),
    "a deadline moved in silence": ("without a word", shift_deadline_in_silence),
    "an old fence": ("with fence 1 while 2", lambda s: s.writes.append(Write(SESSION, 2, "draft", "one"))),
    "a write of nobody": ("written by nobody", lambda s: s.writes.append(Write(SESSION, 1, "draft", "?"))),
    "a write into another's session": (
        "written by nobody",
        lambda s: s.writes.append(Write(UUID(int=1), 1, "draft", "one")),
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_is_found(lie: str) -> None:
    words, tell = LIES[lie]
    story = Story()
    tell(story)
    assert any(words in fault for fault in story.faults()), story.faults()
