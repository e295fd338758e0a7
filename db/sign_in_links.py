"""sign_in_links: once for whoever asked, or for as long as an invitation lasts. Only hashes of tokens get here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.pool import Connection
from db.sql import load
from db.users import UserRow

_Q = load("sign_in_links")


@dataclass(frozen=True, slots=True)
class UsedLink:
    """Whom a link signed in, at the database's `now`; with `interview_id`, for that interview only."""

    user: UserRow
    interview_id: UUID | None
    now: datetime


async def insert_once(conn: Connection, token_hash: bytes, *, user_id: UUID, lasting: timedelta) -> None:
    """Keep a link that signs a user in once."""
    await conn.execute(_Q["insert_once"], token_hash, user_id, lasting)


async def replace_invited(conn: Connection, token_hash: bytes, *, invitation_id: UUID) -> None:
    """Keep an invitation's link in place of its older ones; the caller holds the invitation's row."""
    await conn.execute(_Q["delete_invited"], invitation_id)
    await conn.execute(_Q["insert_invited"], token_hash, invitation_id)


async def use(conn: Connection, token_hash: bytes) -> UsedLink | None:
    """Take a link; None where it is unknown, used, too old, or its invitation is over."""
    record = await conn.fetchrow(_Q["use"], token_hash)
    if record is None:
        return None
    user = UserRow(record["id"], record["email"], record["name"], record["role"])
    return UsedLink(user, record["interview_id"], record["now"])
