"""The pure parts of the recruiter's calls: cursors, cells, scores in range, gradings that may count."""

import csv
import io
import string
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.recruiter import After, SummaryRow
from db.regrades import Compared
from realtime.contracts.recruiter import Sort
from realtime.domain.errors import InvalidBody, InvalidScore
from realtime.usecases.cursor import cursor_after, read_cursor
from realtime.usecases.export import FORMULA_STARTS, safe
from realtime.usecases.regrade import unready
from realtime.usecases.score import in_range

RITA = UUID("11111111-1111-4111-8111-111111111111")
SORTS: tuple[Sort, ...] = ("-activity", "started_at", "-percentage", "candidate_name")
ALPHABET = string.ascii_letters + string.digits + "-_"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def row(
    *, name: str = "Ada", percentage: float | None = None, at: datetime = datetime(2026, 11, 22, tzinfo=UTC)
) -> SummaryRow:
    return SummaryRow(
        id=uuid4(),
        candidate_name=name,
        interview_id=uuid4(),
        interview_title="Back end",
        attempt=1,
        status="completed",
        current_question_index=2,
        question_count=2,
        connected=False,
        paused_at=None,
        remaining_ms=None,
        last_activity_at=at,
        final_score=None,
        max_score=30,
        percentage=percentage,
        recommendation=None,
        evaluation_state=None,
        flags=[],
        started_at=at,
    )


@given(
    sort=st.sampled_from(SORTS),
    name=TEXT,
    percentage=st.none() | st.floats(0, 100).map(lambda share: round(share, 2)),
    at=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_cursor_leads_back_to_its_row(
    sort: Sort, name: str, percentage: float | None, at: datetime
) -> None:
    last = row(name=name, percentage=percentage, at=at)
    after = read_cursor(cursor_after(last, sort=sort, recruiter_id=RITA), sort=sort, recruiter_id=RITA)
    match sort:
        case "-activity" | "started_at":
            assert after == After(last.id, moment=at)
        case "-percentage":
            assert after == After(last.id, percentage=-1.0 if percentage is None else percentage)
        case "candidate_name":
            assert after == After(last.id, name=name)


def test_without_a_cursor_the_list_begins() -> None:
    assert read_cursor(None, sort="-activity", recruiter_id=RITA) == After()


@given(place=st.integers(0, 500), char=st.sampled_from("ABab01-_=+/ ä"))
def test_a_cursor_with_another_character_is_none(place: int, char: str) -> None:
    cursor = cursor_after(row(), sort="-activity", recruiter_id=RITA)
    place %= len(cursor)
    changed = cursor[:place] + char + cursor[place + 1 :]
    if changed == cursor:
        return
    with pytest.raises(InvalidBody) as refused:
        read_cursor(changed, sort="-activity", recruiter_id=RITA)
    assert refused.value.facts["errors"][0]["path"] == "cursor"


def test_a_cursor_has_one_spelling() -> None:
    # two characters' worth of its last byte mean nothing: only one spelling of them is ours
    cursor = next(
        cursor
        for length in range(3)
        if len(cursor := cursor_after(row(name="A" * length), sort="candidate_name", recruiter_id=RITA)) % 4
        == 2
    )
    for char in ALPHABET:
        if char != cursor[-1]:
            with pytest.raises(InvalidBody):
                read_cursor(cursor[:-1] + char, sort="candidate_name", recruiter_id=RITA)


@given(text=st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.hex()))
def test_whatever_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidBody):
        read_cursor(text, sort="-activity", recruiter_id=RITA)


def test_a_cursor_is_of_one_order_and_one_recruiter() -> None:
    cursor = cursor_after(row(), sort="-activity", recruiter_id=RITA)
    with pytest.raises(InvalidBody):
        read_cursor(cursor, sort="started_at", recruiter_id=RITA)
    with pytest.raises(InvalidBody):
        read_cursor(cursor, sort="-activity", recruiter_id=uuid4())


@given(text=TEXT | st.sampled_from(FORMULA_STARTS).flatmap(lambda start: TEXT.map(lambda rest: start + rest)))
def test_a_cell_keeps_its_text_and_starts_no_formula(text: str) -> None:
    cell = safe(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell == (f"'{text}" if text.startswith(FORMULA_STARTS) else text)
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([cell])
    assert next(csv.reader(io.StringIO(written.getvalue(), newline=""))) == [cell]


def test_an_empty_cell() -> None:
    assert safe(None) == ""
    assert safe(0) == "0"


@given(asked=st.floats(allow_nan=False, allow_infinity=False), most=st.integers(1, 1_000))
def test_a_score_is_in_range_or_refused(asked: float, most: int) -> None:
    if 0 <= asked <= most:
        points = in_range(asked, most=most)
        assert 0 <= points <= most
        assert abs(points - asked) <= 0.005 + 1e-9
        assert str(points) != "-0.0"
    else:
        with pytest.raises(InvalidScore):
            in_range(asked, most=most)


@pytest.mark.parametrize(
    ("asked", "points"), [(0.005, 0.01), (2.675, 2.68), (10, 10.0), (-0.0, 0.0), (9.999, 10.0)]
)
def test_more_than_two_decimals_are_rounded_as_people_do(asked: float, points: float) -> None:
    assert in_range(asked, most=10) == points


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize(
    ("answer", "waits_when_settled", "waits_otherwise"),
    [
        (Compared(0, is_scored=True, is_persons=False, found="scored"), False, False),
        (Compared(0, is_scored=True, is_persons=False, found=None), True, True),
        (Compared(0, is_scored=True, is_persons=False, found="needs_review"), True, False),
        (Compared(0, is_scored=False, is_persons=False, found="needs_review"), False, False),
        (Compared(0, is_scored=True, is_persons=True, found=None), False, False),
        (Compared(0, is_scored=True, is_persons=True, found="needs_review"), False, False),
    ],
)
def test_what_a_grading_waits_for(
    answer: Compared, *, waits_when_settled: bool, waits_otherwise: bool, settled: bool
) -> None:
    assert unready([answer], settled=settled) == (
        [0] if (waits_when_settled if settled else waits_otherwise) else []
    )
