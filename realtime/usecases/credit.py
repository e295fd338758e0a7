"""Outage credit: the time in which no node was alive is given back before anything is closed or refused as late."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

from db import changes, nodes, sessions
from db.changes import AuditEntry, Changes
from db.sessions import SessionRow
from realtime.domain import session as rules_of_session
from realtime.usecases import standing
from realtime.usecases.services import Services
from realtime.usecases.standing import LIVENESS_GAP, OutageUncredited

P = ParamSpec("P")
T = TypeVar("T")


def credited(
    use_case: Callable[Concatenate[Services, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[Services, P], Coroutine[Any, Any, T]]:
    """Let a use case that meets an uncredited outage credit it and decide again."""

    @wraps(use_case)
    async def decide(services: Services, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await use_case(services, *args, **kwargs)
        except OutageUncredited:
            await credit_outage(services)
            return await use_case(services, *args, **kwargs)

    return decide


async def credit_outage(services: Services) -> int:
    """Move the deadlines that lay after the last sign of life by the whole gap, once among all nodes.

    Answers how many sessions were moved. The sign of life is renewed in the same transaction, so whoever comes second
    finds nothing to credit.
    """
    written = Changes()
    touched: list[SessionRow] = []
    async with services.pool.acquire() as conn, conn.transaction():
        last_alive = await nodes.lock_liveness(conn)
        if await nodes.now(conn) - last_alive <= LIVENESS_GAP:
            return 0
        rows = await sessions.lock_running(conn)
        now = await nodes.now(conn)
        for row in rows:
            held = await standing.standing_of(conn, services, row)
            after = rules_of_session.credit(
                held.progress, last_alive=last_alive, now=now, rules=services.rules
            )
            if after is None:
                continue
            touched.append(row)
            written.sessions.append(held.change(after))
            written.audit.append(
                AuditEntry(
                    session_id=row.id,
                    revision=after.revision,
                    action="outage",
                    at=now,
                    detail={"seconds": standing.seconds(now - last_alive)},
                )
            )
        await changes.record(conn, written)
        await nodes.resume_life(conn, now)
        if touched:
            await nodes.keep_outage(
                conn, outage_id=uuid4(), began_at=last_alive, ended_at=now, sessions=len(touched)
            )
    for row in touched:
        services.announcer.changed(row.id, row.holder_node)
    return len(touched)
