"""The `interlock` command: reads the command line, calls what does the work, and turns errors into one line.

Everything that takes time to import is imported where it is used, so that `--help` answers at once.
"""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from realtime.cli_grader_eval import grader_eval
from realtime.cli_regrade import app as regrade
from realtime.cli_replay import replay
from realtime.cli_webhooks import app as webhook
from realtime.failures import CommandFailed, is_known, reason

if TYPE_CHECKING:
    from realtime.settings import Settings

app = typer.Typer(
    name="interlock",
    help="Live technical interviews: one clock, one writer a session, and no answer lost.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
user = typer.Typer(help="Makes users.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(user, name="user")
app.add_typer(webhook, name="webhook")
app.add_typer(regrade, name="regrade")


@app.command()
def up(
    host: Annotated[str | None, typer.Option(help="Where to listen; INTERLOCK_HOST, else 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The first node's port; INTERLOCK_PORT, else 8080.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            file_okay=False,
            help="Where data is kept; as root /var/lib/interlock, else ~/.local/share/interlock.",
        ),
    ] = None,
    nodes: Annotated[
        int, typer.Option(min=1, max=64, help="Realtime nodes, on consecutive ports from --port.")
    ] = 1,
    consumers: Annotated[int, typer.Option(min=1, max=64, help="Consumer processes.")] = 1,
    no_demo: Annotated[
        bool, typer.Option("--no-demo", help="No demo data and no sign-in without a password.")
    ] = False,
    database_url: Annotated[
        str | None, typer.Option(help="A PostgreSQL of your own in place of the embedded one.")
    ] = None,
    redis_url: Annotated[
        str | None, typer.Option(help="A Redis of your own in place of the embedded one.")
    ] = None,
) -> None:
    """Runs the whole product on this machine.

    PostgreSQL, Valkey, realtime nodes and consumers; what ends is started again.
    """
    changes = {"host": host, "port": port, "database_url": database_url, "redis_url": redis_url}
    settings = _settings(**{name: value for name, value in changes.items() if value is not None})
    from realtime.up import Options, run

    options = Options(
        host=settings.host,
        port=settings.port,
        data=data,
        nodes=nodes,
        consumers=consumers,
        demo=not no_demo,
        # Only the command line: with addresses in the environment, the demo would be loaded into a real database.
        database_url=database_url,
        redis_url=redis_url,
    )
    if options.ports[-1] > 65535:
        raise typer.BadParameter(
            f"{nodes} nodes from port {options.port} need ports above 65535", param_hint="--port"
        )
    run(options, settings)


WhenTold = Annotated[bool, typer.Option(hidden=True)]  # as `up` starts it


@app.command()
def serve(when_told: WhenTold = False) -> None:
    """Runs one realtime node; any number may run.

    It needs INTERLOCK_DATABASE_URL, INTERLOCK_REDIS_URL and INTERLOCK_JWT_SECRET or INTERLOCK_JWKS_URL.
    """
    if when_told:
        _warm_up("realtime.app")
    settings = _settings()
    settings.require_tokens()
    _prepare(settings)
    if settings.demo:
        _warn_of_demo()
    from realtime.app import run

    run(settings)


@app.command()
def consume(when_told: WhenTold = False) -> None:
    """Runs one process of consumers; any number may run.

    It needs INTERLOCK_DATABASE_URL and INTERLOCK_REDIS_URL.
    """
    if when_told:
        _warm_up("consumers.app")
    settings = _settings()
    _prepare(settings)
    from consumers.app import run

    run(settings)


@app.command()
def migrate() -> None:
    """Brings the database to this version's schema.

    Safe to run twice and from two places at once.
    """
    from db.migrate import required_version
    from realtime.reach import bring_up_to_date

    for migration in bring_up_to_date(_settings()):
        typer.echo(f"applied {migration.label}")
    typer.echo(f"the database has schema version {required_version()}")


@user.command("add")
def add_user(
    email: Annotated[str, typer.Argument()],
    name: Annotated[str, typer.Option(help="As others see it.")],
    role: Annotated[Literal["recruiter", "candidate"], typer.Option(help="What they may do.")],
) -> None:
    """Makes a user; the way the first recruiter comes to be."""
    from realtime.reach import in_transaction
    from realtime.usecases import people

    try:
        added = in_transaction(
            _settings(), lambda conn: people.add_user(conn, email=email, name=name, role=role)
        )
    except ValueError as error:
        raise CommandFailed(f"no such user can be made: {error}") from error
    typer.echo(
        f"{added.email} is a {role} now; `interlock login-link {added.email}` prints a link to sign in"
    )


@app.command("login-link")
def login_link(email: Annotated[str, typer.Argument()]) -> None:
    """Prints a link that signs a user in once.

    It is good for 15 minutes.
    """
    from realtime.reach import in_transaction
    from realtime.usecases import people

    settings = _settings()
    typer.echo(
        in_transaction(
            settings, lambda conn: people.make_login_link(conn, email=email, public_url=settings.base_url)
        )
    )


@app.command()
def token(
    email: Annotated[str, typer.Option("--user", metavar="EMAIL", help="Whose token.")],
) -> None:
    """Prints a signed token, for scripts.

    It needs INTERLOCK_JWT_SECRET, the one that the nodes have.
    """
    from realtime.reach import in_transaction
    from realtime.usecases import people

    settings = _settings()
    typer.echo(
        in_transaction(settings, lambda conn: people.sign_in(conn, settings=settings, email=email)).token
    )


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")],
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="The recruiter whose interview it will be.")],
) -> None:
    """Loads an interview from YAML or JSON.

    Prints its id. Of a bad file every fault is named, and nothing is stored.
    """
    from realtime.reach import in_transaction
    from realtime.usecases import interviews

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(
            f"cannot read {file}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        ) from error
    typer.echo(
        in_transaction(
            _settings(),
            lambda conn: interviews.import_interview(conn, text=text, name=str(file), owner_email=owner),
        )
    )


@app.command()
def doctor() -> None:
    """Checks what Interlock needs to run.

    Database, schema, Redis, AI endpoint and clock; where something is wrong it says what to do.
    """
    from realtime.doctor import examine

    async def look() -> int:
        wrong = 0
        async for finding in examine(_settings()):
            typer.echo(str(finding))
            wrong += not finding.is_well
        return wrong

    wrong = asyncio.run(look())
    if wrong:
        raise CommandFailed(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong, as said above")


app.command()(replay)
app.command("grader-eval")(grader_eval)


def main() -> None:
    """Run the command; what is known to go wrong becomes one line on stderr and exit code 1."""
    try:
        app()
    except Exception as error:
        if not is_known(error):
            raise
        typer.echo(f"interlock: {reason(error)}", err=True)
        raise SystemExit(1) from None


def _settings(**changes: Any) -> "Settings":
    from realtime.settings import read_settings

    return read_settings(**changes)


def _warm_up(module: str) -> None:
    """Import the slow part while `up` starts the stores, then wait for what it has to say."""
    import_module(module)
    from realtime.settings import wait_to_be_told

    wait_to_be_told()


def _warn_of_demo() -> None:
    import structlog

    structlog.get_logger("interlock").warning(
        "DEMO MODE: anybody who reaches this node signs in as anybody, without a password; unset INTERLOCK_DEMO"
    )


def _prepare(settings: "Settings") -> None:
    """Make sure of what every long-running process needs, before it starts."""
    from realtime import logs
    from realtime.reach import require_schema

    _ = settings.required_redis_url
    logs.configure(log_format=settings.log_format, level=settings.log_level)
    require_schema(settings)


if __name__ == "__main__":
    main()
