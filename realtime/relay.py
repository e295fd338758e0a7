"""The hands that work after a commit, each of them in one process at a time.

One numbers the feed's events and tells the nodes; nothing keeps it from that, for recruiters are watching. The other numbers and
publishes public events, and the jobs that were not sent at their commit. Public entries get ids made from their position, so Redis
itself refuses what was overtaken.
"""

import time
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from db import outbox
from db.outbox import DueJob, Numbered, PublicEvent, StreamPosition
from db.pool import Connection
from realtime.contracts.streams import (
    BODY_FIELD,
    DEAD,
    JOBS,
    RESULTS,
    SUMMARIES,
    AnswerJob,
    SummaryJob,
    cloud_event,
)
from realtime.hints import FEED, Hints
from realtime.leading import Leader
from realtime.rest import Rest
from realtime.usecases.feed import payload_of

log = structlog.get_logger()

BATCH = 500  # one statement stays in the tens of milliseconds
FEED_REST = Rest(0.25, shortest=0, longest=0.02)  # at 100 answers a second, as long again cost 8 ms
PUBLISHING_REST = Rest(0.25, shortest=0.05, longest=0.05)  # where nobody waits for an event
SWEEP_SECONDS = 5.0
SWEEP_AGAIN_SECONDS = 1.0  # where there may be more of one interview than it asked for
SWEPT_AT_ONCE = (
    2_000  # of one interview: many times what graders take off in the meantime, where they wait for an AI
)
PRUNE_SECONDS = 3600.0
LOST_AFTER = timedelta(seconds=30)  # longer than an entry waits in a healthy queue
JOB_ENTRIES_KEPT = timedelta(hours=1)  # the sweeper has long republished what was not settled by then


class Relay:
    """Numbers and publishes; `wake` after every commit that wrote events or jobs.

    A node is `reluctant`: its loop is busy with candidates, so it gives way to a process that is not.
    """

    def __init__(
        self, *, database_url: str, redis: Redis, hints: Hints, retention: timedelta, reluctant: bool = False
    ) -> None:
        self._redis = redis
        self._hints = hints
        self._retention = retention
        self._next_sweep = 0.0
        self._next_prune = 0.0
        leads = partial(Leader, database_url=database_url, hints=hints, reluctant=reluctant)
        self.feed = leads(self.number, lock="feed", rest=FEED_REST)
        self.publishing = leads(self.publish, lock="publishing", rest=PUBLISHING_REST)

    def wake(self) -> None:
        """There is something to do, here or with whoever leads."""
        self.feed.wake()
        self.publishing.wake()

    def overheard(self, hint: Mapping[str, object]) -> None:
        """Take a hint of another process."""
        self.feed.overheard(hint)
        self.publishing.overheard(hint)

    def hands(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What works until it is cancelled, each to be run as a task of its own."""
        return self.feed.run(), self.publishing.run()

    async def number(self, conn: Connection) -> bool:
        """Number what is committed and tell the nodes; answers whether there may be more."""
        numbered = await outbox.number_feed(conn, limit=BATCH)
        if numbered:
            self._hints.say(orjson.dumps([feed_message(event) for event in numbered]), channel=FEED)
        return len(numbered) == BATCH

    async def publish(self, conn: Connection) -> bool:
        """Publish what is due; answers whether there may be more."""
        may_be_lost = await self._upkeep(conn)
        todo = await outbox.look(conn)
        jobs = await self._publish_jobs(conn) if todo.jobs else 0
        positions = await outbox.number_stream(conn, RESULTS, limit=BATCH) if todo.stream else 0
        # numbered before it is published: never under a number that a crash could give to another
        events = await self._publish_stream(conn) if positions or todo.unpublished or may_be_lost else 0
        return BATCH in (jobs, positions, events)

    async def _publish_jobs(self, conn: Connection) -> int:
        # marked by the commit, after they are there: should we end in between, they are published once more
        async with conn.transaction():
            jobs = await outbox.take_jobs(conn, limit=BATCH)
            await put_jobs(self._redis, [_entry(job) for job in jobs])
        return len(jobs)

    async def _publish_stream(self, conn: Connection) -> int:
        """Publish what Redis does not have, lost by it or new, oldest first; answers how many."""
        stands, there = await self._public_stream(conn)
        if there < stands.published:
            log.warning("public_stream_refilled", above=there)
        events = await outbox.read_stream(conn, after=min(there, stands.published), limit=BATCH)
        async with self._redis.pipeline(transaction=False) as pipe:
            for event in events:
                body = public_body(event)
                if body is not None:
                    pipe.xadd(RESULTS, {BODY_FIELD: body}, id=f"{stands.installed_ms}-{event.position}")
            answers = await pipe.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, ResponseError) and "equal or smaller" in str(answer):
                continue  # it is there already: an earlier relay was stopped between XADD and mark
            if isinstance(answer, Exception):
                raise answer
        # where nothing is left, what was there has been pruned
        has = events[-1].position if events else stands.position
        if has != stands.published:
            await outbox.mark_stream(conn, RESULTS, position=has)
        return len(events)

    async def _public_stream(self, conn: Connection) -> tuple[StreamPosition, int]:
        """Where the public stream stands, and the highest position that Redis ever had of it."""
        stands = await outbox.stream_position(conn, RESULTS)
        try:
            info = await self._redis.xinfo_stream(RESULTS)
        except ResponseError:  # no such stream
            return stands, 0
        milliseconds, position = (int(part) for part in info["last-generated-id"].decode().split("-"))
        if milliseconds <= stands.installed_ms:
            return stands, position if milliseconds == stands.installed_ms else 0
        # another database wrote here: go on above its entries
        log.warning("public_stream_was_anothers", last_entry=f"{milliseconds}-{position}")
        await outbox.reinstall_stream(conn, RESULTS, installed_ms=milliseconds + 1)
        return replace(stands, installed_ms=milliseconds + 1), 0

    async def _upkeep(self, conn: Connection) -> bool:
        """Do what is due from time to time; answers whether to look if Redis has lost what was published."""
        now = time.monotonic()
        swept_now = now >= self._next_sweep
        if swept_now:
            self._next_sweep = now + SWEEP_SECONDS
            swept = await outbox.sweep_jobs(conn, older_than=LOST_AFTER, at_most=SWEPT_AT_ONCE)
            if swept >= SWEPT_AT_ONCE:
                self._next_sweep = now + SWEEP_AGAIN_SECONDS
        if now >= self._next_prune:
            self._next_prune = now + PRUNE_SECONDS
            await self._prune(conn)
        return swept_now

    async def _prune(self, conn: Connection) -> None:
        await outbox.prune_feed(conn, retention=self._retention)
        lowest = await outbox.prune_stream(conn, RESULTS, retention=self._retention)
        at = await outbox.stream_position(conn, RESULTS)
        seconds, microseconds = await self._redis.time()
        now_ms = seconds * 1000 + microseconds // 1000
        await self._redis.xtrim(RESULTS, minid=f"{at.installed_ms}-{lowest}", approximate=False)
        for stream, kept in (
            (JOBS, JOB_ENTRIES_KEPT),
            (SUMMARIES, JOB_ENTRIES_KEPT),
            (DEAD, self._retention),
        ):
            await self._redis.xtrim(stream, minid=str(now_ms - kept // timedelta(milliseconds=1)))


async def put_jobs(redis: Redis, entries: Iterable[tuple[str, bytes]]) -> None:
    """Put jobs on their streams (stream, body), all at once; raises RedisError or OSError.

    One by one, a grader that waits would be given the first of them alone, and the others a round later.
    """
    async with redis.pipeline(transaction=True) as pipe:
        for stream, body in entries:
            pipe.xadd(stream, {BODY_FIELD: body})
        await pipe.execute()


def public_body(event: PublicEvent) -> bytes | None:
    """What an event is outside, on the stream and in a webhook; None for one that breaks its own contract, which is logged."""
    try:
        return cloud_event(
            event_id=event.event_id,
            kind=event.type,
            session_id=event.session_id,
            at=event.occurred_at,
            data=event.data,
        )
    except ValidationError:
        # a fault of ours that must not hold up everything behind it; the row stays, to be looked at
        log.exception("public_event_invalid", event_id=str(event.event_id), type=event.type)
        return None


def feed_message(event: Numbered) -> dict[str, object]:
    """A numbered event as nodes hear it: which room, which event, the whole payload."""
    return {"recruiter_id": str(event.recruiter_id), "event": event.kind, "payload": payload_of(event)}


def _entry(job: DueJob) -> tuple[str, bytes]:
    if job.kind == "summary" or job.answer_id is None:
        summary = SummaryJob(
            job_id=job.job_id, session_id=job.session_id, grading_version=job.grading_version
        )
        return SUMMARIES, summary.encode()
    return JOBS, AnswerJob.model_validate(
        {
            "job_id": job.job_id,
            "answer_id": job.answer_id,
            "session_id": job.session_id,
            "question_type": job.question_type,
            "grading_version": job.grading_version,
        }
    ).encode()


__all__ = ["Relay", "feed_message", "public_body", "put_jobs"]
