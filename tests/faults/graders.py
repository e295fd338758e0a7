"""Grader processes under fire: each behind gates before its stores and with an AI of its own, killed in the windows where work could be lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from db.pool import Pool, open_pool
from realtime.contracts.streams import DEAD, GRADERS, JOBS, SUMMARIES, read_job
from tests import ai_server
from tests.faults.cluster import Cluster, Process
from tests.faults.counts import Fault
from tests.faults.gate import Gate, Words, never
from tests.faults.graded import Work
from tests.faults.unsteady_ai import UnsteadyAi
from tests.integration.evaluation import World, opened_world

PROCESSES = 2
MOST_ATTEMPTS = 10  # so that chance, at one failure in five, takes no job to a person
AI_SECONDS = 2.0
WAIT_SECONDS = 90.0
LOOK_SECONDS = 0.2
WINDOWS = (Fault.BEFORE_MARK, Fault.BEFORE_COMMIT, Fault.BEFORE_XACK)
STALE_MS = 61_000  # a second more than an entry may stay pending


@dataclass(slots=True)
class Grader:
    """A process, what stands between it and its stores, and its AI's name."""

    process: Process
    postgres: Gate
    valkey: Gate

    @property
    def gates(self) -> tuple[Gate, Gate]:
        """Both."""
        return self.postgres, self.valkey


@dataclass(slots=True)
class UnderFire:
    """All of it, and what a test does to it."""

    product: Cluster
    world: World
    work: Work
    ai: UnsteadyAi
    graders: list[Grader] = field(default_factory=list)

    async def kill_in(self, window: Fault, *, feed: Callable[[], Awaitable[None]]) -> None:
        """Kill a process in this window, for certain; `feed` brings new work for it."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                self._wait_for(window)
                await feed()
                victim = await self._closed()
                for other in self.graders:
                    if other is not victim:
                        for gate in other.gates:
                            gate.let_pass()
                held = next(gate.held for gate in victim.gates if gate.held is not None)
                if await self._was_hit(window, held):
                    break
                for gate in victim.gates:
                    gate.let_pass()
        victim.process.kill(window)
        for gate in victim.gates:
            gate.swallow()
        self.ai.killed(victim.process.name)
        await self.time_passes()
        victim.process.start()

    async def time_passes(self) -> None:
        """Half a minute: what was published is looked for, whoever held a job has died or lost it, what is pending is stale."""
        await self.world.pool.execute(_HALF_A_MINUTE)
        self.ai.leases_lost()
        for stream in (JOBS, SUMMARIES):
            await self._age(stream)

    async def hurry(self) -> None:
        """Bring forward what waits for its next attempt; but what the AI asked us to wait is waited."""
        await self.world.pool.execute(_BRING_FORWARD)

    async def lose(self, fault: Fault) -> None:
        """Take the groups, or all of Redis, away: every process ends with an error, and is started again as by a supervisor."""
        await self.ready()
        if fault is Fault.REDIS_EMPTIED:
            await self.world.redis.flushall()
        else:
            for stream in (JOBS, SUMMARIES):
                await self.world.redis.xgroup_destroy(stream, GRADERS)
        self.product.tally[fault] += 1
        for grader in self.graders:
            assert await self._ended(grader.process) == 1, f"{grader.process.name} did not end with an error"
            self.ai.killed(grader.process.name)
        for grader in self.graders:
            grader.process.start()
        await self.ready()
        await self.time_passes()

    async def ready(self) -> None:
        """Wait until every process reads, under a name that has its process id in it."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not all([await self._reads(grader.process) for grader in self.graders]):
                await asyncio.sleep(LOOK_SECONDS)

    async def drain(self) -> None:
        """Wait until nothing is unsettled, nothing pending, and every dead letter written."""
        async with asyncio.timeout(2 * WAIT_SECONDS):
            while await self.left():
                await self.hurry()
                await asyncio.sleep(LOOK_SECONDS)
            while await self.pending():
                for stream in (JOBS, SUMMARIES):
                    await self._age(stream)
                await asyncio.sleep(LOOK_SECONDS)

    async def left(self) -> int:
        """How many jobs are unsettled, or dead without a letter."""
        count: int = await self.world.pool.fetchval(_LEFT)
        return count

    async def pending(self) -> int:
        """How many entries were read and not acknowledged, or not read at all."""
        count = 0
        for stream in (JOBS, SUMMARIES):
            for group in await self.world.redis.xinfo_groups(stream):
                count += int(group["pending"]) + int(group["lag"] or 0)
        return count

    def _wait_for(self, window: Fault) -> None:
        for grader in self.graders:
            if window is Fault.BEFORE_XACK:
                grader.valkey.wait_for(_acknowledges)
            elif window is Fault.BEFORE_MARK:
                grader.postgres.wait_for(_marks)
            else:
                grader.postgres.wait_for(self._records_judgement(grader.process.name))

    def _records_judgement(self, name: str) -> Callable[[Words], bool]:
        def moment(words: Words) -> bool:
            if b"interlock-consumers" not in words.name or b"COMMIT;" not in words.now:
                return False
            return any(job.bytes in words.so_far for job in self._judged(name))

        return moment

    def _judged(self, name: str) -> list[UUID]:
        return [self.work.jobs[number] for number in self.ai.judged_for[name] if number in self.work.jobs]

    async def _closed(self) -> Grader:
        waiting = {
            asyncio.create_task(gate.closed.wait()): grader
            for grader in self.graders
            for gate in grader.gates
            if gate.moment is not never
        }
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        return waiting[done.pop()]

    async def _was_hit(self, window: Fault, held: Words) -> bool:
        """Whether what the window is named after is true at this moment, with the process stopped in it."""
        if window is Fault.BEFORE_MARK:
            newest: Any = await self.world.redis.xrevrange(JOBS, count=500)
            added = [read_job(fields[b"__data__"]).job_id for _, fields in newest if _is_job(fields)]
            return bool(await self.world.pool.fetchval(_UNMARKED, added))
        if window is Fault.BEFORE_COMMIT:
            judged = [job for job in self.work.jobs.values() if job.bytes in held.so_far]
            return bool(await self.world.pool.fetchval(_RUNNING, judged))
        pending: Any = await self.world.redis.xpending_range(JOBS, GRADERS, min="-", max="+", count=1000)
        read = []
        for each in pending:
            entry: Any = await self.world.redis.xrange(JOBS, min=each["message_id"], max=each["message_id"])
            read += [read_job(fields[b"__data__"]).job_id for _, fields in entry if _is_job(fields)]
        return bool(await self.world.pool.fetchval(_DONE, read))

    async def _age(self, stream: str) -> None:
        redis: Redis = self.world.redis
        pending: Any = await redis.xpending_range(stream, GRADERS, min="-", max="+", count=1000)
        for each in pending:
            if each["time_since_delivered"] < STALE_MS:
                await redis.xclaim(
                    stream, GRADERS, each["consumer"], 0, [each["message_id"]], idle=STALE_MS, justid=True
                )

    async def _reads(self, process: Process) -> bool:
        assert process.process is not None
        try:
            names = [each["name"].decode() for each in await self.world.redis.xinfo_consumers(JOBS, GRADERS)]
        except ResponseError:  # it has not made its group again
            return False
        return any(f"-{process.process.pid}-" in name for name in names)

    async def _ended(self, process: Process) -> int:
        assert process.process is not None
        async with asyncio.timeout(WAIT_SECONDS):
            while (code := process.process.poll()) is None:
                await asyncio.sleep(LOOK_SECONDS)
        return code


@asynccontextmanager
async def under_fire(product: Cluster, rng: Random) -> AsyncIterator[UnderFire]:
    """Run grader processes on this cluster's stores for the length of the block."""
    async with AsyncExitStack() as stack:
        pool: Pool = await stack.enter_async_context(
            open_pool(product.database_url, application_name="tests")
        )
        world = await stack.enter_async_context(
            opened_world(pool, database_url=product.database_url, redis_url=product.redis_url)
        )
        it = UnderFire(product, world, await Work.prepare(world), UnsteadyAi(rng, product.tally))
        for _ in range(PROCESSES):
            it.graders.append(await _grader(product, it.ai, stack))
        yield it


async def _grader(product: Cluster, ai: UnsteadyAi, stack: AsyncExitStack) -> Grader:
    server = await stack.enter_async_context(ai_server.ai_server())
    gates = Gate(target=product.database_url), Gate(target=product.redis_url)
    for gate in gates:
        await gate.open()
        stack.push_async_callback(gate.close)
    process = product.add_consumer(
        settings={
            "INTERLOCK_DATABASE_URL": gates[0].url,
            "INTERLOCK_REDIS_URL": gates[1].url,
            "OPENAI_API_KEY": "test-key",
            "OPENAI_BASE_URL": server.url,
            "INTERLOCK_AI_TIMEOUT_SECONDS": str(AI_SECONDS),
            "INTERLOCK_AI_MAX_ATTEMPTS": str(MOST_ATTEMPTS),
        }
    )
    stack.callback(process.end)  # before its gates close
    server.otherwise = ai.for_process(process.name)
    return Grader(process, *gates)


def _acknowledges(words: Words) -> bool:
    return b"XACK" in words.now


def _marks(words: Words) -> bool:
    return b"interlock-leader" in words.name and b"COMMIT;" in words.now


def _is_job(fields: dict[bytes, bytes]) -> bool:
    return fields.get(b"__data__", b"").startswith(b'{"job_id"')


async def letters(redis: Redis) -> list[bytes]:
    """The bodies of all dead letters."""
    found: Any = await redis.xrange(DEAD)
    return [fields[b"__data__"] for _, fields in found]


_UNMARKED = """
SELECT EXISTS(SELECT FROM jobs WHERE id = ANY($1::uuid[]) AND state = 'queued' AND published_at IS NULL)
"""
_RUNNING = "SELECT EXISTS(SELECT FROM jobs WHERE id = ANY($1::uuid[]) AND state = 'running')"
_DONE = "SELECT EXISTS(SELECT FROM jobs WHERE id = ANY($1::uuid[]) AND state = 'done')"
_LEFT = """
SELECT count(*) FROM jobs WHERE state IN ('queued', 'running') OR (state = 'dead' AND published_at IS NULL)
"""
_HALF_A_MINUTE = """
UPDATE jobs SET
    published_at = published_at - interval '31 s',
    lease_until = lease_until - interval '31 s'
WHERE id IN (SELECT id FROM jobs WHERE state IN ('queued', 'running') ORDER BY id FOR UPDATE SKIP LOCKED)
"""
_BRING_FORWARD = """
UPDATE jobs SET due_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM jobs
    WHERE state = 'queued' AND due_at > clock_timestamp() AND last_error NOT LIKE 'rate_limited%'
    ORDER BY id FOR UPDATE SKIP LOCKED
)
"""
