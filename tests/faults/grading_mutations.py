"""The clauses that evaluation rests on, each with how to take it out and what must go red then."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from consumers import backoff, groups
from consumers.grading import judgement
from consumers.grading.judgement import Share
from consumers.slots import FairQueue
from db import jobs, outbox
from realtime.contracts.streams import GRADERS, JOBS, SUMMARIES
from realtime.relay import Relay
from tests.ai_server import AiServer
from tests.faults.mutations import Patching, cut, instead
from tests.integration import test_evaluation_ai, test_evaluation_fairness, test_evaluation_streams
from tests.integration.evaluation import ALREADY_OVER, OPEN, World
from tests.integration.test_relay import relay_of
from tests.unit import test_grading_judgement, test_grading_retries


@dataclass(frozen=True, slots=True)
class Bench:
    """What the checks are played on."""

    world: World
    ai: AiServer


@dataclass(frozen=True, slots=True)
class Mutation:
    """A clause, the check that notices, and how to take it out; of those that take long, some only with --long."""

    clause: str
    check: Callable[[Bench], Awaitable[None]]
    take_out: Patching
    always: bool = True


async def what_is_lost_is_published_again(bench: Bench) -> None:
    """Whoever held it has died, and so has Redis: one pass of the relay's brings it back."""
    world = bench.world
    done = await world.session(await world.interview(OPEN), ["Prose."])
    relay: Relay = relay_of(world.settings(), world.redis)
    async with world.pool.acquire() as conn:
        assert await jobs.claim(conn, done.jobs[0], lease=ALREADY_OVER) is not None
        await conn.execute("UPDATE jobs SET published_at = clock_timestamp() - interval '31 s'")
    async with relay.publishing.connected() as leading:
        await relay.publish(leading)
    assert await world.redis.xlen(JOBS) == 1


async def nobody_records_what_another_has_taken_over(bench: Bench) -> None:
    """Neither a result, nor a failure, nor the end of it."""
    world = bench.world
    done = await world.session(await world.interview(OPEN), ["Prose."])
    async with world.pool.acquire() as conn:
        old = await jobs.claim(conn, done.jobs[0], lease=ALREADY_OVER)
        new = await jobs.claim(conn, done.jobs[0], lease=60)
        assert old is not None
        assert new is not None
        held = jobs.Held(job_id=old.job_id, attempt=old.attempt)
        assert not await jobs.complete(conn, held)
        assert not await jobs.retry_later(conn, held, delay=1, reason="late")
        assert not await jobs.give_up(conn, held, reason="late")
        await jobs.hand_back(conn, [held])
        assert not await jobs.renew(conn, [held], lease=60)
        row = await world.job(done.jobs[0])
    assert (row["state"], row["attempt"], row["failures"]) == ("running", 2, 0)


async def a_full_queue_lets_newcomers_in(_: Bench) -> None:
    """At the cost of whoever has most."""
    test_grading_retries.test_a_full_queue_lets_a_newcomer_in_at_the_cost_of_whoever_has_most()


async def bounds_are_checked_by_us(_: Bench) -> None:
    """Whatever the schema let pass."""
    test_grading_judgement.test_bounds_are_checked_by_us_too()


async def what_the_ai_asked_us_to_wait_is_waited(_: Bench) -> None:
    """And not our own back-off only."""
    test_grading_retries.test_what_was_asked_for_is_waited()


async def groups_at_the_end(redis: Redis) -> None:
    """Make groups as FastStream would."""
    for stream in (JOBS, SUMMARIES):
        with suppress(ResponseError):
            await redis.xgroup_create(stream, GRADERS, id="$", mkstream=True)


async def none_swept(*_: Any, **__: Any) -> int:
    """Ask for nothing again."""
    return 0


def unbounded(criterion: Any, place: int) -> Share:
    """Take any number."""
    return Share(value=criterion.judgement, reason=criterion.reason)


_AFTER_FAILURE = backoff.after_failure


def impatient(**facts: Any) -> Any:
    """Wait as if nothing had been asked for."""
    return _AFTER_FAILURE(**{**facts, "asked": None})


ATTEMPT = " AND attempt = $2"
ANY_ATTEMPT = " AND $2::integer IS NOT NULL"

MUTATIONS = [
    *(
        Mutation(
            f"the attempt's fence of {name}",
            nobody_records_what_another_has_taken_over,
            cut("jobs", name, ATTEMPT, ANY_ATTEMPT),
        )
        for name in ("complete", "retry_later", "give_up")
    ),
    *(
        Mutation(
            f"the attempt's fence of {name}",
            nobody_records_what_another_has_taken_over,
            cut("jobs", name, " AND j.attempt = held.attempt"),
        )
        for name in ("hand_back", "renew")
    ),
    Mutation(
        "the attempt's fence, with an AI that answers late",
        lambda b: test_evaluation_ai.test_a_result_of_an_attempt_that_lost_its_lease_is_refused(
            b.world, b.ai
        ),
        cut("jobs", "complete", ATTEMPT, ANY_ATTEMPT),
        always=False,
    ),
    Mutation("the sweeper", what_is_lost_is_published_again, instead(outbox, "sweep_jobs", none_swept)),
    Mutation(
        "the mark of what is claimed",
        lambda b: test_evaluation_fairness.test_a_job_claimed_before_it_was_published_again_is_swept_too(
            b.world
        ),
        cut("jobs", "claim", "published_at = coalesce(published_at, clock_timestamp()),"),
    ),
    Mutation(
        "the beginning of a group",
        lambda b: test_evaluation_streams.test_groups_begin_at_the_streams_beginnings_and_can_be_made_twice(
            b.world
        ),
        instead(groups, "create", groups_at_the_end),
    ),
    Mutation("the bounds", bounds_are_checked_by_us, instead(judgement, "_share", unbounded)),
    Mutation(
        "the room for newcomers",
        a_full_queue_lets_newcomers_in,
        instead(FairQueue, "_make_room", lambda *_: False),
    ),
    Mutation(
        "the share of one interview in what is swept",
        lambda b: (
            test_evaluation_fairness.test_the_sweeper_asks_for_a_crowd_bit_by_bit_and_for_everybody_elses_at_once(
                b.world
            )
        ),
        cut("outbox", "sweep_jobs", "AND lost.place <= $2 - coalesce(w.jobs, 0)", "AND $2 > 0"),
    ),
    Mutation(
        "the wait that was asked for",
        what_the_ai_asked_us_to_wait_is_waited,
        instead(test_grading_retries, "after_failure", impatient),
    ),
]

# Seen green by themselves, beside being seen red.
CHECKS = [what_is_lost_is_published_again, nobody_records_what_another_has_taken_over]

__all__ = ["CHECKS", "MUTATIONS", "Bench", "Mutation"]
