"""PostgreSQL alone: the transaction of one answer, by pgbench, as the ceiling of everything above it."""

import asyncio
import logging
import re
from pathlib import Path
from string import Template

from db.embedded.process import service_account
from db.embedded.programs import find_programs
from db.pool import _settings, connect
from db.sql import load
from tests.bench import accounts
from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.bench.place import Place
from tests.bench.seats import MCQ, furnish
from tests.bench.submit_sql import statements
from tests.processes import environment

log = logging.getLogger("bench")

CLIENTS = 32
ANSWERED = 99  # of a session's 100 questions
SESSIONS_A_CLIENT = 4
TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)


class PgbenchFailed(Exception):
    """pgbench did not do what it was told; the text is its own."""


async def measure(place: Place, options: Options) -> list[Figure]:
    """Measure transactions a second at 32 clients, with one statement that locks and one that records."""
    sessions = 1 if options.quick else SESSIONS_A_CLIENT
    database_url = await place.database()
    await furnish(database_url, CLIENTS * sessions, questions=(MCQ,) * (ANSWERED + 1))
    parts = statements(Path(__file__).with_name("pgbench.sql"))
    conn = await connect(database_url)
    try:
        await conn.execute(parts["seats"])
    finally:
        await conn.close()
    script = place.directory.path / "pgbench.script"
    script.write_text(_script(parts), "utf-8")
    answers = CLIENTS * sessions * ANSWERED
    before = accounts.cpu_of_family_seconds(place.services.postgres_pid)
    said = await _pgbench(script, database_url, transactions=sessions * ANSWERED)
    used = accounts.cpu_of_family_seconds(place.services.postgres_pid) - before
    tps, latency = _number(TPS, said), _number(LATENCY, said)
    log.info(
        "pgbench: %.0f transactions a second, %.3f ms of PostgreSQL's CPU each", tps, used / answers * 1e3
    )
    name = f"PostgreSQL alone, one answer's transaction, {CLIENTS} clients"
    return [
        Figure(f"{name}: transactions a second", "", tps),
        Figure(f"{name}: mean latency", "ms", latency),
        Figure(f"{name}: CPU of PostgreSQL", "ms", used / answers * 1e3),
    ]


def _script(parts: dict[str, str]) -> str:
    """Put the product's own statements into the script, with pgbench's variables for their parameters."""
    lock_own = load("sessions")["lock_own"].replace("$1", ":session_id::uuid").replace("$2", ":user_id::uuid")
    record = load("changes")["record"]
    nothing = "'[]'"
    for number, argument in enumerate((parts["sessions"], parts["answers"], parts["feed"], nothing, nothing)):
        record = record.replace(f"${number + 1}::jsonb", f"{argument}::jsonb")
    return Template(parts["script"]).substitute(lock_own=lock_own, record=record) + ";\n"


async def _pgbench(script: Path, database_url: str, *, transactions: int) -> str:
    planner = _settings("pgbench")  # those of our pools
    program = find_programs(service_account()).postgres / "pgbench"
    process = await asyncio.create_subprocess_exec(
        *(str(program), "--no-vacuum", "--protocol=prepared", f"--file={script}"),
        *(f"--client={CLIENTS}", "--jobs=2", f"--transactions={transactions}"),
        *("--define=turn=-1", f"--define=clients={CLIENTS}", database_url),
        env=environment(PGOPTIONS=" ".join(f"-c {name}={value}" for name, value in planner.items())),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    if process.returncode != 0:
        raise PgbenchFailed(said)
    return said


def _number(pattern: re.Pattern[str], text: str) -> float:
    found = pattern.search(text)
    if found is None:
        raise PgbenchFailed(text)
    return float(found[1])
