"""What the database server says about itself."""

from dataclasses import dataclass
from datetime import datetime

from db.pool import Connection
from db.sql import load

_Q = load("server")


@dataclass(frozen=True, slots=True)
class Server:
    """A database server at one moment of its own clock."""

    version: str
    now: datetime


async def about(conn: Connection) -> Server:
    """Read the server's version and its clock."""
    row = await conn.fetchrow(_Q["about"])
    if row is None:
        raise RuntimeError("the server gave no row where it always gives one")
    return Server(**row)
