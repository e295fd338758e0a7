"""Holds what clients were told against what is stored, and what is stored against the rules. Pure; every fault in words.

It shares no code with the product but the receipt's hash, so that a mistake there cannot hide itself here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from uuid import UUID

from tests.faults.history import Outcome, Sent
from tests.faults.tables import AnswerRow, Clock, Tables

MOVES_A_DEADLINE = frozenset({"extended", "outage", "resumed", "paused", "started_over", "terminated"})
CLIENTS_OWN = frozenset({"submitted", "auto"})
CLOSED = "time_limit_exceeded"


def faults_of_answers(history: Iterable[Sent], tables: Tables) -> Iterator[str]:
    """Promise 1: acknowledged answers lost, altered or duplicated, and stored ones that nobody gave."""
    stored = {(row.session_id, row.index): row for row in tables.answers}
    sent: dict[tuple[UUID, int], list[Sent]] = defaultdict(list)
    for each in history:
        sent[each.session_id, each.index].append(each)
    places = Counter((row.session_id, row.index) for row in tables.answers)
    yield from (f"stored {count} times: {place}" for place, count in places.items() if count > 1)
    for place, tries in sent.items():
        row = stored.get(place)
        for each in tries:
            if each.what == "answer" and each.outcome is Outcome.OK:
                yield from _acknowledged(each, row)
        if row is not None:
            yield from _given(row, tries)
    for row in tables.answers:
        if (row.jobs, row.told) != (1, 1) or row.results > 1:
            yield f"{row.jobs} jobs, {row.told} events and {row.results} results of one answer: {row}"
    for session in tables.sessions:
        indexes = sorted(index for session_id, index in places if session_id == session.id)
        if indexes[: session.index] != list(range(session.index)):
            yield f"{session} went past questions without an answer: it has {indexes}"


def _acknowledged(told: Sent, row: AnswerRow | None) -> Iterator[str]:
    if row is None:
        yield f"lost: {told}"
        return
    if (row.id, row.sha256) != (told.answer_id, told.sha256):
        yield f"another answer than the acknowledged one: {told} is stored as {row}"
    if row.how not in CLIENTS_OWN:
        yield f"acknowledged, but stored as {row.how}: {told}"


def _given(row: AnswerRow, tries: list[Sent]) -> Iterator[str]:
    receipt = f"{row.session_id}\n{row.question_id}\n{row.text or ''}"
    if sha256(receipt.encode()).hexdigest() != row.sha256:
        yield f"altered: the hash is another text's: {row}"
    if row.how in CLIENTS_OWN:
        outcomes = {each.outcome for each in tries if each.what == "answer" and each.text == row.text}
        if not outcomes:
            yield f"stored, but never sent: {row}"
        elif outcomes == {Outcome.FAILED}:
            yield f"stored, though every try of it was refused: {row}"
        if any(each.what == "answer" and each.code == CLOSED for each in tries):
            yield f"a repeat was told that the server had closed the question, and it is the client's own: {row}"
        return
    drafts = [each for each in tries if each.what == "draft"]
    kept = max((each.revision or 0 for each in drafts if each.outcome is Outcome.OK), default=0)
    possible = {
        each.text for each in drafts if each.outcome is not Outcome.FAILED and (each.revision or 0) >= kept
    }
    if row.text not in (possible if kept else possible | {None}):
        yield f"closed with another text than the last draft ({kept}): {row}"


@dataclass(slots=True)
class Lateness:
    """How late the server closed questions after deadline and grace."""

    closes: int = 0
    worst: timedelta = timedelta()

    def note(self, late: timedelta) -> None:
        """Count one."""
        self.closes += 1
        self.worst = max(self.worst, late)


def faults_of_clocks(
    tables: Tables, *, grace: timedelta, at_most: timedelta | None, lateness: Lateness
) -> Iterator[str]:
    """Promise 2: questions closed early, late (where `at_most` is given), twice, or answered after they were over."""
    answers = {(row.session_id, row.index): row for row in tables.answers}
    audited = {(act.session_id, act.revision) for act in tables.audit if act.action in MOVES_A_DEADLINE}
    by_session: dict[UUID, list[Clock]] = defaultdict(list)
    for clock in tables.clocks:
        by_session[clock.session_id].append(clock)
    for clocks in by_session.values():
        for before, after in pairwise(clocks):
            if after.revision != before.revision + 1:
                yield f"the revision went from {before} to {after}"
            if after.index == before.index:
                if after.deadline != before.deadline and (after.session_id, after.revision) not in audited:
                    yield f"a deadline moved without a word in the audit: {before} to {after}"
            elif after.index == before.index + 1:
                row = answers.get((before.session_id, before.index))
                yield from _closed(before, after, row, grace, at_most, lateness)
            else:
                yield f"questions were skipped or came again: {before} to {after}"


def _closed(
    before: Clock,
    after: Clock,
    row: AnswerRow | None,
    grace: timedelta,
    at_most: timedelta | None,
    lateness: Lateness,
) -> Iterator[str]:
    if row is None or before.deadline is None:
        yield f"went on without an answer or a deadline: {before} to {after}"
        return
    due = before.deadline + grace
    if row.how == "expired":
        late = after.seen_at - due
        lateness.note(late)
        if row.submitted_at < due:
            yield f"closed {due - row.submitted_at} early: {row}"
        if at_most is not None and late > at_most:
            yield f"closed {late} late: {row}"
    else:
        if row.submitted_at > due:
            yield f"accepted {row.submitted_at - due} after deadline and grace: {row}"
        if row.late != (row.how == "submitted" and row.submitted_at > before.deadline):
            yield f"late or not, it says the wrong thing: {row}, deadline {before.deadline}"


def faults_of_writers(history: Iterable[Sent], tables: Tables) -> Iterator[str]:
    """Promise 3: writes with an older fence than the one that held the session at that moment."""
    fences = {(row.session_id, row.lock_token_hash): row.fence for row in tables.fences}
    tokens: dict[tuple[UUID, str], str] = {
        (each.session_id, each.text): each.lock_token for each in history if each.lock_token is not None
    }
    for write in tables.writes:
        if write.answer is None:
            continue
        token = tokens.get((write.session_id, write.answer))
        if token is None:
            yield f"written by nobody: {write}"
            continue
        fence = fences.get((write.session_id, sha256(token.encode()).digest()))
        if fence != write.fence:
            yield f"written with fence {fence} while {write.fence} held the session: {write}"
