"""Migrations on a real PostgreSQL."""

import asyncio
from importlib.resources import files

import pytest
from asyncpg import PostgresError, RestrictViolationError

from db import migrate, schema
from db.migrate import Migration, MigrationError
from db.pool import Pool, connect
from db.sql import load

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


async def test_gradings_and_texts_of_before_are_kept(empty_database_url: str) -> None:
    await migrate.migrate(empty_database_url, [each for each in migrate.packaged() if each.version < 7])
    conn = await connect(empty_database_url)
    await conn.execute(_GRADED_TWICE)
    await migrate.migrate(empty_database_url)
    [grading] = await conn.fetch(
        "SELECT g.*, r.* FROM gradings g INNER JOIN regrades r ON r.id = g.regrade_id"
    )
    assert (grading["grading_version"], grading["base_version"], grading["recipe_sha256"]) == (2, 1, None)
    assert grading["interview_id"] == await conn.fetchval("SELECT id FROM interviews")
    texts = await conn.fetch("SELECT * FROM summaries ORDER BY summary")
    assert [(text["summary"], text["recommendation"], text["grading_version"]) for text in texts] == [
        ("Good.", "hire", 1),
        ("Signed.", None, 2),
    ]
    for table in ("summaries", "gradings", "regrades"):
        with pytest.raises(RestrictViolationError, match=f"{table} rows are never changed"):
            await conn.execute(f"DELETE FROM {table}")
    await conn.close()


_GRADED_TWICE = """
INSERT INTO users (id, email, name, role)
SELECT gen_random_uuid(), role || '@people.test', role, role FROM unnest(ARRAY['recruiter', 'candidate']) AS role;
INSERT INTO interviews (id, created_by, title, pacing)
SELECT gen_random_uuid(), id, 'Back end', 'self_paced' FROM users WHERE role = 'recruiter';
INSERT INTO questions (id, interview_id, version, position, type, question_text, time_limit, points, options, correct_answer)
SELECT gen_random_uuid(), id, 1, 0, 'mcq', 'Which?', 60, 5, '["a", "b"]', 'a' FROM interviews;
INSERT INTO interview_sessions (
    id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt, pacing,
    extra_time_percent, question_count, max_score, status, started_at, completed_at, current_question_index, last_activity_at,
    grading_version, evaluated_at, final_score, percentage, ai_summary, recommendation, recommendation_signed_by
)
SELECT
    gen_random_uuid(), u.id, i.id, 1, i.created_by, u.name, i.title, n, i.pacing, 0, 1, 5, 'completed', now(), now(), 1, now(),
    n, now(), 5, 100, CASE n WHEN 1 THEN 'Good.' ELSE 'Signed.' END, 'hire', CASE n WHEN 2 THEN i.created_by END
FROM users u, interviews i, generate_series(1, 2) AS n
WHERE u.role = 'candidate';
INSERT INTO answers (id, session_id, question_id, question_index, answer_text, how, sha256, submitted_at, time_taken)
SELECT gen_random_uuid(), s.id, q.id, 0, 'a', 'submitted', '', now(), 1 FROM interview_sessions s, questions q;
INSERT INTO jobs (id, kind, session_id, answer_id, grading_version)
SELECT gen_random_uuid(), 'answer', a.session_id, a.id, v
FROM answers a INNER JOIN interview_sessions s ON s.id = a.session_id, generate_series(1, s.grading_version) AS v;
"""


@pytest.mark.parametrize(
    "subject",
    sorted(
        file.name.removesuffix(".sql") for file in files("db.sql").iterdir() if file.name.endswith(".sql")
    ),
)
async def test_every_statement_fits_the_schema(pool: Pool, subject: str) -> None:
    """Those that are seldom called as well."""
    async with pool.acquire() as conn:
        for name, statement in load(subject).items():
            try:
                await conn.prepare(statement)
            except PostgresError as error:
                pytest.fail(f"{subject}.sql: {name}: {error}")
