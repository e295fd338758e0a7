"""The clock's rules: both pacings, grace, extra time, and every boundary to the microsecond."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.domain import session
from realtime.domain.errors import (
    InvalidQuestionIndex,
    InvalidSubmissionTime,
    Refusal,
    SessionEnded,
    SessionPaused,
    TimeLimitExceeded,
)
from realtime.domain.timing import (
    ZERO,
    Pacing,
    Progress,
    Rules,
    Status,
    own_limit,
    remaining,
    time_taken,
    waiting,
)

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
RULES = Rules(grace=timedelta(seconds=2), early_grace=timedelta(seconds=5), pause_max=timedelta(days=1))
TICK = timedelta(microseconds=1)

limits = st.lists(st.integers(5, 7200), min_size=1, max_size=12).map(tuple)
pacings = st.sampled_from(Pacing)
spans = st.timedeltas(min_value=ZERO, max_value=timedelta(hours=3))


def begin(pacing: Pacing = Pacing.SELF_PACED, *seconds: int) -> Progress:
    return session.start(pacing=pacing, limits=seconds or (60, 120), now=START)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def submit(
    progress: Progress, now: datetime, *, index: int | None = None, auto: bool = False
) -> session.Accepted:
    return session.submit(
        progress, index=progress.index if index is None else index, auto=auto, now=now, rules=RULES
    )


@pytest.mark.parametrize(
    ("seconds", "percent", "expected"),
    [(60, 0, 60), (60, 25, 75), (7, 25, 9), (5, 1, 6), (100, 33, 133), (7200, 400, 36000)],
)
def test_own_limit_multiplies_and_rounds_up(seconds: int, percent: int, expected: int) -> None:
    assert own_limit(seconds, extra_percent=percent) == expected


@given(st.integers(5, 7200), st.integers(0, 400))
def test_own_limit_never_takes_time_away_and_adds_less_than_a_second_too_much(
    seconds: int, percent: int
) -> None:
    exact = seconds * (100 + percent) / 100
    assert exact <= own_limit(seconds, extra_percent=percent) < exact + 1


@pytest.mark.parametrize(
    ("now", "late", "auto"),
    [
        (at(60), False, False),
        (at(60) + TICK, True, False),
        (at(62), True, False),
        (at(62), False, True),
    ],
)
def test_an_answer_is_accepted_through_the_grace_and_is_late_after_the_deadline(
    now: datetime, late: bool, auto: bool
) -> None:
    assert submit(begin(), now, auto=auto).late is late


def test_an_answer_after_the_grace_is_refused_to_the_microsecond() -> None:
    with pytest.raises(TimeLimitExceeded):
        submit(begin(), at(62) + TICK)


@pytest.mark.parametrize(("now", "closes"), [(at(62) - TICK, False), (at(62), True), (at(3600), True)])
def test_the_server_closes_exactly_when_the_grace_is_over(now: datetime, closes: bool) -> None:
    assert (session.expire(begin(), now=now, rules=RULES) is not None) is closes


def test_self_paced_opens_the_next_question_when_the_last_one_is_done() -> None:
    after = submit(begin(), at(10)).after
    assert (after.index, after.opens_at, after.deadline) == (1, at(10), at(130))


def test_scheduled_keeps_the_next_question_at_its_place() -> None:
    after = submit(begin(Pacing.SCHEDULED), at(10)).after
    assert (after.index, after.opens_at, after.deadline) == (1, at(60), at(180))
    assert waiting(after, at(59))
    assert remaining(after, at(59)) == timedelta(seconds=1)
    assert not waiting(after, at(60))


def test_scheduled_shows_the_next_question_after_the_grace_and_keeps_its_deadline() -> None:
    closed = session.expire(begin(Pacing.SCHEDULED), now=at(62), rules=RULES)
    assert closed is not None
    assert (closed.after.opens_at, closed.after.deadline) == (at(60), at(180))
    assert not waiting(closed.after, at(62))


@pytest.mark.parametrize(("now", "refused"), [(at(55), False), (at(55) - TICK, True)])
def test_scheduled_refuses_what_comes_more_than_the_early_grace_too_soon(
    now: datetime, refused: bool
) -> None:
    waits = submit(begin(Pacing.SCHEDULED), at(10)).after
    if refused:
        with pytest.raises(InvalidSubmissionTime):
            submit(waits, now)
    else:
        assert submit(waits, now).time_taken == ZERO


@pytest.mark.parametrize("index", [-1, 1, 2, 99])
def test_only_the_current_question_is_open(index: int) -> None:
    with pytest.raises(InvalidQuestionIndex):
        submit(begin(), at(1), index=index)


def test_a_closed_question_is_over_and_comes_before_the_index() -> None:
    closed = session.expire(begin(), now=at(62), rules=RULES)
    assert closed is not None
    with pytest.raises(TimeLimitExceeded):
        submit(closed.after, at(63), index=0)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda p: session.end(p, status=Status.TERMINATED), SessionEnded),
        (lambda p: session.pause(p, now=at(1)), SessionPaused),
    ],
)
def test_an_ended_or_paused_session_takes_nothing(make: object, refusal: type[Refusal]) -> None:
    assert callable(make)
    with pytest.raises(refusal):
        submit(make(begin()), at(2), index=7)


def test_a_pause_freezes_the_remainder_and_is_not_counted_as_time_taken() -> None:
    paused = session.pause(begin(), now=at(20))
    assert paused.deadline is None
    assert remaining(paused, at(5000)) == timedelta(seconds=40)
    resumed = session.resume(paused, now=at(1020))
    assert resumed is not None
    assert resumed.deadline == at(1060)
    assert time_taken(resumed, at(1030)) == timedelta(seconds=30)
    assert session.resume(resumed, now=at(1021)) is None


def test_a_pause_while_waiting_moves_the_opening() -> None:
    waits = submit(begin(Pacing.SCHEDULED), at(10)).after
    paused = session.pause(waits, now=at(30))
    assert waiting(paused, at(5000))
    resumed = session.resume(paused, now=at(130))
    assert resumed is not None
    assert (resumed.opens_at, resumed.deadline) == (at(160), at(280))


def test_an_extension_moves_later_openings_too_and_an_old_expiry_does_nothing() -> None:
    extended = session.extend(begin(Pacing.SCHEDULED), by=timedelta(seconds=30))
    assert session.expire(extended, now=at(62), rules=RULES) is None
    after = submit(extended, at(80)).after
    assert (after.opens_at, after.deadline) == (at(90), at(210))


@pytest.mark.parametrize(
    ("last_alive", "credited"),
    [(at(10), True), (at(62) - TICK, True), (at(62), False)],
)
def test_an_outage_is_given_back_to_what_had_not_come_due(last_alive: datetime, credited: bool) -> None:
    after = session.credit(
        begin(), last_alive=last_alive, now=last_alive + timedelta(seconds=100), rules=RULES
    )
    assert (after is not None) is credited
    if after is not None:
        assert after.deadline == at(160)


def test_an_outage_is_not_given_to_a_paused_session() -> None:
    paused = session.pause(begin(), now=at(20))
    assert session.credit(paused, last_alive=at(30), now=at(90), rules=RULES) is None


@given(pacings, limits, st.lists(spans, max_size=12))
def test_a_session_walks_through_its_questions_once_each(
    pacing: Pacing, seconds: tuple[int, ...], waits: list[timedelta]
) -> None:
    progress, now = session.start(pacing=pacing, limits=seconds, now=START), START
    walked = []
    for wait in waits:
        if not progress.running:
            break
        now += wait
        before = progress
        while (closed := session.expire(progress, now=now, rules=RULES)) is not None:
            walked.append(closed.index)
            progress = closed.after
            if not progress.running:
                break
        if progress.running and not waiting(progress, now):
            walked.append(progress.index)
            progress = submit(progress, now).after
        assert progress.revision >= before.revision
        assert (progress.deadline is None) == (not progress.running)
    assert walked == list(range(len(walked)))
    assert progress.running == (len(walked) < len(seconds))


@given(limits, st.lists(st.booleans(), min_size=12, max_size=12))
def test_the_schedule_stays_where_it_was_whatever_is_answered(
    seconds: tuple[int, ...], early: list[bool]
) -> None:
    progress = session.start(pacing=Pacing.SCHEDULED, limits=seconds, now=START)
    for index, is_early in zip(range(len(seconds)), early, strict=False):
        opens = START + timedelta(seconds=sum(seconds[:index]))
        assert (progress.opens_at, progress.deadline) == (opens, opens + timedelta(seconds=seconds[index]))
        progress = submit(progress, opens if is_early else progress.deadline or opens).after
    assert progress.status is Status.COMPLETED


@given(pacings, limits, spans, spans)
def test_pause_and_resume_leave_what_remains_as_it_was(
    pacing: Pacing, seconds: tuple[int, ...], before: timedelta, paused_for: timedelta
) -> None:
    progress = session.start(pacing=pacing, limits=seconds, now=START)
    resumed = session.resume(session.pause(progress, now=START + before), now=START + before + paused_for)
    assert resumed is not None
    assert progress.deadline is not None
    assert resumed.deadline == progress.deadline + paused_for
    assert resumed.revision == progress.revision + 2
