"""The recruiter's calls about interviews and who is invited to them."""

from collections.abc import Callable
from typing import Any

from db.invitations import Which
from realtime.contracts.authoring import VersionQuery
from realtime.contracts.interviews import (
    Interview,
    InterviewCreated,
    InterviewList,
    InterviewRead,
    ReplaceInterview,
)
from realtime.contracts.invitations import (
    ChangeInvitation,
    Invitation,
    InvitationLink,
    InvitationList,
    Invite,
    InvitedMany,
    InviteMany,
)
from realtime.domain.errors import AlreadyInvited, NotACandidate, NotFound, StaleVersion
from realtime.http.routing import LARGE_BODY, Access, Call, Handler, Routes
from realtime.usecases import interviews, invitations
from realtime.usecases.invitations import InvitationOver
from realtime.usecases.invite_many import invite_many

routes = Routes("Interviews")

INTERVIEWS = "/api/recruiter/interviews"
# An invitation's id says all; naming its interview too is allowed, and then it has to be the right one.
INVITATION_PATHS = (
    f"{INTERVIEWS}/{{interview_id}}/invitations/{{id}}",
    f"{INTERVIEWS}/invitations/{{id}}",
    "/api/recruiter/invitations/{id}",
)


@routes.post(
    INTERVIEWS, access=Access.RECRUITER, body=Interview, answers={201: InterviewCreated}, limit=LARGE_BODY
)
async def create(call: Call[Interview, None]) -> InterviewCreated:
    """Create an interview."""
    async with call.services.pool.acquire() as conn:
        return await interviews.create(conn, owner_id=call.user.user_id, interview=call.body)


@routes.get(INTERVIEWS, access=Access.RECRUITER, answers={200: InterviewList})
async def list_interviews(call: Call[None, None]) -> InterviewList:
    """This recruiter's interviews, newest first."""
    async with call.services.pool.acquire() as conn:
        return await interviews.list_of(conn, owner_id=call.user.user_id)


@routes.get(
    f"{INTERVIEWS}/{{id}}",
    access=Access.RECRUITER,
    query=VersionQuery,
    answers={200: InterviewRead},
    refusals=(NotFound,),
)
async def read(call: Call[None, VersionQuery]) -> InterviewRead:
    """One interview as it was written, keys included; with `version`, as it was then."""
    async with call.services.pool.acquire() as conn:
        return await interviews.read(
            conn, owner_id=call.user.user_id, interview_id=call.path["id"], version=call.query.version
        )


@routes.put(
    f"{INTERVIEWS}/{{id}}",
    access=Access.RECRUITER,
    body=ReplaceInterview,
    answers={200: InterviewCreated},
    refusals=(NotFound, StaleVersion),
    limit=LARGE_BODY,
)
async def replace(call: Call[ReplaceInterview, None]) -> InterviewCreated:
    """Replace an interview that has not changed since it was read; running sessions keep their questions."""
    async with call.services.pool.acquire() as conn:
        return await interviews.replace(
            conn, owner_id=call.user.user_id, interview_id=call.path["id"], replacement=call.body
        )


@routes.post(
    f"{INTERVIEWS}/{{id}}/invitations",
    access=Access.RECRUITER,
    body=Invite,
    answers={201: InvitationLink},
    refusals=(NotFound, AlreadyInvited, NotACandidate),
)
async def invite(call: Call[Invite, None]) -> InvitationLink:
    """Invite somebody; opening the link signs them in for this interview only."""
    async with call.services.pool.acquire() as conn:
        return await invitations.invite(
            conn,
            owner_id=call.user.user_id,
            interview_id=call.path["id"],
            request=call.body,
            public_url=call.services.settings.base_url,
        )


@routes.post(
    f"{INTERVIEWS}/{{id}}/invitations/csv",
    access=Access.RECRUITER,
    body=InviteMany,
    answers={200: InvitedMany},
    refusals=(NotFound,),
    limit=LARGE_BODY,
)
async def invite_by_table(call: Call[InviteMany, None]) -> InvitedMany:
    """Invite everybody in a table: good lines are done, bad ones named with what to change."""
    return await invite_many(
        call.services.pool,
        owner_id=call.user.user_id,
        interview_id=call.path["id"],
        request=call.body,
        public_url=call.services.settings.base_url,
    )


@routes.get(
    f"{INTERVIEWS}/{{id}}/invitations",
    access=Access.RECRUITER,
    answers={200: InvitationList},
    refusals=(NotFound,),
)
async def list_invitations(call: Call[None, None]) -> InvitationList:
    """Everybody invited to an interview."""
    async with call.services.pool.acquire() as conn:
        return await invitations.list_of(conn, owner_id=call.user.user_id, interview_id=call.path["id"])


def _on_invitation(
    declare: Callable[..., Callable[[Handler], Handler]], suffix: str = "", **options: Any
) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        for path in INVITATION_PATHS:
            declare(path + suffix, access=Access.RECRUITER, **options)(handler)
        return handler

    return keep


@_on_invitation(routes.patch, body=ChangeInvitation, answers={200: Invitation}, refusals=(NotFound,))
async def change_invitation(call: Call[ChangeInvitation, None]) -> Invitation:
    """Change attempts, extra time or expiry; sessions that run go on as they are."""
    async with call.services.pool.acquire() as conn:
        return await invitations.change(
            conn, owner_id=call.user.user_id, which=_which(call), request=call.body
        )


@_on_invitation(routes.delete, answers={204: None}, refusals=(NotFound,))
async def revoke_invitation(call: Call[None, None]) -> None:
    """Revoke an invitation and its link; sessions that run go on."""
    async with call.services.pool.acquire() as conn:
        await invitations.revoke(conn, owner_id=call.user.user_id, which=_which(call))


@_on_invitation(routes.post, "/link", answers={201: InvitationLink}, refusals=(NotFound, InvitationOver))
async def renew_link(call: Call[None, None]) -> InvitationLink:
    """Make a new link; the old one is void."""
    async with call.services.pool.acquire() as conn:
        return await invitations.renew_link(
            conn,
            owner_id=call.user.user_id,
            which=_which(call),
            public_url=call.services.settings.base_url,
        )


def _which(call: Call[Any, None]) -> Which:
    return Which(call.path["id"], call.path.get("interview_id"))
