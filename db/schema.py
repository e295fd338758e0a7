"""db/schema.sql: the schema in one file to read and to compare, made from the migrations by `poe schema`."""

import asyncio
import re
import subprocess
import tempfile
from pathlib import Path

from db import embedded, migrate
from db.embedded.process import clean_environment
from db.embedded.programs import find_programs

FILE = Path(__file__).with_name("schema.sql")
_HEADER = "-- Made from db/migrations by `poe schema`; a test holds it equal to them. Not to be edited.\n"
# What pg_dump says about itself and about the session in which a dump is restored.
_NOISE = re.compile(r"(?m)^(--.*|\\(un)?restrict .*|SET .*;|SELECT pg_catalog\.set_config.*;)\n")


def dump(database_url: str) -> str:
    """Write the schema of a migrated database as SQL, the same for the same schema."""
    done = subprocess.run(
        [
            *(
                str(find_programs(None).postgres / "pg_dump"),
                "--schema-only",
                "--no-owner",
                "--no-privileges",
            ),
            *("--exclude-table=schema_migrations", f"--dbname={database_url}"),
        ],
        check=True,
        capture_output=True,
        env=clean_environment(),
        text=True,
    )
    return _HEADER + re.sub(r"\n{2,}", "\n\n", "\n" + _NOISE.sub("", done.stdout).strip() + "\n")


def rewrite() -> None:
    """Replace db/schema.sql by the dump of a throw-away database that has just been migrated."""
    with tempfile.TemporaryDirectory() as place:
        directory = embedded.claim(Path(place))
        services = embedded.start(directory, durable=False)
        try:
            asyncio.run(migrate.migrate(services.database_url))
            FILE.write_text(dump(services.database_url), "utf-8")
        finally:
            services.stop()
            directory.release()


if __name__ == "__main__":
    rewrite()
