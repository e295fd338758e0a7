"""A session under its recruiter's hand: found as theirs, locked, and told of after every change."""

from dataclasses import asdict
from uuid import UUID

from db import changes, recruiter, sessions
from db.pool import Connection
from db.recruiter import SummaryRow
from db.sessions import SessionRow
from realtime.auth import Identity
from realtime.contracts.recruiter import SessionSummary
from realtime.domain.errors import NotFound
from realtime.usecases.services import Services
from realtime.usecases.standing import Standing, refuse_uncredited, standing_of


async def lock(conn: Connection, session_id: UUID, who: Identity) -> SessionRow:
    """Lock a session of this recruiter's; NotFound where it is another's or does not exist."""
    row = await sessions.lock_recruiters(conn, session_id, who.user_id)
    if row is None:
        raise NotFound
    return row


async def lock_to_decide(
    conn: Connection, services: Services, *, session_id: UUID, who: Identity
) -> Standing:
    """The same with all that its clock's rules need; raises OutageUncredited where the clock cannot be trusted."""
    row = await lock(conn, session_id, who)
    refuse_uncredited(row)
    return await standing_of(conn, services, row)


async def summarised(conn: Connection, session_id: UUID) -> SessionSummary:
    """The session's summary as it is in this transaction."""
    return summary_view(await recruiter.summary(conn, session_id))


async def tell_changed(conn: Connection, session_id: UUID) -> SessionSummary:
    """Tell the recruiter's room how a locked session stands now; answers what it is told."""
    row = await recruiter.summary(conn, session_id)
    await changes.announce(conn, session_id, kind="session_changed", payload=row.payload())
    return summary_view(row)


def announce(services: Services, row: SessionRow) -> None:
    """After the commit: word to the node that holds the session, and to the relay."""
    services.announcer.changed(row.id, row.holder_node)
    services.announcer.wake_relay()


def summary_view(row: SummaryRow) -> SessionSummary:
    """A summary in the contract's words."""
    columns = asdict(row)
    return SessionSummary.model_validate({name: columns[name] for name in SessionSummary.model_fields})
