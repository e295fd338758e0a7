"""How commands reach the database: one that is not there is named, and so is a schema that is too old."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg

from db.migrate import Migration, current_version, migrate, required_version
from db.pool import Connection, connect
from realtime.failures import CommandFailed, reason
from realtime.settings import Settings

T = TypeVar("T")

# ValueError is what asyncpg makes of an address that is none.
UNREACHABLE = (
    *(
        OSError,
        ValueError,
        asyncpg.InterfaceError,
        asyncpg.PostgresConnectionError,
        asyncpg.CannotConnectNowError,
    ),
    *(asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError),
)


def in_transaction(settings: Settings, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Do `work` in one transaction on the configured database; raises `CommandFailed` where it cannot be reached."""

    async def run() -> T:
        async with open_connection(settings) as conn, conn.transaction():
            return await work(conn)

    return asyncio.run(run())


def bring_up_to_date(settings: Settings) -> list[Migration]:
    """Migrate the configured database; raises `CommandFailed` where it cannot be reached."""

    async def run() -> list[Migration]:
        async with open_connection(settings):
            return await migrate(settings.required_database_url)

    return asyncio.run(run())


def require_schema(settings: Settings) -> None:
    """Raise `CommandFailed` where the configured database lacks what this version needs."""

    async def look() -> int:
        async with open_connection(settings) as conn:
            return await current_version(conn)

    found, needed = asyncio.run(look()), required_version()
    if found < needed:
        raise CommandFailed(
            f"the database has schema version {found} and this program needs {needed}: run `interlock migrate`"
        )


@asynccontextmanager
async def open_connection(settings: Settings) -> AsyncIterator[Connection]:
    """Connect to the configured database for the block; raises `CommandFailed` where it cannot be reached."""
    try:
        conn = await connect(settings.required_database_url)
    except UNREACHABLE as error:
        raise CommandFailed(
            f"cannot reach the database ({reason(error)}): start it, or correct INTERLOCK_DATABASE_URL"
        ) from error
    try:
        yield conn
    finally:
        await conn.close()
