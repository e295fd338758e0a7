"""Invitations: a recruiter lets one person take one interview, by a link that is good for nothing else."""

from datetime import timedelta
from uuid import UUID, uuid4

from db import interviews, invitations, sign_in_links, users
from db.invitations import Changes, Granted, InvitationRow, Terms, Which
from db.pool import Connection
from realtime.contracts.invitations import (
    ChangeInvitation,
    Invitation,
    InvitationLink,
    InvitationList,
    Invite,
)
from realtime.domain.errors import AlreadyInvited, NotACandidate, NotFound, Refusal
from realtime.usecases.people import LinkToken

INVITATION_LASTS = timedelta(days=30)  # where the recruiter names no end


class InvitationOver(Refusal):
    """A link was asked for an invitation that is revoked or expired."""

    code, status, title = "invitation_over", 409, "This invitation is over"


async def invite(
    conn: Connection, *, owner_id: UUID, interview_id: UUID, request: Invite, public_url: str
) -> InvitationLink:
    """Invite somebody and make their link; raises NotFound, NotACandidate and AlreadyInvited.

    An email that is nobody's makes a candidate; one whose invitation was revoked is invited again.
    """
    async with conn.transaction():
        if await interviews.read(conn, interview_id, recruiter_id=owner_id) is None:
            raise NotFound
        user_id = await _candidate(conn, email=request.email, name=request.name)
        terms = Terms(request.max_attempts, request.extra_time_percent, request.expires_at)
        granted = await _grant(conn, interview_id=interview_id, user_id=user_id, terms=terms)
        return await _link(conn, granted, public_url=public_url)


async def list_of(conn: Connection, *, owner_id: UUID, interview_id: UUID) -> InvitationList:
    """Everybody invited to an interview; raises NotFound where it is not this recruiter's."""
    if await interviews.read(conn, interview_id, recruiter_id=owner_id) is None:
        raise NotFound
    rows = await invitations.of_interview(conn, owner_id, interview_id=interview_id)
    return InvitationList(invitations=tuple(_view(row) for row in rows))


async def change(conn: Connection, *, owner_id: UUID, which: Which, request: ChangeInvitation) -> Invitation:
    """Change an invitation's terms; raises NotFound where it is not this recruiter's."""
    changes = Changes(request.max_attempts, request.extra_time_percent, request.expires_at)
    async with conn.transaction():
        await invitations.change(conn, owner_id, which=which, changes=changes)
        row = await invitations.read(conn, owner_id, which=which)
    if row is None:
        raise NotFound
    return _view(row)


async def revoke(conn: Connection, *, owner_id: UUID, which: Which) -> None:
    """End an invitation: its link and further starts, not sessions that run; raises NotFound."""
    if not await invitations.revoke(conn, owner_id, which=which):
        raise NotFound


async def renew_link(conn: Connection, *, owner_id: UUID, which: Which, public_url: str) -> InvitationLink:
    """Make a new link in place of the old one; raises NotFound and InvitationOver."""
    async with conn.transaction():
        held = await invitations.lock(conn, owner_id, which=which)
        if held is None:
            raise NotFound
        if held.is_over:
            raise InvitationOver("Invite this person again, or move the expiry")
        return await _link(conn, Granted(held.id, held.expires_at), public_url=public_url)


async def _candidate(conn: Connection, *, email: str, name: str) -> UUID:
    made = await users.insert(conn, user_id=uuid4(), email=email, name=name, role="candidate")
    user = made or await users.by_email(conn, email)
    if user is None or user.role != "candidate":
        raise NotACandidate("This email is a recruiter's")
    return user.id


async def _grant(conn: Connection, *, interview_id: UUID, user_id: UUID, terms: Terms) -> Granted:
    granted = await invitations.insert(
        conn,
        interview_id=interview_id,
        user_id=user_id,
        invitation_id=uuid4(),
        terms=terms,
        lasting=INVITATION_LASTS,
    )
    if granted is not None:
        return granted
    existing = await invitations.lock_of_user(conn, interview_id=interview_id, user_id=user_id)
    if existing.revoked_at is None:
        raise AlreadyInvited(id=str(existing.id))
    return await invitations.renew(conn, existing.id, terms=terms, lasting=INVITATION_LASTS)


async def _link(conn: Connection, granted: Granted, *, public_url: str) -> InvitationLink:
    token = LinkToken.make()
    await sign_in_links.replace_invited(conn, token.hashed, invitation_id=granted.id)
    return InvitationLink(id=granted.id, url=token.url(public_url), expires_at=granted.expires_at)


def _view(row: InvitationRow) -> Invitation:
    return Invitation(
        id=row.id,
        email=row.email,
        name=row.name,
        max_attempts=row.max_attempts,
        extra_time_percent=row.extra_time_percent,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        attempts_used=row.attempts_used,
    )
