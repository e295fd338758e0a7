"""Who does what only one may do at a time: advisory locks that last as long as their connection."""

from db.pool import Connection
from db.sql import load

_Q = load("leads")


async def take(conn: Connection, lock: str) -> bool:
    """Take a lock for as long as the connection lasts; False where another has it.

    From then on PostgreSQL ends the connection if nothing is said on it for five seconds.
    """
    taken: bool = await conn.fetchval(_Q["take"], lock)
    return taken


async def give_up(conn: Connection, lock: str) -> None:
    """Let another take it."""
    await conn.execute(_Q["give_up"], lock)
