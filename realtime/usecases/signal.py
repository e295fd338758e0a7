"""Report a signal: it informs a person and never punishes."""

from uuid import uuid4

import orjson

from db import changes, signals
from realtime.auth import Identity
from realtime.contracts.base import rfc3339
from realtime.contracts.events import ReportSignal
from realtime.domain.errors import InvalidBody, SessionEnded, TooManyRequests
from realtime.domain.lock import check_write
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import lock_own
from realtime.usecases.submit import positioned

DETAIL_BYTES = 2_000
FLAGGED = frozenset({"tab_hidden", "paste", "fullscreen_exit", "devtools"})


@credited
async def report(services: Services, *, who: Identity, request: ReportSignal) -> None:
    """Keep a signal and tell the recruiter.

    Raises NotFound, SessionHeld, SessionEnded, InvalidBody, TooManyRequests.
    """
    if len(orjson.dumps(request.detail)) > DETAIL_BYTES:
        raise InvalidBody(errors=[{"path": "detail", "message": f"must take at most {DETAIL_BYTES} bytes"}])
    async with services.pool.acquire() as conn, conn.transaction():
        at = await lock_own(conn, services, request.session_id, who)
        with positioned(at):
            check_write(at.lock, request.lock_token)
            if not at.progress.running:
                raise SessionEnded
        kept = await signals.keep(
            conn,
            signal_id=uuid4(),
            session_id=request.session_id,
            question_index=at.progress.index,
            kind=request.kind,
            detail=request.detail,
            client_time=request.client_time,
            server_time=at.now,
        )
        if not kept:
            raise TooManyRequests(f"A session keeps at most {signals.PER_SESSION} signals")
        await signals.flag(conn, request.session_id, request.kind if request.kind in FLAGGED else None)
        await changes.announce(
            conn,
            request.session_id,
            kind="signal_reported",
            payload={"kind": request.kind, "detail": request.detail, "server_time": rfc3339(at.now)},
        )
    services.announcer.wake_relay()
