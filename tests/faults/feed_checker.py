"""Holds what dashboards applied against what was committed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db import outbox
from db.pool import Connection
from realtime.usecases.feed import payload_of
from tests.faults.dashboard import Applied, Dashboard

QUESTIONS = "SELECT id::text, current_question_index FROM interview_sessions WHERE recruiter_id = $1"
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class History:
    """All events of a recruiter in order, and where their sessions are."""

    events: list[Applied]
    questions: dict[str, int]


async def read(conn: Connection, recruiter_id: UUID) -> History:
    """Read what is committed."""
    stored = await outbox.replay(conn, recruiter_id, after=0, limit=EVERYTHING)
    return History(
        [Applied(each.feed_offset, each.kind, payload_of(each)) for each in stored],
        {row["id"]: row["current_question_index"] for row in await conn.fetch(QUESTIONS, recruiter_id)},
    )


def faults(history: History, pages: list[Dashboard]) -> Iterator[str]:
    """What a promise was broken by."""
    yield from _of_numbers(history)
    by_offset = {each.offset: each for each in history.events}
    for number, page in enumerate(pages):
        for fault in (
            *page.faults,
            *_of_order(page),
            *_of_snapshots(page, history),
            *(
                f"{each.offset} was told as {each}"
                for each in page.applied
                if by_offset.get(each.offset) != each
            ),
        ):
            yield f"page {number}: {fault}"
        if page.questions != history.questions:
            yield f"page {number} shows {page.questions} in place of {history.questions}"


def _of_numbers(history: History) -> Iterator[str]:
    """Offsets grow by one, in the order in which each session went on."""
    offsets = [each.offset for each in history.events]
    if offsets != list(range(1, len(offsets) + 1)):
        yield f"the numbers have a gap: {offsets}"
    reached: dict[str, int] = defaultdict(int)
    for index, session in _advances(history.events):
        if index != reached[session] + 1:
            yield f"session {session} is told to be at {index} after {reached[session]}"
        reached[session] = index


def _of_order(page: Dashboard) -> Iterator[str]:
    """Each event once and in its turn, but for what a new snapshot stands for."""
    begun = {each.position for each in page.snapshots}
    if not page.applied:
        yield "it applied nothing"
        return
    at = page.snapshots[0].position
    for each in page.applied:
        if each.offset != at + 1 and each.offset - 1 not in begun:
            yield f"it applied {each.offset} after {at}"
        at = each.offset


def _of_snapshots(page: Dashboard, history: History) -> Iterator[str]:
    """None is older than the position that came with it."""
    for snapshot in page.snapshots:
        for index, session in _advances(history.events[: snapshot.position]):
            if snapshot.questions[session] < index:
                yield f"the snapshot of {snapshot.position} shows {session} before {index}"


def _advances(events: list[Applied]) -> Iterator[tuple[int, Any]]:
    return (
        (each.payload["question_index"], each.payload["session_id"])
        for each in events
        if each.event == "question_advanced"
    )
