"""`interlock up`: the whole product on one machine, watched until it is told to stop."""

import asyncio
import http.client
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import orjson

from db import embedded, migrate
from db.embedded.directory import DataDirectory, is_free
from db.pool import connect
from realtime.children import Child, stop_together
from realtime.interrupts import STOP, block, end_by_signals, interruptible
from realtime.settings import Settings, tell, url_host

_TOO_OFTEN = 5
_LOOK_SECONDS = 0.05
_IDLE_SECONDS = 60.0


class UpFailed(Exception):
    """`up` cannot go on; the text is one line that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for on the command line."""

    host: str
    port: int
    data: Path | None = None
    nodes: int = 1
    consumers: int = 1
    demo: bool = True
    database_url: str | None = None
    redis_url: str | None = None

    @property
    def ports(self) -> range:
        """The ports of the realtime nodes."""
        return range(self.port, self.port + self.nodes)


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the two stores are, and which of them are ours to run."""

    database_url: str
    redis_url: str
    services: embedded.EmbeddedServices | None


@dataclass(slots=True, kw_only=True)
class Watch:
    """The running product: what ends is started again, and `up.json` always says what runs."""

    base_url: str
    report: Callable[[str], None]
    greet: Callable[[], None]
    host: str
    ports: range
    stores: Stores
    nodes: Sequence[Child]
    consumers: Sequence[Child]
    told: dict[str, str]
    ready: bool = False

    def run(self) -> None:
        """Start the children and watch them until a signal says stop; signals are blocked and read here."""
        for consumer in self.consumers:
            consumer.start(tell(self.told))
        self._write_report()  # before a node can be ready: none knows its settings yet
        for node, port in zip(self.nodes, self.ports, strict=True):
            node.start(tell({**self.told, "INTERLOCK_PORT": str(port)}))
        while True:
            received = signal.sigtimedwait(STOP | {signal.SIGCHLD}, self._pause())
            if received is not None and received.si_signo in STOP:
                return
            if self._start_again():
                self._write_report()
            if not self.ready and all(_is_ready(self.host, port) for port in self.ports):
                self.ready = True
                self.greet()

    def _pause(self) -> float:
        if not self.ready:
            return _LOOK_SECONDS
        due = [child.due for child in (*self.nodes, *self.consumers) if child.due is not None]
        return max(0.0, min(due) - time.monotonic()) if due else _IDLE_SECONDS

    def _start_again(self) -> bool:
        """Start again whatever has ended; says whether a process id changed."""
        changed = self._start_services_again()
        for child in (*self.nodes, *self.consumers):
            code = child.look()
            if code is not None:
                print(f"{child.name.capitalize()} ended ({_how(code)}); it is started again", flush=True)
                if not self.ready and child.quick_ends >= _TOO_OFTEN:
                    raise UpFailed(
                        f"the {child.name} ended {_TOO_OFTEN} times before it was ready: its log is above"
                    )
            changed |= child.start_if_due()
        return changed

    def _start_services_again(self) -> bool:
        changed = False
        for service in () if self.stores.services is None else self.stores.services.ended():
            print(f"{service.name} ended; it is started again", flush=True)
            service.start()
            changed = True
        return changed

    def _write_report(self) -> None:
        services = self.stores.services
        text = {
            "url": self.base_url,
            "database_url": self.stores.database_url,
            "redis_url": self.stores.redis_url,
            "pids": {
                "realtime": [child.pid for child in self.nodes],
                "consumers": [child.pid for child in self.consumers],
                "postgres": (services and services.postgres_pid) or None,
                "redis": (services and services.redis_pid) or None,
            },
        }
        self.report(orjson.dumps(text, option=orjson.OPT_INDENT_2).decode())


def run(options: Options, settings: Settings) -> None:
    """Run everything until SIGINT or SIGTERM.

    Raises `UpFailed`, `EmbeddedError` or `MigrationError` where it cannot, each with one line that says what to do.
    """
    end_by_signals()
    began = time.monotonic()
    with ExitStack() as cleanup:
        try:
            _start(options, settings, cleanup=cleanup, began=began).run()
        except SystemExit:
            pass
        finally:
            block(STOP)
        print("Stopping", flush=True)


def default_directory() -> Path:
    """Where data is kept unless somebody says otherwise."""
    return Path("/var/lib/interlock") if os.geteuid() == 0 else Path("~/.local/share/interlock")


def _start(options: Options, settings: Settings, *, cleanup: ExitStack, began: float) -> Watch:
    directory = embedded.claim(options.data or default_directory())
    cleanup.callback(directory.release)
    report = directory.path / "up.json"
    report.unlink(missing_ok=True)
    _require_free_ports(options)
    print(f"Data in {directory.path}", flush=True)
    nodes = [Child(f"node on port {port}", "serve") for port in options.ports]
    consumers = [Child(f"consumer {number + 1}", "consume") for number in range(options.consumers)]
    services = None
    if not (options.database_url and options.redis_url):
        services = embedded.services_on(directory)
        cleanup.callback(services.stop)
    cleanup.callback(report.unlink, missing_ok=True)
    cleanup.callback(stop_together, consumers)
    cleanup.callback(stop_together, nodes)
    for node in nodes:
        node.warm_up()  # beside all that follows: it is the slowest part of the start
    stores = _start_stores(options, services)
    asyncio.run(interruptible(_prepare(stores.database_url, demo=options.demo)))
    base_url = settings.public_url or f"http://{url_host(options.host)}:{options.port}"
    told = {
        "INTERLOCK_DATABASE_URL": stores.database_url,
        "INTERLOCK_REDIS_URL": stores.redis_url,
        "INTERLOCK_JWT_SECRET": _signing_secret(settings, directory),
        "INTERLOCK_HOST": options.host,
        "INTERLOCK_PUBLIC_URL": base_url,
        "INTERLOCK_DEMO": "1" if options.demo else "0",
    }
    block(STOP | {signal.SIGCHLD})
    return Watch(
        base_url=base_url,
        report=lambda text: directory.write("up.json", text),
        greet=lambda: _greet(base_url, options, seconds=time.monotonic() - began),
        host=options.host,
        ports=options.ports,
        stores=stores,
        nodes=nodes,
        consumers=consumers,
        told=told,
    )


def _start_stores(options: Options, services: embedded.EmbeddedServices | None) -> Stores:
    """Start those of the embedded stores that nobody named another for."""
    if services is not None and not options.database_url:
        print("Starting PostgreSQL", flush=True)
        services.postgres.start()
    if services is not None and not options.redis_url:
        print("Starting Valkey", flush=True)
        services.valkey.start()
    return Stores(
        options.database_url or (services.database_url if services else ""),
        options.redis_url or (services.redis_url if services else ""),
        services,
    )


async def _prepare(database_url: str, *, demo: bool) -> None:
    """Bring the schema up to date, and load the demo where it is wanted."""
    for migration in await migrate.migrate(database_url):
        print(f"Migrated the database to {migration.label}", flush=True)
    if not demo:
        return
    from realtime.usecases import demo as demo_data

    conn = await connect(database_url)
    try:
        await demo_data.load(conn)
    finally:
        await conn.close()


def _signing_secret(settings: Settings, directory: DataDirectory) -> str:
    if settings.jwt_secret is not None:
        return settings.jwt_secret.get_secret_value()
    return directory.secret("jwt")


def _require_free_ports(options: Options) -> None:
    for port in options.ports:
        try:
            free = is_free(port, host=options.host)
        except OSError as error:
            raise UpFailed(f"cannot listen on {options.host}, port {port}: {error.strerror}") from error
        if not free:
            raise UpFailed(f"port {port} on {options.host} is in use: choose another with --port")


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(url_host(host).strip("[]"), port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _greet(base_url: str, options: Options, *, seconds: float) -> None:
    lines = [
        f"Interlock is ready after {seconds:.1f} s",
        f"  Open      {base_url}/",
        f"  The API   {base_url}/api/docs",
    ]
    if options.nodes > 1:
        lines.append(f"  Nodes     on ports {options.ports[0]} to {options.ports[-1]} of {options.host}")
    if options.demo:
        from realtime.usecases.demo import DEMO_PEOPLE

        lines.append("  Demo mode: these people sign in with one click and without a password")
        lines += [f"    {name:16} {email:18} {role}" for email, name, role in DEMO_PEOPLE]
    else:
        lines.append(
            "  Make the first recruiter with `interlock user add`; INTERLOCK_DATABASE_URL for it is in up.json"
        )
    print("\n".join([*lines, "Ctrl-C stops it"]), flush=True)
