"""signing_secret: what signs session tokens where the operator configured none."""

from db.pool import Connection
from db.sql import load

_Q = load("secrets")


async def signing(conn: Connection, *, otherwise: str) -> str:
    """The secret that all nodes share; `otherwise` becomes it where there is none yet."""
    secret: str | None = None
    while secret is None:  # another node made it between the two looks of one statement
        secret = await conn.fetchval(_Q["signing"], otherwise)
    return secret
