"""The connection pool, with the codecs that every connection needs."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson

Connection: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

# The connection or the server went away, or PostgreSQL chose us to end a deadlock: the same again may well succeed.
# InternalClientError is what asyncpg says when a connection dies in the middle of its own clean-up.
PASSING = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
# Everything that talking to a database may raise: what runs for ever logs it and tries again.
DATABASE_ERRORS = (*PASSING, asyncpg.PostgresError)

# A proxy that swallows what it acknowledges would be waited for without end. Exports take seconds.
COMMAND_SECONDS = 30.0
# Nor may a hand be held out for longer: what began while the way to the database was gone would keep its place in the pool
# for asyncpg's whole minute after the way is there again.
CONNECT_SECONDS = 5.0
DEAD_PEER_SECONDS = 5  # what has not been acknowledged for so long never will be
_KEEPALIVE = {
    socket.TCP_USER_TIMEOUT: DEAD_PEER_SECONDS * 1000,
    socket.TCP_KEEPIDLE: DEAD_PEER_SECONDS,
    socket.TCP_KEEPINTVL: 1,
    socket.TCP_KEEPCNT: 3,
}

_JSONB_VERSION = b"\x01"  # what PostgreSQL's binary form of jsonb starts with


def _jsonb(value: Any) -> bytes:
    return _JSONB_VERSION + orjson.dumps(value, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, UUID):  # asyncpg reads ids as a class of its own
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


async def prepare(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Give a new connection our codecs: jsonb as Python objects, numeric as float (scores have two decimals)."""
    _notice_a_dead_peer(conn)
    await conn.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=_jsonb,
        decoder=lambda data: orjson.loads(data[1:]),
    )
    await conn.set_type_codec("numeric", schema="pg_catalog", format="text", encoder=str, decoder=float)


def _notice_a_dead_peer(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Have the kernel end the connection where the server's machine or the way to it is gone without a word.

    It would go on trying for a quarter of an hour otherwise, and everything that waits for an answer with it.
    """
    peer: socket.socket = conn._transport.get_extra_info("socket")  # type: ignore[attr-defined]  # noqa: SLF001 - asyncpg has no way of its own
    if peer.family not in (socket.AF_INET, socket.AF_INET6):
        return
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE.items():
        peer.setsockopt(socket.IPPROTO_TCP, option, value)


async def connect(
    database_url: str, *, application_name: str = "interlock", command_seconds: float | None = None
) -> "asyncpg.Connection[asyncpg.Record]":
    """Open one connection outside any pool; the caller closes it. Statements take as long as they take unless it says otherwise."""
    conn = await asyncpg.connect(
        database_url,
        timeout=CONNECT_SECONDS,
        command_timeout=command_seconds,
        server_settings=_settings(application_name),
    )
    await prepare(conn)
    return conn


@asynccontextmanager
async def open_pool(
    database_url: str,
    *,
    application_name: str,
    min_size: int = 2,
    max_size: int = 16,
    command_seconds: float = COMMAND_SECONDS,
) -> AsyncIterator[Pool]:
    """Open a pool for the length of the block; what takes longer than `command_seconds` raises TimeoutError, which is passing."""
    async with asyncpg.create_pool(
        database_url,
        min_size=min_size,
        max_size=max_size,
        init=prepare,
        timeout=CONNECT_SECONDS,
        command_timeout=command_seconds,
        reset=_leave_as_it_is,
        server_settings=_settings(application_name),
    ) as pool:
        yield pool


async def _leave_as_it_is(_: Connection) -> None:
    """Spare every release a round trip: nothing of ours outlives its transaction in a connection's state."""


def _settings(application_name: str) -> dict[str, str]:
    # jit never pays for statements this small, nor does reading a whole table: the planner thinks otherwise when it makes its
    # plan while a table is still empty and keeps it while the table fills, or takes a jsonb for a hundred rows. A process that is stopped in the middle of a transaction holds its
    # sessions' locks, and their questions have to be closed within 2 s of their time: nobody may be idle for that long.
    return {
        "application_name": application_name,
        "timezone": "UTC",
        "jit": "off",
        "enable_seqscan": "off",
        "idle_in_transaction_session_timeout": "1500ms",
    }
