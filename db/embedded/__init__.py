"""A real PostgreSQL and a real Valkey as child processes, for `interlock up` and for the tests.

Both belong to one data directory, listen on the loopback only, and stop when the process that started them ends,
however it ends. Linux only: the tie to the parent is the kernel's parent-death signal.
"""

from dataclasses import dataclass

from db.embedded.directory import DataDirectory, claim
from db.embedded.errors import DirectoryInUse, EmbeddedError, ServiceFailed
from db.embedded.postgres import Postgres
from db.embedded.process import service_account
from db.embedded.programs import find_programs
from db.embedded.valkey import Valkey

__all__ = [
    "DataDirectory",
    "DirectoryInUse",
    "EmbeddedError",
    "EmbeddedServices",
    "ServiceFailed",
    "claim",
    "services_on",
    "start",
]


@dataclass(frozen=True, slots=True)
class EmbeddedServices:
    """The two servers of one data directory."""

    postgres: Postgres
    valkey: Valkey

    @property
    def database_url(self) -> str:
        """Where PostgreSQL listens, as the cluster's owner."""
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        """Where Valkey listens."""
        return self.valkey.url

    @property
    def postgres_pid(self) -> int:
        """The process id of the postmaster; changes when it is started again."""
        return self.postgres.pid

    @property
    def redis_pid(self) -> int:
        """The process id of the Valkey server; changes when it is started again."""
        return self.valkey.pid

    def start(self) -> None:
        """Start both; where the second fails the first is stopped. Raises `ServiceFailed`."""
        self.postgres.start()
        try:
            self.valkey.start()
        except BaseException:
            self.postgres.stop()
            raise

    def ended(self) -> list[Postgres | Valkey]:
        """Say which of those that were started are gone."""
        return [service for service in (self.postgres, self.valkey) if service.has_ended]

    def stop(self) -> None:
        """Stop both cleanly, Valkey first; harmless when they are stopped already."""
        try:
            self.valkey.stop()
        finally:
            self.postgres.stop()


def services_on(directory: DataDirectory, *, durable: bool = True) -> EmbeddedServices:
    """Make both servers of `directory` ready to be started, from the main thread.

    `durable=False` trades every guarantee after a crash for speed: for throw-away test data only.
    Raises `EmbeddedError` with one line that says what to do.
    """
    account = service_account()
    directory.hold_services()
    programs = find_programs(account)
    return EmbeddedServices(
        Postgres(directory, programs, account=account, durable=durable),
        Valkey(directory, programs, account=account, durable=durable),
    )


def start(directory: DataDirectory, *, durable: bool = True) -> EmbeddedServices:
    """Start both servers on `directory`, as `services_on` and `EmbeddedServices.start` say."""
    services = services_on(directory, durable=durable)
    services.start()
    return services
