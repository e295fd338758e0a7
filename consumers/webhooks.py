"""Webhooks: public events over HTTP for those without Redis. PostgreSQL holds how far each receiver has been told.

Any number of processes run this; one at a time delivers to a webhook, for as long as its lease lasts. A webhook's events
go out one after the other in the order of the public stream, so a receiver that is slow or dead delays nobody but itself.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from consumers.backoff import Retry, after_failure
from consumers.patience import patiently
from consumers.posting import NotTaken, Post, Posted, Taken
from db import webhooks
from db.outbox import PublicEvent
from db.pool import DATABASE_ERRORS, Pool
from db.webhooks import Asked, Turn, Way
from realtime.contracts.streams import RESULTS
from realtime.endings import end
from realtime.relay import public_body

log = structlog.get_logger()

LOOK_SECONDS = 0.5  # nobody waits in front of a screen for a webhook
RETRY_SECONDS = 2.0  # after PostgreSQL was not there
LEASE_SECONDS = 30.0  # three times what one delivery may take; renewed by each
AT_ONCE = 256  # receivers that one process talks to: each holds a socket and little else
WINDOW = 5_000  # positions that one look or read covers: milliseconds of an index scan
BATCH = 50  # events read at once
LETTERS = 10  # dead letters tried again in one turn, so that new events do not wait for many of them
# With waits up to five minutes (consumers/backoff.py) this is about two and a half hours: longer than most outages,
# and short enough that one event on which a receiver breaks does not hold up all others for days.
MOST_UNWELL = 48
MOST_REFUSED = 6  # about a minute: the receiver said that it does not want this event


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Delivers to webhooks until cancelled; dead letters are kept for `keep`. `chance` in 0…1 spreads retries."""

    pool: Pool
    post: Post
    keep: timedelta
    chance: Callable[[], float] = random.random

    async def run(self) -> None:
        """Work until cancelled, then let go of what is held."""
        turns: dict[asyncio.Task[None], Turn] = {}
        try:
            while True:
                try:
                    await self._look(turns)
                    pause = LOOK_SECONDS
                except DATABASE_ERRORS as error:
                    log.warning("webhooks_wait", error=repr(error))
                    pause = RETRY_SECONDS
                await asyncio.sleep(pause)
        finally:
            held = list(turns.values())
            await end(list(turns))
            await self._release(held)

    async def _look(self, turns: "dict[asyncio.Task[None], Turn]") -> None:
        async with self.pool.acquire() as conn:
            for moved in await webhooks.pass_over(conn, RESULTS, most=WINDOW):
                if moved.misses:
                    log.error("webhook_missed_events", webhook_id=str(moved.id), until=moved.position)
            free = AT_ONCE - len(turns)
            if free <= 0:
                return
            claimed = await webhooks.claim(conn, RESULTS, limit=free, lease=LEASE_SECONDS)
        for turn in claimed:
            task = asyncio.create_task(self._serve(turn))
            turns[task] = turn
            task.add_done_callback(turns.pop)

    async def _serve(self, turn: Turn) -> None:
        """Deliver until there is nothing left or it fails; what is not expected is logged and left to the lease."""
        try:
            if await self._deliver_events(turn) and await self._deliver_letters(turn):
                await self._release([turn])
        except Exception:
            log.exception("webhook_turn_failed", webhook_id=str(turn.id))

    async def _deliver_events(self, turn: Turn) -> bool:
        """Deliver what is there in order; False where that ended the turn."""
        position, failures = turn.position, turn.failures
        while events := await patiently(partial(self._read, turn, position)):
            for event in events:
                if not await self._deliver_event(turn, event, failures=failures):
                    return False
                position, failures = event.position, 0
        return True

    async def _read(self, turn: Turn, position: int) -> list[PublicEvent]:
        async with self.pool.acquire() as conn:
            return await webhooks.next_events(conn, turn, position=position, window=WINDOW, limit=BATCH)

    async def _deliver_event(self, turn: Turn, event: PublicEvent, *, failures: int) -> bool:
        body = public_body(event)
        if body is None:
            return await patiently(partial(self._advance, turn, event))
        outcome = await self._send(turn, message_id=str(event.event_id), body=body)
        if outcome is None:
            return False
        if isinstance(outcome, Taken):
            return await patiently(partial(self._advance, turn, event))
        await patiently(lambda: self._record(turn, event, body=body, failure=outcome, attempts=failures + 1))
        return False

    async def _send(self, turn: Turn, *, message_id: str, body: bytes) -> Posted | None:
        """Make one attempt with the URL and the secrets of now; None where the webhook is gone or another's."""

        async def look() -> Way | None:
            async with self.pool.acquire() as conn:
                return await webhooks.way(conn, turn)

        way = await patiently(look)
        return None if way is None else await self.post.deliver(way, message_id=message_id, body=body)

    async def _advance(self, turn: Turn, event: PublicEvent) -> bool:
        async with self.pool.acquire() as conn:
            return await webhooks.advance(conn, turn, position=event.position, lease=LEASE_SECONDS)

    async def _record(
        self, turn: Turn, event: PublicEvent, *, body: bytes, failure: NotTaken, attempts: int
    ) -> None:
        """Put the event off or give up on it, after so many attempts."""
        step = after_failure(
            failures=attempts,
            most=MOST_UNWELL if failure.is_unwell else MOST_REFUSED,
            asked=failure.asked,
            chance=self.chance(),
        )
        said = {"webhook_id": str(turn.id), "event_id": str(event.event_id), "reason": failure.reason}
        async with self.pool.acquire() as conn:
            if isinstance(step, Retry):
                await webhooks.put_off(conn, turn, delay=step.delay, reason=failure.reason)
                log.info("webhook_put_off", seconds=round(step.delay, 1), **said)
                return
            await webhooks.bury(
                conn,
                turn,
                event=event,
                body=body.decode(),
                attempts=attempts,
                reason=failure.reason,
                keep=self.keep,
            )
            log.warning("webhook_gave_up", attempts=attempts, **said)

    async def _deliver_letters(self, turn: Turn) -> bool:
        """Try again what somebody asked for; False where another has taken over."""
        for letter in await patiently(partial(self._asked, turn)):
            outcome = await self._send(turn, message_id=str(letter.event_id), body=letter.body.encode())
            if outcome is None:
                return False
            if not await patiently(partial(self._settle, turn, letter, outcome)):
                return False
            if isinstance(outcome, NotTaken) and outcome.is_unwell:
                return True
        return True

    async def _asked(self, turn: Turn) -> list[Asked]:
        async with self.pool.acquire() as conn:
            return await webhooks.asked_letters(conn, turn, limit=LETTERS)

    async def _settle(self, turn: Turn, letter: Asked, outcome: Posted) -> bool:
        async with self.pool.acquire() as conn:
            if isinstance(outcome, Taken):
                return await webhooks.letter_delivered(
                    conn, turn, event_id=letter.event_id, lease=LEASE_SECONDS
                )
            await webhooks.letter_refused(
                conn, turn, event_id=letter.event_id, reason=outcome.reason, is_unwell=outcome.is_unwell
            )
            return True

    async def _release(self, turns: list[Turn]) -> None:
        try:
            async with self.pool.acquire() as conn:
                await webhooks.release(conn, turns)
        except DATABASE_ERRORS as error:
            log.warning("webhooks_left_to_their_leases", count=len(turns), error=repr(error))
