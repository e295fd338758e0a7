"""Answers of which it is known what they are worth, and what is wrong with what became of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from realtime.contracts.streams import JOBS
from tests.faults.unsteady_ai import POISON, share_of
from tests.integration.evaluation import CODE, MCQ, OPEN, SHORT, Answered, Json, World

QUESTIONS: tuple[Json, ...] = (MCQ, SHORT, MCQ, OPEN, MCQ, CODE, MCQ, SHORT, MCQ, OPEN)
JUNK: tuple[dict[bytes, bytes], ...] = (
    {b"__data__": b"hello"},
    {b"__data__": b"\xff\xfe{"},
    {b"something": b"else"},
    {b"__data__": b"[]"},
    {b"__data__": b'{"kind":"coffee"}'},
    {b"__data__": b'{"kind":"answer","job_id":"7"}'},
    {b"__data__": b""},
    {b"__data__": b"null"},
    {b"__data__": b'{"kind":"answer"'},
    {b"__data__": b"[" * 5_000},
)


@dataclass(slots=True)
class Work:
    """What was given to the graders: by the number that stands in an answer, its job and what it is worth."""

    world: World
    interview_id: UUID
    poisoned_interview_id: UUID
    jobs: dict[int, UUID] = field(default_factory=dict)
    worth: dict[UUID, float] = field(default_factory=dict)  # by answer
    sessions: list[Answered] = field(default_factory=list)
    poisoned: list[Answered] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)  # ids of entries
    _last: int = 0

    @classmethod
    async def prepare(cls, world: World) -> "Work":
        """Interviews to answer."""
        return cls(world, await world.interview(*QUESTIONS), await world.interview(OPEN))

    async def add_sessions(self, count: int) -> None:
        """Sessions of ten answers each, of every kind and worth."""
        for _ in range(count):
            first = self._last + 1
            self._last += len(QUESTIONS)
            texts = [_answer(question, first + place) for place, question in enumerate(QUESTIONS)]
            done = await self.world.session(self.interview_id, texts)
            self.sessions.append(done)
            for place, question in enumerate(QUESTIONS):
                self.jobs[first + place] = done.jobs[place]
                self.worth[done.answers[place]] = _worth(question, first + place)

    async def add_poison(self) -> int:
        """Entries that are no jobs, and as many jobs whose grader always fails; answers how many of both."""
        for entry in JUNK:
            added: Any = await self.world.redis.xadd(JOBS, entry)  # type: ignore[arg-type]
            self.junk.append(added.decode())
        for place in range(len(JUNK)):
            text = f"A {POISON} answer, the {place}th."
            self.poisoned.append(await self.world.session(self.poisoned_interview_id, [text]))
        return len(self.junk) + len(self.poisoned)


def _answer(question: Json, number: int) -> str | None:
    if question is MCQ:
        return "B-tree" if number % 3 else "Hash"
    if number % 17 == 0:
        return None
    keyword = " An index helps." if number % 2 else ""
    return f"This is number {number:06d}.{keyword}"


def _worth(question: Json, number: int) -> float:
    points = float(question["points"])
    text = _answer(question, number)
    if question is MCQ:
        return points if text == "B-tree" else 0.0
    if text is None:
        return 0.0
    if question is SHORT:
        found = 0.5 if "index" in text else 0.0
        return round(points / 2 * found + points / 2 * share_of(number), 2)
    return round(points * share_of(number), 2)


async def faults_of_grading(work: Work) -> Iterator[str]:
    """Everything that promise 4 forbids, in words."""
    pool = work.world.pool
    rows = await pool.fetch(_ANSWERS)
    totals = await pool.fetch(_TOTALS)
    events = Counter(
        event["data"]["answer_id"]
        for event in await _public(work.world)
        if event["type"] == "interlock.answer.evaluated" and event["data"]["state"] == "scored"
    )
    return iter([*_of_answers(work, rows, events), *_of_totals(work, totals)])


def _of_answers(work: Work, rows: list[Any], events: Counter[str]) -> Iterator[str]:
    stored = {row["id"] for row in rows}
    yield from (f"lost: {answer_id}" for answer_id in work.worth if answer_id not in stored)
    for row in rows:
        if row["jobs"] != 1 or row["results"] != 1:
            yield f"{row['jobs']} jobs and {row['results']} results of one answer: {dict(row)}"
        worth = work.worth.get(row["id"])
        if worth is None:  # poisoned
            if (row["state"], row["job"], row["score"]) != ("needs_review", "dead", None):
                yield f"poison that did not go to a person: {dict(row)}"
            continue
        if (row["state"], row["job"], row["score"]) != ("scored", "done", worth):
            yield f"worth {worth}: {dict(row)}"
        if row["result_score"] != row["score"] or row["result_attempt"] > row["attempt"]:
            yield f"another result than what counts: {dict(row)}"
        if row["changed"] and events[str(row["id"])] != 1:
            yield f"told {events[str(row['id'])]} times to the public stream: {dict(row)}"


def _of_totals(work: Work, rows: list[Any]) -> Iterator[str]:
    totals = {row["id"]: row for row in rows}
    for done in work.sessions:
        row = totals[done.session_id]
        worth = round(sum(work.worth[answer_id] for answer_id in done.answers), 2)
        if row["final_score"] != worth:
            yield f"worth {worth} together: {dict(row)}"
        if row["told"] != 1 or not row["ai_summary"]:
            yield f"not settled once, with its text: {dict(row)}"
    for done in work.poisoned:
        if totals[done.session_id]["final_score"] is not None:
            yield f"settled without a person: {dict(totals[done.session_id])}"


def faults_of_letters(work: Work, letters: list[bytes]) -> Iterator[str]:
    """Dead letters that are missing, or nobody's."""
    read = [orjson.loads(letter) for letter in letters]
    told = Counter(letter["job_id"] or letter["entry_id"] for letter in read)
    due = {*work.junk, *(str(done.jobs[0]) for done in work.poisoned)}
    yield from (f"no dead letter of {each}" for each in due - set(told))
    yield from (f"a dead letter of what was no poison: {each}" for each in set(told) - due)
    yield from (f"{count} dead letters of {each}" for each, count in told.items() if count > 1)
    yield from (f"a dead letter without a reason: {letter}" for letter in read if not letter["reason"])


async def _public(world: World) -> list[Json]:
    rows = await world.pool.fetch("SELECT type, data FROM stream_events ORDER BY id")
    return [dict(row) for row in rows]


_ANSWERS = """
SELECT
    a.id, a.evaluation_state AS state, a.score, a.result_version, a.result_version > 0 AS changed,
    (SELECT count(*) FROM jobs j WHERE j.answer_id = a.id) AS jobs,
    (SELECT count(*) FROM results r WHERE r.answer_id = a.id) AS results,
    j.state AS job, j.attempt, j.failures, j.last_error, r.score AS result_score, r.attempt AS result_attempt
FROM answers a
LEFT JOIN jobs j ON j.answer_id = a.id
LEFT JOIN results r ON r.answer_id = a.id
"""
_TOTALS = """
SELECT
    s.id, s.final_score, s.ai_summary, s.totals_version,
    (SELECT count(*) FROM feed_events f WHERE f.session_id = s.id AND f.kind = 'interview_completed') AS told
FROM interview_sessions s
"""
