"""The commands, as processes: what they print, where, and how they end."""

import asyncio
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import asyncpg
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from db import migrate
from tests.processes import environment

SECRET = "s" * 32
COMMANDS = [
    "up",
    "serve",
    "consume",
    "migrate",
    "user",
    "user add",
    "login-link",
    "token",
    "import",
    "doctor",
    "replay",
    "webhook",
    *(f"webhook {verb}" for verb in ("add", "list", "remove", "rotate", "dead", "retry")),
]

INTERVIEW = """
title: Small
questions:
  - type: mcq
    question_text: Which one?
    options: [this, that]
    correct_answer: that
    time_limit: 30
    points: 5
"""


def interlock(
    *arguments: str, cwd: Path | None = None, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "realtime.cli", *arguments],
        cwd=cwd or "/",
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def failure(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line that a failed command has to leave."""
    assert done.returncode == 1, done
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = interlock(*command.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: " in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("nope",),
        ("serve", "--nope"),
        ("user", "add", "a@b.test", "--name", "A", "--role", "boss"),
        ("up", "--port", "70000"),
        ("up", "--port", "65535", "--nodes", "2"),
        ("login-link",),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert interlock(*arguments).returncode == 2


def test_help_imports_nothing_heavy() -> None:
    heavy = ("asyncpg", "aiohttp", "redis", "pydantic", "faststream", "openai", "rich", "structlog")
    script = (
        "import sys; sys.argv = ['interlock', '--help']\n"
        "from realtime.cli import main\n"
        "try: main()\n"
        f"finally: print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (("serve",), "INTERLOCK_JWT_SECRET"),
        (("consume",), "INTERLOCK_REDIS_URL"),
        (("migrate",), "INTERLOCK_DATABASE_URL"),
        (("login-link", "a@b.test"), "INTERLOCK_DATABASE_URL"),
    ],
)
def test_a_missing_setting_is_named(command: tuple[str, ...], named: str) -> None:
    assert named in failure(interlock(*command))


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:1/x", "postgresql://x:abc/d", "postgresql://nowhere.invalid/d"]
)
def test_a_database_that_is_not_there_is_named(url: str) -> None:
    line = failure(interlock("migrate", INTERLOCK_DATABASE_URL=url))
    assert line.startswith("interlock: cannot reach the database (")
    assert line.endswith("correct INTERLOCK_DATABASE_URL")


def test_migrating_twice_at_once_and_once_more(empty_database_url: str) -> None:
    command = [sys.executable, "-P", "-m", "realtime.cli", "migrate"]
    settings = environment(INTERLOCK_DATABASE_URL=empty_database_url)
    both = [subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(text.count("applied 0001_") for text in said) == 1
    done = interlock("migrate", INTERLOCK_DATABASE_URL=empty_database_url)
    assert (done.returncode, done.stdout) == (
        0,
        f"the database has schema version {migrate.required_version()}\n",
    )


@pytest.mark.parametrize("command", ["serve", "consume"])
def test_a_database_without_the_schema_is_named(
    command: str, empty_database_url: str, redis_url: str
) -> None:
    done = interlock(
        command,
        INTERLOCK_DATABASE_URL=empty_database_url,
        INTERLOCK_REDIS_URL=redis_url,
        INTERLOCK_JWT_SECRET=SECRET,
    )
    assert failure(done).endswith("run `interlock migrate`")


def test_from_no_user_to_a_token(database_url: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"INTERLOCK_DATABASE_URL={database_url}\nINTERLOCK_JWT_SECRET={SECRET}\n")
    made = interlock("user", "add", "Rosa@Work.Test", "--name", "Rosa", "--role", "recruiter", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert "rosa@work.test" in made.stdout
    again = interlock("user", "add", "rosa@work.test", "--name", "Rosa", "--role", "recruiter", cwd=tmp_path)
    assert failure(again) == "interlock: rosa@work.test is a user already"
    assert "email" in failure(
        interlock("user", "add", "rosa", "--name", "R", "--role", "recruiter", cwd=tmp_path)
    )

    link = interlock("login-link", "rosa@work.test", cwd=tmp_path, INTERLOCK_PUBLIC_URL="https://i.test/")
    assert link.stdout.startswith("https://i.test/sign-in#")
    assert "nobody@work.test" in failure(interlock("login-link", "nobody@work.test", cwd=tmp_path))

    token = interlock("token", "--user", "rosa@work.test", cwd=tmp_path).stdout.strip()
    claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    assert claims["role"] == "recruiter"
    assert claims["iat"] <= time.time() < claims["exp"]


def test_a_token_needs_the_secret(database_url: str) -> None:
    interlock(
        *("user", "add", "a@b.test", "--name", "A", "--role", "candidate"),
        INTERLOCK_DATABASE_URL=database_url,
    )
    done = interlock("token", "--user", "a@b.test", INTERLOCK_DATABASE_URL=database_url)
    assert "INTERLOCK_JWT_SECRET" in failure(done)


async def test_importing_an_interview(database_url: str, tmp_path: Path) -> None:
    run = partial(interlock, INTERLOCK_DATABASE_URL=database_url)
    run("user", "add", "r@b.test", "--name", "R", "--role", "recruiter")
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(INTERVIEW)
    bad.write_text(INTERVIEW.replace("points: 5", "points: many").replace("time_limit: 30", "time_limit: 1"))

    refused = run("import", str(bad), "--owner", "r@b.test")
    assert refused.returncode == 1
    assert "points" in refused.stderr
    assert "time_limit" in refused.stderr
    assert "other.yaml" in failure(run("import", str(tmp_path / "other.yaml"), "--owner", "r@b.test"))
    conn = await asyncpg.connect(database_url)
    assert await conn.fetchval("SELECT count(*) FROM interviews") == 0

    done = run("import", str(good), "--owner", "r@b.test")
    assert done.returncode == 0, done.stderr
    assert await conn.fetchval("SELECT title FROM interviews WHERE id = $1", done.stdout.strip()) == "Small"
    await conn.close()


class AI:
    """An AI endpoint that answers what a test wants."""

    def __init__(self, status: int) -> None:
        self._status = status
        app = web.Application()
        app.router.add_get("/v1/models", self._models)
        self.server = TestServer(app)

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"data": []}, status=self._status)


async def examine(**settings: str) -> tuple[int, str]:
    """Run `interlock doctor` beside this test's own servers."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "realtime.cli", "doctor"),
        cwd="/",
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_the_doctor_finds_nothing_wrong(database_url: str, redis_url: str) -> None:
    ai = AI(200)
    async with ai.server:
        code, said = await examine(
            INTERLOCK_DATABASE_URL=database_url,
            INTERLOCK_REDIS_URL=redis_url,
            INTERLOCK_JWT_SECRET=SECRET,
            OPENAI_API_KEY="key",
            OPENAI_BASE_URL=str(ai.server.make_url("/v1")),
        )
    assert (code, said.count("ok "), "WRONG" in said) == (0, 6, False), said


@pytest.mark.parametrize(
    ("change", "found", "remedy"),
    [
        ({"INTERLOCK_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "database: cannot be reached", "start it"),
        ({"INTERLOCK_DATABASE_URL": ""}, "database: not configured", "set INTERLOCK_DATABASE_URL"),
        ({"INTERLOCK_REDIS_URL": "redis://127.0.0.1:1"}, "redis: cannot be reached", "start it"),
        ({"INTERLOCK_JWT_SECRET": ""}, "tokens: cannot be checked", "INTERLOCK_JWT_SECRET"),
        (
            {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"},
            "AI: http://127.0.0.1:1/v1/models cannot",
            "OPENAI_BASE_URL",
        ),
    ],
)
async def test_the_doctor_says_what_is_wrong_and_what_to_do(
    database_url: str, redis_url: str, change: dict[str, str], found: str, remedy: str
) -> None:
    well = {
        "INTERLOCK_DATABASE_URL": database_url,
        "INTERLOCK_REDIS_URL": redis_url,
        "INTERLOCK_JWT_SECRET": SECRET,
        "OPENAI_API_KEY": "key" if "OPENAI_BASE_URL" in change else "",
    }
    code, said = await examine(**{**well, **change})
    (wrong,) = [line for line in said.splitlines() if line.startswith("WRONG")]
    assert code == 1
    assert found in wrong
    assert remedy in wrong
    assert said.splitlines()[-1] == "interlock: 1 thing is wrong, as said above"


async def test_the_doctor_sees_a_refused_key(database_url: str, redis_url: str) -> None:
    ai = AI(401)
    async with ai.server:
        code, said = await examine(
            INTERLOCK_DATABASE_URL=database_url,
            INTERLOCK_REDIS_URL=redis_url,
            INTERLOCK_JWT_SECRET=SECRET,
            OPENAI_API_KEY="hunter2",
            OPENAI_BASE_URL=str(ai.server.make_url("/v1")),
        )
    assert code == 1
    assert "refuses the key (401); correct OPENAI_API_KEY" in said
    assert "hunter2" not in said


async def test_the_doctor_sees_an_old_schema(empty_database_url: str, redis_url: str) -> None:
    code, said = await examine(
        INTERLOCK_DATABASE_URL=empty_database_url, INTERLOCK_REDIS_URL=redis_url, INTERLOCK_JWT_SECRET=SECRET
    )
    assert code == 1
    assert "run `interlock migrate`" in said
