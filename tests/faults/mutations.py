"""The clauses that the promises rest on, each with how to take it out and what must go red then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from db.sql import load
from realtime.clockwork import watcher
from realtime.domain import lock
from realtime.domain import session as rules_of_session
from realtime.sockets.recruiter import RecruiterNamespace
from realtime.usecases import credit, feed, standing, submit
from tests.faults.feed_checks import (
    a_gap_shows_without_a_new_event,
    history_that_is_gone_is_not_answered_in_part,
    numbers_follow_the_order_of_commits,
    what_the_fast_path_lost_is_told,
)
from tests.faults.mutation_checks import (
    Stage,
    a_change_without_a_word_reaches_the_holder,
    a_session_that_is_being_written_delays_no_other,
    after_an_outage,
    an_old_disconnect_frees_nothing,
    late_answers_are_not_stored,
    the_clock_is_read_after_the_wait,
    the_database_refuses_a_second_answer,
    the_database_refuses_a_second_result,
    the_database_refuses_a_second_session,
)
from tests.integration import test_clock, test_session_http, test_session_socket

Patching: TypeAlias = Callable[[pytest.MonkeyPatch], None]


def cut(subject: str, name: str, text: str, put: str = "") -> Patching:
    """Take a piece out of a statement."""

    def take_out(patch: pytest.MonkeyPatch) -> None:
        statement = load(subject)[name]
        assert text in statement, f"{subject}.sql: {name} does not say {text!r} any more"
        patch.setitem(load(subject), name, statement.replace(text, put))

    return take_out


def instead(place: Any, name: str, replacement: Any) -> Patching:
    """Put something else in the place of a function."""
    return lambda patch: patch.setattr(place, name, replacement)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A clause, the check that notices, and how to take it out: of the code, or of the schema.

    Those that stand for their kind are taken out `always`, the others with --long only.
    """

    clause: str
    check: Callable[[Stage], Awaitable[None]]
    take_out: Patching = lambda _: None
    drop: str | None = None
    always: bool = False


def unchecked(*_: Any, **__: Any) -> None:
    """Check nothing."""


async def nothing(*_: Any, **__: Any) -> None:
    """Find nothing, do nothing."""


async def nobody(*_: Any, **__: Any) -> int:
    """Give nothing back to anybody."""
    return 0


def deadline_unchecked(progress: Any, *, index: int, now: Any, rules: Any) -> None:
    """All checks of an open question but the deadline's."""
    _CHECK_OPEN(progress, index=index, now=min(now, progress.deadline or now), rules=rules)


_CHECK_OPEN = rules_of_session.check_open


DROP_KEY = "ALTER TABLE answers DROP CONSTRAINT answers_session_id_question_index_key"

MUTATIONS = [
    Mutation(
        "the fence in the WHERE",
        lambda s: test_clock.test_a_write_with_an_old_fence_changes_nothing(s.pool, s.candidate, s.session),
        cut("changes", "record", " AND s.fence = c.fence"),
        always=True,
    ),
    Mutation(
        "the lock token's check",
        lambda s: test_session_socket.test_a_second_tab_is_refused_then_takes_over(
            s.node, s.candidate, s.session
        ),
        instead(submit, "check_write", unchecked),
    ),
    Mutation(
        "the fence of a disconnect",
        an_old_disconnect_frees_nothing,
        cut("sessions", "release", "fence = $2", "$2::bigint IS NOT NULL"),
    ),
    Mutation(
        "the deadline's check",
        late_answers_are_not_stored,
        instead(rules_of_session, "check_open", deadline_unchecked),
        always=True,
    ),
    Mutation(
        "the duplicate's look-up",
        lambda s: test_session_http.test_a_repeat_gets_the_first_receipt_and_changes_nothing(
            s.node, s.newcomer, s.interview
        ),
        instead(submit, "_earlier", nothing),
        always=True,
    ),
    Mutation("the unique key of answers", the_database_refuses_a_second_answer, drop=DROP_KEY, always=True),
    Mutation(
        "the unique key of sessions in progress",
        the_database_refuses_a_second_session,
        drop="DROP INDEX one_session_in_progress_per_user",
    ),
    Mutation(
        "the unique key of results",
        the_database_refuses_a_second_result,
        cut("results", "record", "ON CONFLICT (answer_id, grading_version) DO NOTHING"),
        drop="ALTER TABLE results DROP CONSTRAINT results_pkey",
    ),
    Mutation(
        "the skipping of locked sessions",
        a_session_that_is_being_written_delays_no_other,
        cut("sessions", "lock_due", " SKIP LOCKED"),
        always=True,
    ),
    Mutation(
        "the watcher's look",
        a_change_without_a_word_reaches_the_holder,
        instead(watcher.Watcher, "compare", nothing),
    ),
    Mutation("the credit at start-up", after_an_outage, instead(credit, "credit_outage", nobody)),
    Mutation(
        "the look at the sign of life",
        after_an_outage,
        instead(standing, "refuse_uncredited", unchecked),
        always=True,
    ),
    Mutation(
        "the clock read after the lock",
        the_clock_is_read_after_the_wait,
        cut("sessions", "lock_own", "clock_timestamp() AS now", "now() AS now"),
    ),
    Mutation(
        "the row's lock", the_clock_is_read_after_the_wait, cut("sessions", "lock_own", "FOR NO KEY UPDATE")
    ),
    Mutation(
        "the end of an older resume token",
        lambda s: test_session_socket.test_the_same_tab_comes_straight_back_even_when_an_ack_was_lost(
            s.node, s.candidate, s.session
        ),
        cut("sessions", "touch", "CASE WHEN $3 THEN NULL", "CASE WHEN $3 THEN previous_resume_token_hash"),
    ),
    Mutation(
        "the comparison of drafts",
        lambda s: test_session_http.test_drafts_are_compared_by_revision_and_come_back(
            s.node, s.newcomer, s.interview
        ),
        cut("drafts", "save", "WHERE drafts.revision < excluded.revision"),
    ),
    Mutation(
        "the order of the feed's numbers",
        numbers_follow_the_order_of_commits,
        cut("outbox", "number_feed", "recruiter_id ORDER BY id)", "recruiter_id ORDER BY id DESC)"),
    ),
    Mutation(
        "the look for holes in a replay",
        history_that_is_gone_is_not_answered_in_part,
        instead(feed, "_follows", lambda *_, **__: True),
        always=True,
    ),
    Mutation(
        "the tail behind the fast path",
        what_the_fast_path_lost_is_told,
        instead(RecruiterNamespace, "tail", nothing),
    ),
    Mutation(
        "the position that every room is told",
        a_gap_shows_without_a_new_event,
        instead(RecruiterNamespace, "tell_positions", nothing),
        always=True,
    ),
]

# What the state machine has to find by itself; the first one in every run, the others with --long.
DIVERGENCES: dict[str, Patching] = {
    "nobody is refused the lock": instead(lock, "check_join", unchecked),
    "a duplicate is no duplicate": instead(submit, "_earlier", nothing),
    "nobody looks at the sign of life": instead(standing, "refuse_uncredited", unchecked),
    "frozen time is not kept": cut("changes", "record", "question_frozen = make_interval(secs => c.frozen),"),
    "a node does not wait for the one that holds": cut(
        "sessions", "lock_due", " - $3::interval", " - $3::interval * 0"
    ),
}
