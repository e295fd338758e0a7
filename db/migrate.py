"""Brings a database to this version's schema: plain numbered SQL, each file in a transaction of its own."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import asyncpg

from db.pool import Connection, connect
from db.sql import load

_Q = load("migrate")
_FILE = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


class MigrationError(Exception):
    """The database and this version of Interlock do not fit together; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The hash by which a change of the file after its application is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def label(self) -> str:
        """The file's name without its ending."""
        return f"{self.version:04}_{self.name}"


@dataclass(frozen=True, slots=True)
class Applied:
    """One migration that a database has seen."""

    version: int
    name: str
    sha256: str


@cache
def packaged() -> tuple[Migration, ...]:
    """Read the migrations of this version, oldest first."""
    found = [
        Migration(int(match["version"]), match["name"], entry.read_text("utf-8"))
        for entry in files("db").joinpath("migrations").iterdir()
        if (match := _FILE.fullmatch(entry.name))
    ]
    return tuple(sorted(found, key=lambda migration: migration.version))


def required_version() -> int:
    """Say which schema this version of Interlock needs."""
    return packaged()[-1].version


async def current_version(conn: Connection) -> int:
    """Read which schema the database has; 0 before the first migration."""
    if not await conn.fetchval(_Q["has_table"]):
        return 0
    return max((row.version for row in await _applied(conn)), default=0)


async def migrate(database_url: str, migrations: Sequence[Migration] | None = None) -> list[Migration]:
    """Apply what is missing and return it; waits where another process migrates the same database.

    Raises `MigrationError` where an applied file has changed since, or the database is newer than this version.
    """
    known = packaged() if migrations is None else tuple(migrations)
    conn = await connect(database_url, application_name="interlock migrate")
    try:
        await conn.execute(_Q["lock"])
        await conn.execute(_Q["create_table"])
        missing = _missing(known, await _applied(conn))
        for migration in missing:
            await _apply(conn, migration)
    finally:
        await conn.close()
    return missing


async def _applied(conn: Connection) -> list[Applied]:
    return [Applied(**row) for row in await conn.fetch(_Q["applied"])]


def _missing(known: Sequence[Migration], applied: Sequence[Applied]) -> list[Migration]:
    by_version = {migration.version: migration for migration in known}
    for row in applied:
        ours = by_version.get(row.version)
        if ours is None:
            raise MigrationError(
                f"the database has migration {row.version:04}_{row.name}, which this version of Interlock does not know:"
                " start the newer version, or restore a backup from before it"
            )
        if ours.sha256 != row.sha256:
            raise MigrationError(
                f"migration {ours.label} was changed after it was applied to this database:"
                " put the file back and add a new migration"
            )
    done = {row.version for row in applied}
    return [migration for migration in known if migration.version not in done]


async def _apply(conn: Connection, migration: Migration) -> None:
    try:
        async with conn.transaction():
            await conn.execute(migration.sql)
            await conn.execute(_Q["record"], migration.version, migration.name, migration.sha256)
    except asyncpg.PostgresError as error:
        raise MigrationError(f"migration {migration.label} failed and was rolled back: {error}") from error
