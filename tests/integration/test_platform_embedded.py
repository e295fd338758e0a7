"""The embedded PostgreSQL and Valkey: kept data, one holder, no orphans, as root and as an ordinary user."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest
import redis.asyncio

from db import embedded
from db.embedded import DirectoryInUse, EmbeddedServices, ServiceFailed
from db.embedded.directory import is_free
from db.embedded.postgres import Postgres
from db.embedded.process import service_account, wait_until
from db.embedded.programs import find_programs
from tests.processes import ACCOUNTS, environment, identity_of, python_of, runs, still_there

# Starts both servers, says where they are and waits for a signal.
HOLDER = """
import signal, sys
from pathlib import Path
from db import embedded
services = embedded.start(embedded.claim(Path(sys.argv[1])))
print(services.database_url, services.redis_url, services.postgres_pid, services.redis_pid, flush=True)
signal.pause()
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A process that runs both servers, and what it said."""

    process: "subprocess.Popen[str]"
    database_url: str
    redis_url: str
    pids: list[int]


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that does not exist yet, below one that only its owner may enter, as homes often are."""
    parent = Path(tempfile.mkdtemp(prefix="interlock-test-"))
    yield parent / "data"
    shutil.rmtree(parent)


@pytest.fixture(scope="module")
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedServices, Path]]:
    """Both servers as `up` runs them, and their directory."""
    directory = embedded.claim(tmp_path_factory.mktemp("durable"))
    running = embedded.start(directory)
    yield running, directory.path
    running.stop()
    directory.release()


@pytest.fixture
def services(durable: tuple[EmbeddedServices, Path]) -> EmbeddedServices:
    """Both servers as `up` runs them."""
    return durable[0]


@pytest.fixture
def hold(place: Path) -> Iterator[Callable[[str], Held]]:
    """Holds `place` as an account; whoever is left at the test's end is killed."""
    made: list[Held] = []

    def start(account: str) -> Held:
        made.append(holder_of(place, account=account))
        return made[-1]

    yield start
    for held in made:
        held.process.kill()
        held.process.wait()
        still_there(held.pids)


def holder_of(place: Path, *, account: str) -> Held:
    os.chown(place.parent, pwd.getpwnam(account).pw_uid, -1)
    process = subprocess.Popen(
        [python_of(account), "-c", HOLDER, str(place)],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env=environment(),
        **identity_of(account),
    )
    assert process.stdout is not None
    database_url, redis_url, *pids = process.stdout.readline().split()
    return Held(process, database_url, redis_url, [int(pid) for pid in pids])


def everything_of(held: Held) -> list[int]:
    return [*held.pids, *(child.pid for pid in held.pids for child in psutil.Process(pid).children())]


async def remember(held: Held, *, word: str) -> None:
    conn = await asyncpg.connect(held.database_url)
    await conn.execute("CREATE TABLE words (word text)")
    await conn.execute("INSERT INTO words VALUES ($1)", word)
    await conn.close()
    client = redis.asyncio.Redis.from_url(held.redis_url)
    await client.set("word", word)
    await client.aclose()


async def recall(held: Held) -> tuple[str, str]:
    conn = await asyncpg.connect(held.database_url)
    row = await conn.fetchval("SELECT word FROM words")
    await conn.close()
    client = redis.asyncio.Redis.from_url(held.redis_url)
    value = await client.get("word")
    await client.aclose()
    assert isinstance(value, bytes)
    return row, value.decode()


def keeps_address(url: str, before: str) -> bool:
    """Whether a server is where it was before, unless another test's server has taken that port meanwhile."""
    port, port_before = urlsplit(url).port, urlsplit(before).port
    assert port_before is not None
    return url.replace(f":{port}/", f":{port_before}/") == before and (
        port == port_before or not is_free(port_before)
    )


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_nothing_outlives_a_killed_holder_and_what_was_stored_is_kept(
    hold: Callable[[str], Held], account: str
) -> None:
    first = hold(account)
    await remember(first, word="kept")
    pids = everything_of(first)
    first.process.kill()
    first.process.wait()
    assert still_there(pids) == []
    second = hold(account)
    # the kill came within a second of the write, yet Valkey was told to stop and wrote all it had
    assert await recall(second) == ("kept", "kept")
    assert keeps_address(second.database_url, first.database_url)
    assert keeps_address(second.redis_url, first.redis_url)
    second.process.kill()
    second.process.wait()
    assert still_there(second.pids) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the servers to another account")
async def test_root_never_runs_the_servers_itself(services: EmbeddedServices) -> None:
    for pid in (services.postgres_pid, services.redis_pid):
        assert psutil.Process(pid).username() == "nobody"
        assert psutil.Process(pid).gids().real == pwd.getpwnam("nobody").pw_gid


async def test_the_url_is_that_of_the_clusters_owner(services: EmbeddedServices) -> None:
    conn = await asyncpg.connect(services.database_url)
    assert await conn.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    settings = {
        name: await conn.fetchval(f"SHOW {name}") for name in ("fsync", "server_encoding", "timezone")
    }
    assert settings == {"fsync": "on", "server_encoding": "UTF8", "timezone": "UTC"}
    await conn.close()


async def test_a_wrong_password_is_refused(services: EmbeddedServices) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(services.database_url, password="wrong")
    client = redis.asyncio.Redis.from_url(services.redis_url, password=None)
    host, port = (
        client.connection_pool.connection_kwargs["host"],
        client.connection_pool.connection_kwargs["port"],
    )
    with pytest.raises(redis.exceptions.AuthenticationError):
        await redis.asyncio.Redis(host=host, port=port).ping()


def test_no_secret_shows_in_a_list_of_processes_or_to_others(durable: tuple[EmbeddedServices, Path]) -> None:
    services, place = durable
    secrets = [(place / name).read_text() for name in ("postgres.secret", "valkey.secret")]
    for pid in (services.postgres_pid, services.redis_pid):
        command = " ".join(psutil.Process(pid).cmdline())
        assert not any(secret in command for secret in secrets)
    exposed = [path.name for path in place.iterdir() if path.stat().st_mode & 0o077]
    assert exposed == []


def test_a_second_claim_names_the_holder(place: Path) -> None:
    directory = embedded.claim(place)
    with pytest.raises(
        DirectoryInUse, match=rf"is in use by another `interlock up` \(process {os.getpid()}\)"
    ):
        embedded.claim(place)
    directory.release()
    embedded.claim(place).release()


def test_a_directory_that_exists_is_taken_as_it_is(place: Path) -> None:
    place.mkdir(mode=0o700)
    (place / "mine.txt").write_text("kept")
    directory = embedded.claim(place)
    embedded.start(directory).stop()
    directory.release()
    assert (place / "mine.txt").read_text() == "kept"
    assert place.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("store", ["postgres", "valkey"])
def test_a_killed_server_comes_back_on_its_port(services: EmbeddedServices, store: str) -> None:
    server = services.postgres if store == "postgres" else services.valkey
    pid, url = server.pid, server.url
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: server.has_ended, seconds=10)
    assert services.ended() == [server]
    server.start()
    assert runs(server.pid)
    assert (server.pid != pid, server.url) == (True, url)


def test_a_port_that_was_taken_meanwhile_is_replaced(place: Path) -> None:
    directory = embedded.claim(place)
    embedded.start(directory).stop()
    taken = [int((place / f"{name}.port").read_text()) for name in ("postgres", "valkey")]
    listeners = [socket.create_server(("127.0.0.1", port)) for port in taken]
    running = embedded.start(directory)
    now = [int((place / f"{name}.port").read_text()) for name in ("postgres", "valkey")]
    assert set(now).isdisjoint(taken)
    running.stop()
    for listener in listeners:
        listener.close()
    directory.release()


def test_a_killed_servers_lock_with_anothers_process_number_is_removed(place: Path) -> None:
    directory = embedded.claim(place)
    embedded.start(directory).stop()
    # PostgreSQL itself takes any live process of its own account for its predecessor
    other = subprocess.Popen(["/bin/sleep", "600"], **identity_of(ACCOUNTS[-1]))
    (place / "postgres" / "postmaster.pid").write_text(f"{other.pid}\n/somewhere\n")
    embedded.start(directory).stop()
    directory.release()
    other.kill()
    other.wait()


def test_a_server_that_a_person_started_on_the_data_is_left_alone(place: Path) -> None:
    directory = embedded.claim(place)
    running = embedded.start(directory)
    with pytest.raises(ServiceFailed, match=rf"process {running.postgres_pid}\) already uses"):
        Postgres(directory, find_programs(service_account()), account=service_account(), durable=True).start()
    assert runs(running.postgres_pid)
    running.stop()
    directory.release()


def test_data_of_another_major_version_is_named(place: Path) -> None:
    directory = embedded.claim(place)
    embedded.start(directory).stop()
    (place / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(ServiceFailed, match=r"was made by PostgreSQL 15, this version brings 18: dump it"):
        embedded.start(directory)
    directory.release()


def test_an_initialisation_that_was_cut_short_is_made_anew(place: Path) -> None:
    directory = embedded.claim(place)
    (place / "postgres.new").mkdir()
    (place / "postgres.new" / "half").write_text("")
    embedded.start(directory).stop()
    directory.release()
    assert not (place / "postgres.new").exists()
