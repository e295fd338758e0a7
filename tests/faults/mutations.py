"""The clauses that the promises rest on, each with how to take it out and what must go red then."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import pytest

from db import sessions
from db.pool import Pool
from db.sql import load
from realtime.auth import Identity
from realtime.contracts.candidate import SubmitAnswer
from realtime.domain import session as rules_of_session
from realtime.domain.errors import Refusal
from realtime.usecases import credit, join, standing, submit
from realtime.usecases.services import Services
from tests.faults import tables
from tests.faults.checker import Lateness, faults_of_answers, faults_of_clocks
from tests.integration import test_clock, test_session_http, test_session_socket
from tests.integration.node import Node, Person
from tests.integration.test_session_socket import shift

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """What the checks are played on: a node, use cases without one, a started session, and somebody who has none yet."""

    node: Node
    parts: Services
    pool: Pool
    candidate: Person
    newcomer: Person
    interview: str
    session: Json
    database_url: str

    @property
    def session_id(self) -> UUID:
        """The session's id."""
        return UUID(self.session["id"])


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
    """A clause, the check that notices, and how to take it out: of the code, or of the schema."""

    clause: str
    check: Callable[[Stage], Awaitable[None]]
    take_out: Patching = lambda _: None
    drop: str | None = None


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


# --- checks that have no test of their own elsewhere ---


async def late_answers_are_not_stored(stage: Stage) -> None:
    """What the fault suite's checker says of an answer that comes after the grace, with no expirer awake."""
    await stage.node.server.close()
    await test_clock.alive(stage.pool)
    await shift(stage.node, stage.session["id"], seconds=-62.5)
    who = Identity(stage.candidate.id, "candidate")
    request = SubmitAnswer(question_index=0, answer="404", time_expired=False)
    with suppress(Refusal):
        await submit.submit(stage.parts, who=who, session_id=stage.session_id, request=request)
    stored = await tables.read(stage.database_url, [stage.session_id])
    grace = stage.parts.rules.grace
    found = [*faults_of_clocks(stored, grace=grace, at_most=None, lateness=Lateness())]
    found = [fault for fault in found if "after deadline and grace" in fault]
    assert not found, "\n".join(found)
    assert not [*faults_of_answers([], stored)]


async def the_database_refuses_a_second_answer(stage: Stage) -> None:
    """Whatever the code believes."""
    reply = await stage.node.answer(stage.candidate, stage.session["id"], 0, "404")
    assert reply.status == 200, reply.body
    async with stage.pool.acquire() as conn:
        with pytest.raises(asyncpg.UniqueViolationError):
            await conn.execute(
                "INSERT INTO answers (id, session_id, question_id, question_index, how, sha256, submitted_at, time_taken)"
                " SELECT gen_random_uuid(), session_id, question_id, question_index, how, sha256, submitted_at, 1"
                " FROM answers WHERE session_id = $1",
                stage.session_id,
            )


async def the_database_refuses_a_second_session(stage: Stage) -> None:
    """Whatever the code believes."""
    async with stage.pool.acquire() as conn:
        with pytest.raises(asyncpg.UniqueViolationError):
            await sessions.start(
                conn, session_id=uuid4(), user_id=stage.candidate.id, interview_id=UUID(stage.interview)
            )


async def an_old_disconnect_frees_nothing(stage: Stage) -> None:
    """The disconnect of a connection that was taken over."""
    who = Identity(stage.candidate.id, "candidate")

    async def joined(sid: str) -> int:
        return (
            await join.join(
                stage.parts,
                who=who,
                session_id=stage.session_id,
                sid=sid,
                resume_token=None,
                takeover=True,
            )
        ).fence

    await stage.node.server.close()
    await test_clock.alive(stage.pool)
    old = await joined("a")
    await joined("b")
    await join.leave(stage.parts, session_id=stage.session_id, fence=old)
    async with stage.pool.acquire() as conn:
        row = await sessions.read(conn, stage.session_id)
    assert row is not None
    assert row.holder_sid == "b"


async def after_an_outage(stage: Stage) -> None:
    """With the node's own clockwork asleep."""
    await stage.node.server.close()
    await test_clock.test_a_late_answer_right_after_an_outage_is_not_refused(
        stage.parts, stage.pool, stage.candidate, stage.session, stage.node, None
    )


async def the_clock_is_read_after_the_wait(stage: Stage) -> None:
    """What the clock says is what it said once the lock was had."""
    await test_clock.test_the_clock_is_read_after_the_lock_wait(
        stage.pool, stage.database_url, stage.candidate, stage.session
    )


DROP_KEYS = """
ALTER TABLE answers
    DROP CONSTRAINT answers_session_id_question_id_key, DROP CONSTRAINT answers_session_id_question_index_key
"""

MUTATIONS = [
    Mutation(
        "the fence in the WHERE",
        lambda s: test_clock.test_a_write_with_an_old_fence_changes_nothing(s.pool, s.candidate, s.session),
        cut("changes", "record", " AND s.fence = c.fence"),
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
    ),
    Mutation(
        "the duplicate's look-up",
        lambda s: test_session_http.test_a_repeat_gets_the_first_receipt_and_changes_nothing(
            s.node, s.newcomer, s.interview
        ),
        instead(submit, "_earlier", nothing),
    ),
    Mutation("the unique keys of answers", the_database_refuses_a_second_answer, drop=DROP_KEYS),
    Mutation(
        "the unique key of sessions in progress",
        the_database_refuses_a_second_session,
        drop="DROP INDEX one_session_in_progress_per_user",
    ),
    Mutation("the credit at start-up", after_an_outage, instead(credit, "credit_outage", nobody)),
    Mutation(
        "the look at the sign of life",
        after_an_outage,
        instead(standing, "refuse_uncredited", unchecked),
    ),
    Mutation(
        "the clock read after the lock",
        the_clock_is_read_after_the_wait,
        cut("sessions", "lock_own", "clock_timestamp() AS now", "now() AS now"),
    ),
    Mutation("the row's lock", the_clock_is_read_after_the_wait, cut("sessions", "lock_own", "FOR UPDATE")),
    Mutation(
        "the comparison of drafts",
        lambda s: test_session_http.test_drafts_are_compared_by_revision_and_come_back(
            s.node, s.newcomer, s.interview
        ),
        cut("drafts", "save", "WHERE drafts.revision < excluded.revision"),
    ),
]

# Those that have no test of their own elsewhere, and so are to be seen green here.
CHECKS = [
    late_answers_are_not_stored,
    the_database_refuses_a_second_answer,
    the_database_refuses_a_second_session,
    an_old_disconnect_frees_nothing,
]

# What the state machine has to find by itself.
DIVERGENCES: dict[str, Patching] = {
    "a duplicate is no duplicate": instead(submit, "_earlier", nothing),
    "nobody looks at the sign of life": instead(standing, "refuse_uncredited", unchecked),
    "a first write leaves the older resume token good": cut(
        "changes",
        "record",
        "CASE WHEN c.lock_used THEN NULL ELSE s.previous_resume_token_hash END",
        "s.previous_resume_token_hash",
    ),
    "frozen time is not kept": cut("changes", "record", "question_frozen = make_interval(secs => c.frozen),"),
    "a node does not wait for the one that holds": cut(
        "sessions", "lock_due", " - $3::interval", " - $3::interval * 0"
    ),
    "an older draft wins": cut("drafts", "save", "WHERE drafts.revision < excluded.revision"),
}
