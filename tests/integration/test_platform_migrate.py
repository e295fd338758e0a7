"""Migrations on a real PostgreSQL."""

import asyncio

import pytest

from db import migrate, schema
from db.migrate import Migration, MigrationError
from db.pool import connect

FIRST = Migration(1, "first", "CREATE TABLE one (id integer);")
SECOND = Migration(2, "second", "CREATE TABLE two (id integer);")


async def test_a_second_run_changes_nothing(empty_database_url: str) -> None:
    first = await migrate.migrate(empty_database_url)
    second = await migrate.migrate(empty_database_url)
    assert [m.version for m in first] == [m.version for m in migrate.packaged()]
    assert second == []


def test_the_kept_schema_is_what_the_migrations_make(database_url: str) -> None:
    assert schema.dump(database_url) == schema.FILE.read_text("utf-8"), "run `poe schema`"


async def test_versions_before_and_after(empty_database_url: str) -> None:
    conn = await connect(empty_database_url)
    assert await migrate.current_version(conn) == 0
    await migrate.migrate(empty_database_url)
    assert await migrate.current_version(conn) == migrate.required_version()
    await conn.close()


async def test_eight_at_once_apply_each_file_once(empty_database_url: str) -> None:
    runs = await asyncio.gather(*(migrate.migrate(empty_database_url, [FIRST, SECOND]) for _ in range(8)))
    assert sorted(len(run) for run in runs) == [0, 0, 0, 0, 0, 0, 0, 2]


async def test_only_what_is_missing_is_applied(empty_database_url: str) -> None:
    await migrate.migrate(empty_database_url, [FIRST])
    assert await migrate.migrate(empty_database_url, [FIRST, SECOND]) == [SECOND]


async def test_a_file_that_changed_after_it_was_applied_is_refused(empty_database_url: str) -> None:
    await migrate.migrate(empty_database_url, [FIRST])
    changed = Migration(1, "first", FIRST.sql + "-- a word more")
    with pytest.raises(MigrationError, match="0001_first was changed"):
        await migrate.migrate(empty_database_url, [changed, SECOND])


async def test_a_database_newer_than_this_version_is_refused(empty_database_url: str) -> None:
    await migrate.migrate(empty_database_url, [FIRST, SECOND])
    with pytest.raises(MigrationError, match="0002_second, which this version of Interlock does not know"):
        await migrate.migrate(empty_database_url, [FIRST])


async def test_a_failing_file_leaves_nothing_behind(empty_database_url: str) -> None:
    broken = Migration(2, "broken", "CREATE TABLE half (id integer); SELECT 1 / 0;")
    with pytest.raises(MigrationError, match="0002_broken failed and was rolled back: division by zero"):
        await migrate.migrate(empty_database_url, [FIRST, broken])
    conn = await connect(empty_database_url)
    assert await conn.fetchval("SELECT to_regclass('half')") is None
    assert await migrate.current_version(conn) == 1
    await conn.close()
