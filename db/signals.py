"""signals: what candidates' browsers reported."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db.pool import Connection
from db.sql import load

_Q = load("signals")

PER_SESSION = 2_000  # one every few seconds for hours; a script that floods tells nothing more


async def keep(
    conn: Connection,
    *,
    signal_id: UUID,
    session_id: UUID,
    question_index: int,
    kind: str,
    detail: Any,
    client_time: datetime,
    server_time: datetime,
) -> bool:
    """Keep a signal; False where the session has too many."""
    kept = await conn.fetchval(
        _Q["keep"], signal_id, session_id, question_index, kind, detail, client_time, server_time, PER_SESSION
    )
    return kept is not None


async def flag(conn: Connection, session_id: UUID, word: str | None) -> None:
    """Add a word to a session's flags; the lock token that reported was used."""
    await conn.execute(_Q["flag"], session_id, word)
