"""users, and by which names an outside identity provider knows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import asyncpg

from db.pool import Connection
from db.sql import load

_Q = load("users")


@dataclass(frozen=True, slots=True)
class UserRow:
    """Somebody who can sign in."""

    id: UUID
    email: str
    name: str
    role: Literal["candidate", "recruiter"]


def _user(record: asyncpg.Record | None) -> UserRow | None:
    return None if record is None else UserRow(**record)


async def insert(conn: Connection, *, user_id: UUID, email: str, name: str, role: str) -> UserRow | None:
    """Make a user; None where the email is taken."""
    return _user(await conn.fetchrow(_Q["insert"], user_id, email, name, role))


async def by_email(conn: Connection, email: str) -> UserRow | None:
    """Find a user by a lower-case email."""
    return _user(await conn.fetchrow(_Q["by_email"], email))


async def by_emails(conn: Connection, emails: Sequence[str]) -> list[UserRow]:
    """Of these lower-case emails, those that are somebody's, in the order given."""
    return [UserRow(**record) for record in await conn.fetch(_Q["by_emails"], list(emails))]


async def lock(conn: Connection, email: str) -> UserRow | None:
    """Find a user by a lower-case email and hold the row until the transaction ends."""
    return _user(await conn.fetchrow(_Q["lock"], email))


async def by_identity(conn: Connection, issuer: str, *, subject: str) -> UserRow | None:
    """Find the user whom an outside provider calls `subject`."""
    return _user(await conn.fetchrow(_Q["by_identity"], issuer, subject))


async def bind_identity(conn: Connection, issuer: str, *, subject: str, email: str) -> UserRow | None:
    """Bind `subject` to the user of a verified email whose row is locked; None where the provider has named it already."""
    return _user(await conn.fetchrow(_Q["bind_identity"], issuer, subject, email))
