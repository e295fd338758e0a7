"""Close what is due: the last saved draft becomes the answer, exactly once, whoever is connected."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg

from db import changes, drafts, sessions
from db.answers import ClosedQuestion
from db.changes import AuditEntry, Changes, NewAnswer
from db.sessions import SessionRow
from realtime.domain import session as rules_of_session
from realtime.domain.answers import receipt_hash
from realtime.domain.session import Closed
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing, Step, refuse_uncredited, seconds, standing_of
from realtime.usecases.submit import announce_position, answered

BATCH = 500  # closes a transaction; larger ones hold their locks for longer than a submit should wait
OTHERS_WAIT = timedelta(
    milliseconds=300
)  # the node that holds a session closes first: it tells its candidate soonest


class CloseFailed(Exception):
    """One of these sessions could not be closed, for a reason that is no passing one; none of them was."""

    def __init__(self, session_ids: list[UUID]) -> None:
        super().__init__(f"{len(session_ids)} sessions could not be closed")
        self.session_ids = session_ids


@credited
async def close_due(services: Services, *, limit: int = BATCH, set_aside: Collection[UUID] = ()) -> int:
    """Close up to `limit` questions that are past deadline and grace; answers how many sessions were due.

    Those that are `set_aside` are left alone. Raises CloseFailed.
    """
    rules = services.rules
    written, steps = Changes(), list[Step]()
    async with services.pool.acquire() as conn, conn.transaction():
        rows = await sessions.lock_due(
            conn,
            node_id=services.node_id,
            grace=rules.grace,
            others_wait=OTHERS_WAIT,
            limit=limit,
            set_aside=list(set_aside),
        )
        if not rows:
            return 0
        last_drafts = await drafts.of_current_questions(conn, [row.id for row in rows])
        for row in rows:
            refuse_uncredited(row)
        try:
            for row in rows:
                at = await standing_of(conn, services, row)
                closed = rules_of_session.expire(at.progress, now=row.now, rules=rules)
                if closed is None:  # extended or answered between the look and the lock
                    continue
                draft = last_drafts.get(row.id)
                written.add(closing(at, closed, draft=draft, how="expired"))
                after = Standing(row=row, questions=at.questions, progress=closed.after)
                steps.append(Step(after, (ClosedQuestion(closed.index, draft),)))
            await changes.record(conn, written)
        except (
            LookupError,
            ValueError,
            asyncpg.IntegrityConstraintViolationError,
            asyncpg.DataError,
        ) as error:
            raise CloseFailed([row.id for row in rows]) from error
    for step in steps:
        row = step.after.row
        services.announcer.changed(row.id, row.holder_node, step)
    services.announcer.wake_relay()
    return len(rows)


def closing(at: Standing, closed: Closed, *, draft: str | None, how: str) -> Changes:
    """What is written when the server closes a question."""
    question = at.questions[closed.index]
    answer = NewAnswer(
        id=uuid4(),
        session_id=at.row.id,
        question_id=question.id,
        question_index=closed.index,
        answer_text=draft,
        how=how,
        late=False,
        sha256=receipt_hash(session_id=at.row.id, question_id=question.id, answer=draft),
        submitted_at=at.now,
        time_taken=seconds(closed.time_taken),
    )
    written = Changes(sessions=[at.change(closed.after)], answers=[answer])
    written.feed.append(answered(answer))
    announce_position(written, Standing(row=at.row, questions=at.questions, progress=closed.after))
    return written


@credited
async def end_overlong_pauses(services: Services) -> int:
    """Let sessions run on whose pause has lasted for as long as pauses may; answers how many."""
    written, touched = Changes(), list[SessionRow]()
    async with services.pool.acquire() as conn, conn.transaction():
        for row in await sessions.lock_overlong_pauses(conn, longest=services.rules.pause_max, limit=BATCH):
            refuse_uncredited(row)
            at = await standing_of(conn, services, row)
            after = rules_of_session.resume(at.progress, now=row.now)
            if after is None:
                continue
            written.sessions.append(at.change(after))
            written.audit.append(
                AuditEntry(
                    session_id=row.id,
                    revision=after.revision,
                    action="resumed",
                    at=row.now,
                    reason="The longest pause is over",
                )
            )
            touched.append(row)
        await changes.record(conn, written)
    for row in touched:
        services.announcer.changed(row.id, row.holder_node)
    return len(touched)
