"""The README's diagram of a session's states says what the table of transitions says, to the last arrow."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.diagram import HEADS, LINES, Arrow, Drawing
from tests.unit.test_transitions import CASES, LAST, Case, State

README = Path(__file__).parents[2] / "README.md"

# What an onlooker of the contract's states sees: waiting and overdue are in_progress, extending and crediting move no state.
SHOWN = {State.WAITING: State.OPEN, State.OVERDUE: State.OPEN}
LABELS = {
    "submit": "last answer accepted or closed",
    "close": "last answer accepted or closed",
    "start over": "start over (candidate)",
    "terminate": "terminate (recruiter)",
    "resume": "",  # the way back from `pause`
}
PEOPLE_END_IT = frozenset((LABELS["start over"], LABELS["terminate"]))
ASIDES = ["(a new attempt begins)"]


def moves(cases: Sequence[Case]) -> set[Arrow]:
    """The transitions that an onlooker sees, from the table."""
    found = {Arrow(State.NOTHING, State.OPEN, "start")}
    for command, state, told in cases:
        expected = LAST.get((command, state), told)
        if isinstance(expected, State):
            a, b = SHOWN.get(state, state), SHOWN.get(expected, expected)
            if a is not b:
                found.add(Arrow(a, b, LABELS.get(command, command)))
    return found


def arrows(cases: Sequence[Case]) -> set[Arrow]:
    """The same as it is drawn: where people end a session in progress, they end a paused one, which is in progress too."""
    drawn = moves(cases)
    return {
        arrow
        for arrow in drawn
        if not (
            arrow.source == State.PAUSED
            and arrow.label in PEOPLE_END_IT
            and Arrow(State.OPEN, arrow.target, arrow.label) in drawn
        )
    }


def readmes_diagram() -> str:
    drawn = re.search(r"A session's states:\s+```\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert drawn, "README.md has no diagram of a session's states any more"
    return drawn[1]


def faults_of(diagram: str, cases: Sequence[Case]) -> list[str]:
    """What a diagram says that the table does not, or the other way round."""
    drawing, expected = Drawing(diagram, states=list(State)), arrows(cases)
    return [
        *drawing.faults,
        *(f"not in the table: {arrow}" for arrow in set(drawing.arrows) - expected),
        *(f"not in the diagram: {arrow}" for arrow in expected - set(drawing.arrows)),
        *(f"drawn twice: {arrow}" for arrow in set(drawing.arrows) if drawing.arrows.count(arrow) > 1),
        *(f"words that mean nothing: {words}" for words in drawing.asides if words not in ASIDES),
    ]


def test_the_table_has_the_transitions_that_a_session_may_make() -> None:
    assert {(arrow.source, arrow.target) for arrow in moves(CASES)} == {
        (State.NOTHING, State.OPEN),
        (State.OPEN, State.COMPLETED),
        (State.OPEN, State.PAUSED),
        (State.PAUSED, State.OPEN),
        (State.OPEN, State.ABANDONED),
        (State.PAUSED, State.ABANDONED),
        (State.OPEN, State.TERMINATED),
        (State.PAUSED, State.TERMINATED),
    }


def test_the_readmes_diagram_says_what_the_table_says() -> None:
    assert not faults_of(readmes_diagram(), CASES)


def test_nothing_can_be_taken_out_of_the_diagram_unnoticed() -> None:
    diagram = readmes_diagram()
    places = [found.start() for found in re.finditer(rf"[{LINES}{HEADS}\w]", diagram)]
    unnoticed = [at for at in places if not faults_of(diagram[:at] + " " + diagram[at + 1 :], CASES)]
    assert not [diagram[:at] + "«here»" + diagram[at:] for at in unnoticed]


@pytest.mark.parametrize("arrow", sorted(arrows(CASES)), ids=str)
def test_no_transition_can_be_taken_out_of_the_table_unnoticed(arrow: Arrow) -> None:
    def leads_there(command: str, state: State, told: State | str) -> bool:
        return arrow in moves([(command, state, told)])

    fewer = [case for case in CASES if not leads_there(*case)]
    if arrow.source is not State.NOTHING:
        assert faults_of(readmes_diagram(), fewer)


@pytest.mark.parametrize(
    "case",
    [
        ("resurrect", State.COMPLETED, State.OPEN),
        ("submit", State.PAUSED, State.COMPLETED),
        ("pause", State.ABANDONED, State.PAUSED),
        ("annul", State.PAUSED, State.TERMINATED),
    ],
    ids=str,
)
def test_no_transition_can_be_added_to_the_table_unnoticed(case: Case) -> None:
    assert faults_of(readmes_diagram(), [*CASES, case])
