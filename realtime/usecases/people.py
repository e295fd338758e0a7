"""People: making them, and the ways in which they sign in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import uuid4

from db import nodes, sign_in_links, users
from db.pool import Connection
from db.users import UserRow
from realtime.auth import issue_token
from realtime.contracts.people import Role, SignedIn, User, canonical_email, canonical_name
from realtime.domain.errors import LinkNotValid, NotFound, Refusal
from realtime.settings import Settings

SIGN_IN_LASTS = timedelta(hours=12)
LOGIN_LINK_LASTS = timedelta(minutes=15)
_LINK_TOKEN_BYTES = 32


class EmailTaken(Refusal):
    """Somebody has this email already."""

    code, status, title = "email_taken", 409, "This email is taken"


@dataclass(frozen=True, slots=True)
class LinkToken:
    """A fresh secret for a link, and the hash that is all we keep of it."""

    text: str
    hashed: bytes

    @classmethod
    def make(cls) -> "LinkToken":
        """Draw 256 random bits."""
        text = token_urlsafe(_LINK_TOKEN_BYTES)
        return cls(text, hash_of(text))

    def url(self, public_url: str) -> str:
        """The link: its secret stands behind `#`, so that it never reaches a server's log."""
        return f"{public_url.rstrip('/')}/sign-in#{self.text}"


def hash_of(link_token: str) -> bytes:
    """What is stored of a link's token."""
    return sha256(link_token.encode()).digest()


async def add_user(conn: Connection, *, email: str, name: str, role: Role) -> UserRow:
    """Make a user; raises EmailTaken, and ValueError for what is no email or no name."""
    address = canonical_email(email)
    user = await users.insert(conn, user_id=uuid4(), email=address, name=canonical_name(name), role=role)
    if user is None:
        raise EmailTaken(f"{address} is a user already")
    return user


async def find_user(conn: Connection, email: str) -> UserRow:
    """Find a user by email, in whatever case it is written; raises NotFound."""
    user = await users.by_email(conn, email.lower())
    if user is None:
        raise NotFound(f"No user has the email {email}")
    return user


async def make_login_link(conn: Connection, *, email: str, public_url: str) -> str:
    """Make a link that signs a user in once, within 15 minutes; raises NotFound."""
    user = await find_user(conn, email)
    token = LinkToken.make()
    await sign_in_links.insert_once(conn, token.hashed, user_id=user.id, lasting=LOGIN_LINK_LASTS)
    return token.url(public_url)


async def sign_in_by_link(conn: Connection, *, settings: Settings, link_token: str) -> SignedIn:
    """Sign in whom a link is for; raises LinkNotValid where it is unknown, used, expired or revoked."""
    used = await sign_in_links.use(conn, hash_of(link_token))
    if used is None:
        raise LinkNotValid
    token = issue_token(
        settings=settings,
        user_id=used.user.id,
        role=used.user.role,
        now=used.now,
        expires_at=used.now + SIGN_IN_LASTS,
        interview_id=used.interview_id,
    )
    return SignedIn(token=token, user=user_of(used.user))


async def sign_in(
    conn: Connection, *, settings: Settings, email: str, lasting: timedelta = SIGN_IN_LASTS
) -> SignedIn:
    """Sign a user in without a question asked, for demo mode and for scripts; raises NotFound."""
    user = await find_user(conn, email)
    now: datetime = await nodes.now(conn)
    token = issue_token(settings=settings, user_id=user.id, role=user.role, now=now, expires_at=now + lasting)
    return SignedIn(token=token, user=user_of(user))


def user_of(row: UserRow) -> User:
    """A user as others may see one."""
    return User(id=row.id, name=row.name, email=row.email, role=row.role)
