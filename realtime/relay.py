"""The one hand: numbers events after commit, publishes jobs and public events, tells nodes what it numbered.

Every process runs it and one at a time works: each pass is one transaction under an advisory lock, which PostgreSQL ends
after 5 s should its owner stop in the middle. Public entries get ids made from their position, so Redis itself refuses
what a relay writes that was overtaken.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import orjson
import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from db import outbox
from db.outbox import DueJob, Numbered, PublicEvent, StreamPosition
from db.pool import DATABASE_ERRORS, Connection, Pool
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
from realtime.hints import FEED, WORK, Hints
from realtime.usecases.feed import payload_of

log = structlog.get_logger()

BATCH = 500  # one pass stays in the tens of milliseconds
REST = 0.25  # of the time that a pass took: at 100 answers a second, as long again cost 8 ms of their latency
LONGEST_REST = 0.02
POLL_SECONDS = 1.0
PUBLISH_SECONDS = (
    0.05  # between two passes that look after the public stream, where nobody waits for an event
)
LEADERLESS_AFTER = timedelta(seconds=0.5)
RETRY_SECONDS = 0.5
SWEEP_SECONDS = 5.0
PRUNE_SECONDS = 3600.0
LOST_AFTER = timedelta(seconds=30)  # longer than an entry waits in a healthy queue
JOB_ENTRIES_KEPT = timedelta(hours=1)  # the sweeper has long republished what was not settled by then


class Relay:
    """Numbers and publishes; `wake` after every commit that wrote events or jobs."""

    def __init__(self, *, pool: Pool, redis: Redis, hints: Hints, retention: timedelta) -> None:
        self._pool = pool
        self._redis = redis
        self._hints = hints
        self._retention = retention
        self._work = asyncio.Event()
        self._leads = False
        self._next_sweep = 0.0
        self._next_prune = 0.0
        self._next_publish = 0.0

    def wake(self) -> None:
        """There is something to do, here or with whoever leads."""
        if self._leads:
            self._work.set()
        else:
            self._hints.say(WORK)

    def overheard(self) -> None:
        """Another process has something to do; only the leader need care."""
        if self._leads:
            self._work.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            began = time.monotonic()
            try:
                patience = await self.work_once()
                # A pass costs much the same for one event as for fifty: a rest makes the next one larger under load.
                await asyncio.sleep(min((time.monotonic() - began) * REST, LONGEST_REST))
                await self._until_there_is_work(patience)
            except (*DATABASE_ERRORS, RedisError) as error:
                self._leads = False
                log.warning("relay_waits", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)

    async def _until_there_is_work(self, patience: float) -> None:
        """Wait to be woken, for `patience` seconds at most; and look every second, for hints can be lost.

        Whoever leads goes on leading, or each would be woken for the other's work. Another tries only where work has waited
        for longer than a leader that lives lets it, or where the jobs are to be swept.
        """
        waited = timedelta(0) if self._leads else LEADERLESS_AFTER
        while patience > 0:
            # not wait_for: on Python 3.11 it can swallow a cancellation that comes together with the event
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._work.wait()
            if self._work.is_set() or patience < POLL_SECONDS or time.monotonic() >= self._next_sweep:
                break
            async with self._pool.acquire() as conn:
                if await outbox.is_waiting(conn, for_longer_than=waited):
                    break
        self._work.clear()

    async def work_once(self) -> float:
        """Do one pass; answers how many seconds the next may wait: 0 where there is more to do, POLL_SECONDS where nothing is."""
        async with self._pool.acquire() as conn, conn.transaction():
            todo = await outbox.lead(conn)
            self._leads = todo.leads
            if not todo.leads:
                self._next_sweep = time.monotonic() + SWEEP_SECONDS  # the leader's; then we ask who leads
                return POLL_SECONDS
            swept = await self._upkeep(conn)
            positions = 0
            publishes = swept or time.monotonic() >= self._next_publish
            if publishes:
                self._next_publish = time.monotonic() + PUBLISH_SECONDS
                if todo.unpublished or swept:
                    await self._publish_stream(conn)
                if todo.stream:
                    positions = await outbox.number_stream(conn, RESULTS, limit=BATCH)
            numbered = await outbox.number_feed(conn, limit=BATCH) if todo.feed else []
            # last, for a grader that is quick waits for this commit, and a candidate for that grader
            jobs = await self._publish_jobs(conn) if todo.jobs or swept else 0
        self._tell_nodes(numbered)
        if BATCH in (len(numbered), jobs, positions):
            return 0
        # numbered in one pass, published in a later one: never under a number that a crash could give to another
        left = positions > 0 or (not publishes and (todo.stream or todo.unpublished))
        return PUBLISH_SECONDS if left else POLL_SECONDS

    async def _publish_jobs(self, conn: Connection) -> int:
        jobs = await outbox.take_jobs(conn, limit=BATCH)
        if jobs:
            async with self._redis.pipeline(transaction=False) as pipe:
                for job in jobs:
                    stream, message = _entry(job)
                    pipe.xadd(stream, {BODY_FIELD: message})
                await pipe.execute()
        return len(jobs)

    async def _publish_stream(self, conn: Connection) -> None:
        """Publish what Redis does not have, lost by it or new, oldest first."""
        stands, there = await self._public_stream(conn)
        if there < stands.published:
            log.warning("public_stream_refilled", above=there)
        events = await outbox.read_stream(conn, after=min(there, stands.published), limit=BATCH)
        async with self._redis.pipeline(transaction=False) as pipe:
            for event in events:
                body = _public(event)
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
        """Do what is due from time to time; answers whether it may have made something to publish."""
        now = time.monotonic()
        swept = now >= self._next_sweep
        if swept:
            self._next_sweep = now + SWEEP_SECONDS
            await outbox.sweep_jobs(conn, older_than=LOST_AFTER)
        if now >= self._next_prune:
            self._next_prune = now + PRUNE_SECONDS
            await self._prune(conn)
        return swept

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

    def _tell_nodes(self, numbered: Iterable[Numbered]) -> None:
        rows = [feed_message(event) for event in numbered]
        if rows:
            self._hints.say(orjson.dumps(rows), channel=FEED)


def _public(event: PublicEvent) -> bytes | None:
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


__all__ = ["Relay", "feed_message"]
