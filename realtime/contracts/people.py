"""Who can sign in, and how."""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from realtime.contracts.base import Reply, Request, Text

MAX_EMAIL_CHARS = 254
MAX_NAME_CHARS = 200

Role = Literal["candidate", "recruiter"]

# Something at something: whether mail arrives there is not ours to know, and every domain is allowed.
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+")


def canonical_email(text: str) -> str:
    """Lower-case an address; raises ValueError where it is none."""
    email = text.lower()
    if len(email) > MAX_EMAIL_CHARS or not _EMAIL.fullmatch(email):
        raise ValueError(f"must be an email address of at most {MAX_EMAIL_CHARS} characters")
    return email


def canonical_name(text: str) -> str:
    """Trim a person's name; raises ValueError where nothing is left or it is too long."""
    name = text.strip()
    if not name or len(name) > MAX_NAME_CHARS:
        raise ValueError(f"must be a name of at most {MAX_NAME_CHARS} characters")
    return name


Email = Annotated[Text, AfterValidator(canonical_email)]
PersonName = Annotated[Text, AfterValidator(canonical_name)]


class User(Reply):
    """A person who can sign in."""

    id: UUID
    name: str
    email: str
    role: Role


class SignedIn(Reply):
    """A signed token and whose it is."""

    token: str
    user: User


class SignInLink(Request):
    """The token of a sign-in link: what stands behind the `#`."""

    token: Text = Field(min_length=1, max_length=200)


class DemoToken(Request):
    """Sign in as somebody without a password; demo mode only."""

    email: Email


class DemoUser(Reply):
    """Somebody to try Interlock as."""

    email: str
    name: str
    role: Role


class DemoUsers(Reply):
    """Everybody to try Interlock as."""

    users: tuple[DemoUser, ...]
