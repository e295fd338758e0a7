"""The long run does what the promises are held to; the short one leaves nothing out."""

from dataclasses import astuple

from tests.faults.counts import LONG, SHORT, Fault


def test_the_long_run_does_as_much_as_was_promised() -> None:
    answers = LONG.of_acknowledged_answers()
    assert LONG.rounds * answers[Fault.NODE_KILLED] >= 60
    assert LONG.rounds * answers[Fault.POSTGRES_STOPPED] >= 10
    assert LONG.rounds * answers[Fault.VALKEY_KILLED] >= 10
    assert LONG.rounds >= 10  # each freezes a node, and sets one's clock wrong: ahead and behind by turns
    assert LONG.frozen_seconds >= 20
    assert LONG.rounds * LONG.takeovers >= 1_000
    assert LONG.contenders >= 8
    assert LONG.never_read >= 50
    assert LONG.waves * LONG.never_connect >= 1_000
    assert LONG.machine_examples >= 1_500
    assert LONG.feed_recruiters * LONG.dashboards >= 50
    assert LONG.feed_events >= 20_000


def test_the_short_run_does_some_of_everything() -> None:
    assert all(number > 0 for number in astuple(SHORT))
    assert all(short <= long for short, long in zip(astuple(SHORT), astuple(LONG), strict=True))
