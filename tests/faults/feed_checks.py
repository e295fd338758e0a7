"""Checks of single clauses that the feed rests on, played on the stage of the mutations."""

import asyncio

from db import outbox
from tests.faults.mutation_checks import SOON, Stage
from tests.integration import test_recruiter_feed, test_relay
from tests.integration.recruiting import Desk, Heard

NOTICED = 6.0 + SOON  # seconds: what is promised, and what a busy machine may need to say so
MANY = 50
EVENT = """
INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
SELECT recruiter_id, id, 'session_connected', '{"attempt": 1}' FROM interview_sessions WHERE id = $1
"""


async def numbers_follow_the_order_of_commits(stage: Stage) -> None:
    """Of one session's events, whoever numbers them."""
    await test_relay.add_events(stage.pool, stage.session["id"], MANY)
    async with asyncio.timeout(SOON):
        while None in (numbers := await test_relay.offsets(stage.pool)):
            await asyncio.sleep(0.02)
    assert numbers == sorted(numbers)


async def history_that_is_gone_is_not_answered_in_part(stage: Stage) -> None:
    """Whoever prunes in the middle of a look."""
    desk = Desk(stage.node, stage.recruiter, stage.newcomer, stage.interview_id)
    await test_recruiter_feed.test_history_that_is_gone_is_never_answered_in_part(desk)


async def what_the_fast_path_lost_is_told(stage: Stage) -> None:
    """An event of which no relay ever says a word."""
    socket = await stage.node.connect(stage.recruiter, "/recruiter")
    heard = Heard(socket, "/recruiter")
    async with stage.pool.acquire() as conn, conn.transaction():
        await conn.execute(EVENT, stage.session_id)
        await outbox.number_feed(conn, limit=MANY)
    async with asyncio.timeout(SOON):
        await heard.next("session_connected")


async def a_gap_shows_without_a_new_event(stage: Stage) -> None:
    """The room is told its position, beside the one that everybody gets who comes in."""
    socket = await stage.node.connect(stage.recruiter, "/recruiter")
    heard = Heard(socket, "/recruiter")
    await heard.next("feed_position")
    async with asyncio.timeout(NOTICED):
        await heard.next("feed_position")


CHECKS = [
    numbers_follow_the_order_of_commits,
    what_the_fast_path_lost_is_told,
    a_gap_shows_without_a_new_event,
]
