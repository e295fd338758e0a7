"""`interlock up`, whole: started, killed in part and in whole, stopped, started again; as root and as somebody else."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis.asyncio

from db import embedded
from tests.ports import free_ports
from tests.processes import ACCOUNTS, descendants, environment, identity_of, python_of, runs, still_there

SECONDS = 60.0
NODES = 2  # that an installation has ports for


@dataclass(slots=True)
class Installation:
    """A data directory, and the `up` that runs on it as `account`."""

    account: str
    place: Path
    port: int
    log_file: Path
    started: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def up(self, *options: str, **settings: str) -> "subprocess.Popen[bytes]":
        """Start `interlock up`; its output goes to `log`."""
        arguments = [
            "-P",
            "-m",
            "realtime.cli",
            "up",
            "--port",
            str(self.port),
            "--data",
            str(self.place),
            *options,
        ]
        with self.log_file.open("wb") as log:
            process = subprocess.Popen(
                [python_of(self.account), *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment(HOME=str(self.place.parent), PYTHONUNBUFFERED="1", **settings),
                **identity_of(self.account),
            )
        self.started.append(process)
        return process

    def answer(self, path: str = "/readyz", *, port: int | None = None) -> int:
        """Ask the node for its status code; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}{path}", timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def report(self) -> Any:
        return json.loads((self.place / "up.json").read_text())

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Wait until something of another process is so."""
        end = time.monotonic() + SECONDS
        while not true():
            assert self.started[-1].poll() is None, f"up ended while waiting for {what}: {self.log}"
            assert time.monotonic() < end, f"waited {SECONDS} s for {what}: {self.log}"
            time.sleep(0.02)


@pytest.fixture
def installation(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation of nobody's yet, below a directory that only its owner may enter."""
    account = getattr(request, "param", ACCOUNTS[0])
    parent = Path(tempfile.mkdtemp(prefix="interlock-test-"))
    os.chown(parent, pwd.getpwnam(account).pw_uid, -1)
    made = Installation(account, parent / "data", free_ports(NODES)[0], parent / "log")
    yield made
    for process in made.started:
        if process.poll() is None:
            process.kill()
            process.wait()
    shutil.rmtree(parent, ignore_errors=True)


def pids_of(report: Any) -> list[int]:
    pids = report["pids"]
    return [*pids["realtime"], *pids["consumers"], pids["postgres"], pids["redis"]]


@pytest.mark.parametrize("installation", ACCOUNTS, indirect=True)
async def test_the_life_of_an_installation(installation: Installation) -> None:
    up = installation.up()
    installation.until(lambda: installation.answer() == 200, "the first ready")
    report = installation.report()  # written before ready, not after
    assert report["url"] == f"http://127.0.0.1:{installation.port}"
    assert all(runs(pid) for pid in pids_of(report))
    assert (installation.place / "up.json").stat().st_mode & 0o777 == 0o600
    conn = await asyncpg.connect(report["database_url"])
    assert await conn.fetchval("SELECT count(*) FROM users WHERE email LIKE '%@demo.test'") == 5
    await conn.execute("UPDATE users SET name = 'Ada, kept' WHERE email = 'ada@demo.test'")
    await conn.close()
    client = redis.asyncio.Redis.from_url(report["redis_url"])
    assert await client.ping()
    await client.aclose()
    installation.until(lambda: "Ctrl-C stops it" in installation.log, "the greeting")
    assert "ada@demo.test" in installation.log
    secret = (installation.place / "jwt.secret").read_text()

    up.terminate()
    assert up.wait(60) == 0, installation.log
    assert still_there(pids_of(report)) == []
    assert not (installation.place / "up.json").exists()

    again = installation.up()
    installation.until(lambda: installation.answer() == 200, "the second ready")
    report = installation.report()
    conn = await asyncpg.connect(report["database_url"])
    assert await conn.fetchval("SELECT name FROM users WHERE email = 'ada@demo.test'") == "Ada, kept"
    await conn.close()
    assert (installation.place / "jwt.secret").read_text() == secret

    family = descendants(again.pid)
    assert set(pids_of(report)) <= set(family)
    again.kill()
    again.wait()
    assert still_there(family) == []


def test_whatever_dies_comes_back_and_up_json_says_so(installation: Installation) -> None:
    up = installation.up("--nodes", str(NODES), "--consumers", "2")
    ports = (installation.port, installation.port + 1)
    installation.until(lambda: all(installation.answer(port=port) == 200 for port in ports), "both nodes")
    for kind in ("realtime", "consumers", "postgres", "redis"):
        before = installation.report()["pids"][kind]
        victim = before[0] if isinstance(before, list) else before
        os.kill(victim, signal.SIGKILL)
        installation.until(lambda: before != installation.report()["pids"][kind], f"another {kind}")  # noqa: B023
        after = installation.report()["pids"][kind]
        assert len(after) == 2 if isinstance(after, list) else runs(after)
        installation.until(
            lambda: all(installation.answer(port=port) == 200 for port in ports), "ready again"
        )
    family = descendants(up.pid)
    up.send_signal(signal.SIGINT)
    assert up.wait(60) == 0, installation.log
    assert still_there(family) == []


@pytest.mark.parametrize("moment", ["Starting PostgreSQL", "Migrated"])
def test_a_stop_during_the_start_leaves_nothing(installation: Installation, moment: str) -> None:
    up = installation.up()
    installation.until(lambda: moment in installation.log, moment)
    family = descendants(up.pid)
    up.terminate()
    assert up.wait(60) == 0, installation.log
    assert still_there(family) == []


async def test_outside_stores_no_demo_and_a_secret_of_ones_own(
    installation: Installation, database_url: str, redis_url: str
) -> None:
    stores = ("--database-url", database_url, "--redis-url", redis_url)
    up = installation.up("--no-demo", *stores, INTERLOCK_JWT_SECRET="s" * 32, INTERLOCK_DEMO="1")
    installation.until(lambda: installation.answer() == 200, "ready")
    report = installation.report()
    assert (report["database_url"], report["redis_url"]) == (database_url, redis_url)
    assert (report["pids"]["postgres"], report["pids"]["redis"]) == (None, None)
    assert {path.name for path in installation.place.iterdir()} == {"services.lock", "up.json", "up.lock"}
    assert installation.answer("/api/demo/users") == 404
    conn = await asyncpg.connect(database_url)
    assert await conn.fetchval("SELECT count(*) FROM users") == 0
    await conn.close()
    up.terminate()
    assert up.wait(60) == 0


def refused(installation: Installation, *options: str) -> str:
    up = installation.up(*options)
    assert up.wait(60) == 1
    return installation.log.splitlines()[-1]


def test_a_second_up_on_the_same_data_is_refused(installation: Installation) -> None:
    directory = embedded.claim(installation.place)
    line = refused(installation)
    assert line.startswith(
        f"interlock: {installation.place} is in use by another `interlock up` (process {os.getpid()})"
    )
    assert "--data" in line
    directory.release()


def test_a_busy_port_is_named_before_anything_starts(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.port)):
        line = refused(installation)
    assert line == f"interlock: port {installation.port} on 127.0.0.1 is in use: choose another with --port"
    assert not (installation.place / "postgres").exists()


def test_a_place_that_cannot_be_written_is_named(installation: Installation) -> None:
    installation.place.write_text("a file, and no directory")
    installation.place = installation.place / "data"
    assert "choose another directory with --data" in refused(installation)


def test_a_short_secret_is_named(installation: Installation) -> None:
    up = installation.up(INTERLOCK_JWT_SECRET="short")
    assert up.wait(60) == 1
    assert installation.log.startswith("interlock: INTERLOCK_JWT_SECRET: must have at least 32 bytes")
    assert len(installation.log.splitlines()) == 1
