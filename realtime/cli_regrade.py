"""`interlock regrade …`: grade again in the shadow with other models or prompts, see the difference, let it count."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from realtime import cli_recipe
from realtime.failures import CommandFailed

if TYPE_CHECKING:
    from consumers.grading.recipe import Kind
    from db.pool import Connection
    from db.regrades import RegradeRow
    from realtime.contracts.recruiter_regrades import Regrade, RegradeQuery
    from realtime.settings import Settings

app = typer.Typer(
    help="Grades again beside what counts, shows the difference, and lets it count.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

LOOK_SECONDS = 1.0  # a person waits in front of it; a shadow grading tells nobody when it is through
RegradeId = Annotated[UUID, typer.Argument(metavar="ID", help="As `interlock regrade start` printed it.")]
Wait = Annotated[bool, typer.Option(help="Show the progress, and then the difference.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, on one line.")]
T = TypeVar("T")


@app.command()
def start(
    interview: Annotated[
        UUID | None, typer.Option(metavar="ID", help="All of its sessions that were finished.")
    ] = None,
    session: Annotated[UUID | None, typer.Option(metavar="ID", help="Only this session.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[KIND=]NAME",
            help="Ask this model, for all or for one of short_answer, code and summary; may be repeated.",
        ),
    ] = None,
    prompts: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            exists=True,
            help="A file short_answer.md, code.md or summary.md, or a directory with some of them.",
        ),
    ] = None,
    *,
    wait: Wait = True,
) -> None:
    """Begins a grading in the shadow; prints its id. Nothing that counts changes.

    What is not said is as the settings have it. The models, parameters and prompts are kept with the grading, and whoever grades
    goes by them.
    """
    if (interview is None) == (session is None):
        raise typer.BadParameter("give exactly one of --interview and --session")
    from realtime.usecases import regrade_many

    settings = _settings()
    recipe = cli_recipe.recipe(settings, models=_models(model or []), prompts=prompts)
    regrade_id = _connected(
        settings,
        lambda conn: regrade_many.begin(conn, interview_id=interview, session_id=session, recipe=recipe),
    )
    typer.echo(regrade_id)
    if wait:
        typer.echo(
            f"Ctrl-C leaves it running; `interlock regrade wait {regrade_id}` comes back to it", err=True
        )
        _wait(settings, regrade_id)
        _show(settings, regrade_id)


@app.command()
def wait(regrade_id: RegradeId) -> None:
    """Waits until a grading is complete, and shows its progress on stderr."""
    _wait(_settings(), regrade_id)


@app.command()
def show(
    regrade_id: RegradeId,
    *,
    as_json: AsJson = False,
) -> None:
    """Prints what a grading would change: by answer, in totals, ranks and recommendations, and how far the two agree."""
    settings = _settings()
    if as_json:
        typer.echo(_connected(settings, lambda conn: _whole(conn, regrade_id)).model_dump_json())
    else:
        _show(settings, regrade_id)


@app.command()
def promote(regrade_id: RegradeId) -> None:
    """Lets a grading count, session by session; scores by people stay, and old results are kept.

    Sessions that it is not through with are named and left as they are.
    """
    settings = _settings()
    done, left = _connected(settings, lambda conn: _promote(conn, regrade_id, settings))
    typer.echo(f"{done} {'session counts' if done == 1 else 'sessions count'} by this grading now")
    if left:
        raise CommandFailed(
            f"{left} of its sessions cannot yet, as said above: wait for their answers, or score them"
        )


async def _promote(conn: "Connection", regrade_id: UUID, settings: "Settings") -> tuple[int, int]:
    from realtime.usecases import regrade_many
    from realtime.usecases.regrade_many import NotPromoted

    await _progress(conn, regrade_id)  # that there is such a one
    done = left = 0
    async for one in regrade_many.promote(conn, regrade_id, settings=settings):
        if isinstance(one, NotPromoted):
            left += 1
            questions = ", ".join(str(index + 1) for index in one.question_indexes)
            typer.echo(f"session {one.session_id} waits for question {questions}", err=True)
        else:
            done += 1
    return done, left


def _models(asked: list[str]) -> "dict[Kind, str]":
    from consumers.grading.recipe import KINDS

    found: dict[Kind, str] = {}
    for text in asked:
        kind, _, name = text.partition("=")
        named: list[Kind] = [known for known in KINDS if known == kind]
        found |= dict.fromkeys(named, name) if named else dict.fromkeys(KINDS, text)
    return found


def _wait(settings: "Settings", regrade_id: UUID) -> None:
    async def look(conn: "Connection") -> None:
        told = ""
        while True:
            now = await _progress(conn, regrade_id)
            texts = f", {now.texts_pending} texts to write" if now.texts_pending else ""
            line = f"{now.graded} of {now.answers} answers graded{texts}"
            if line != told:
                typer.echo(line, err=True)
                told = line
            if now.graded == now.answers and not now.texts_pending:
                return
            await asyncio.sleep(LOOK_SECONDS)

    _connected(settings, look)


def _show(settings: "Settings", regrade_id: UUID) -> None:
    from realtime.cli_regrade_table import lines

    for line in lines(_connected(settings, lambda conn: _whole(conn, regrade_id))):
        typer.echo(line)


async def _progress(conn: "Connection", regrade_id: UUID) -> "RegradeRow":
    from db import regrades

    row = await regrades.read(conn, regrade_id, recruiter_id=None)
    if row is None:
        raise _unknown(regrade_id)
    return row


async def _whole(conn: "Connection", regrade_id: UUID) -> "Regrade":
    """A regrade with all of its sessions, as of one moment."""
    from realtime.contracts.recruiter import MAX_PAGE
    from realtime.contracts.recruiter_regrades import RegradeQuery

    async with conn.transaction(isolation="repeatable_read", readonly=True):
        page = await _read(conn, regrade_id, RegradeQuery(limit=MAX_PAGE))
        sessions = list(page.sessions)
        while page.next_after is not None:
            page = await _read(conn, regrade_id, RegradeQuery(limit=MAX_PAGE, after=page.next_after))
            sessions += page.sessions
    return page.model_copy(update={"sessions": tuple(sessions), "next_after": None})


async def _read(conn: "Connection", regrade_id: UUID, query: "RegradeQuery") -> "Regrade":
    from realtime.domain.errors import NotFound
    from realtime.usecases import difference

    try:
        return await difference.read(conn, regrade_id, recruiter_id=None, query=query)
    except NotFound:
        raise _unknown(regrade_id) from None


def _unknown(regrade_id: UUID) -> CommandFailed:
    return CommandFailed(f"there is no regrade {regrade_id}")


def _settings() -> "Settings":
    from realtime.settings import read_settings

    return read_settings()


def _connected(settings: "Settings", work: "Callable[[Connection], Awaitable[T]]") -> T:
    """Do `work` on a connection of its own, in transactions of its own."""
    from realtime.reach import open_connection

    async def run() -> T:
        async with open_connection(settings) as conn:
            return await work(conn)

    return asyncio.run(run())
