"""Invitations: who may take an interview, how often, until when, and with how much extra time."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, field_validator

from realtime.contracts.base import Reply, Request, Time
from realtime.contracts.people import Email, PersonName

# Beyond these, moving a time to another zone may leave the calendar.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)

InvitedStatus = Literal["invited", "already_invited", "refused"]

MAX_CSV_CHARS = 8 * 1024 * 1024

Attempts = Annotated[int, Field(ge=1, le=100)]
ExtraTimePercent = Annotated[int, Field(ge=0, le=400, description="Added to every time limit.")]
Expiry = Annotated[
    Time, Field(ge=_EARLIEST, le=_LATEST, description="No session starts after this; one that runs goes on.")
]


class Invite(Request):
    """Invite one person to one interview."""

    email: Email
    name: PersonName = Field(
        description="Used where the email is nobody's yet; an existing name never changes."
    )
    max_attempts: Attempts = 1
    extra_time_percent: ExtraTimePercent = 0
    expires_at: Expiry | None = None


class InviteMany(Request):
    """A table of people to invite, as CSV with a header line."""

    csv: str = Field(
        max_length=MAX_CSV_CHARS,
        description="Columns `email` and `name`, and if wanted `max_attempts`, `extra_time_percent`, `expires_at`, in any order.",
    )


class InvitedLine(Reply):
    """What became of one line."""

    line: int = Field(description="From 1; the header has a line too.")
    email: str
    status: InvitedStatus
    message: str | None = Field(description="What to change, where the line was refused.")
    id: UUID | None
    url: str | None = Field(description="The link, where the person was invited now.")
    expires_at: Time | None


class InvitedMany(Reply):
    """What became of each line; those that were good are done."""

    lines: tuple[InvitedLine, ...]


class ChangeInvitation(Request):
    """Change some of an invitation; what is left out stays."""

    max_attempts: Attempts | None = None
    extra_time_percent: ExtraTimePercent | None = None
    expires_at: Expiry | None = None

    @field_validator("max_attempts", "extra_time_percent", "expires_at")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("must not be null; leave it out to keep it")
        return value


class InvitationLink(Reply):
    """A link that signs the candidate in for this interview only; older links of the invitation are void."""

    id: UUID
    url: str
    expires_at: Time


class Invitation(Reply):
    """An invitation as its recruiter sees it."""

    id: UUID
    email: str
    name: str
    max_attempts: int
    extra_time_percent: int
    expires_at: Time
    revoked_at: Time | None
    attempts_used: int


class InvitationList(Reply):
    """Everybody invited to an interview, oldest first."""

    invitations: tuple[Invitation, ...]
