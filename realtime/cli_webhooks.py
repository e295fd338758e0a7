"""`interlock webhook …`: where a recruiter's public events are sent, from the command line of the operator."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from realtime.failures import CommandFailed

if TYPE_CHECKING:
    from db.pool import Connection
    from realtime.settings import Settings

app = typer.Typer(
    help="Sends the public events of a recruiter's interviews to a server, signed (Standard Webhooks).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Owner = Annotated[str, typer.Option(metavar="EMAIL", help="The recruiter whose webhook it is.")]
WebhookId = Annotated[UUID, typer.Argument(metavar="ID", help="As `interlock webhook list` shows it.")]
T = TypeVar("T")


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="http:// or https://, answering POST with 2xx.")],
    owner: Owner,
) -> None:
    """Adds a webhook; prints its id and its secret, which is never shown again.

    It hears of what happens from now on in interviews that its owner created.
    """
    from pydantic import ValidationError

    from realtime.contracts.webhooks import AddWebhook
    from realtime.usecases import webhooks

    try:
        request = AddWebhook(url=url)
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise CommandFailed(f"this URL cannot be used: {message}") from None
    settings = _settings()
    added = _for_owner(
        settings,
        owner,
        lambda conn, owner_id: webhooks.add(
            conn, owner_id=owner_id, request=request, networks=settings.webhook_private_networks
        ),
    )
    typer.echo(f"{added.id} {added.secret}")


@app.command("list")
def list_webhooks(owner: Owner) -> None:
    """Prints a recruiter's webhooks as JSON, one a line."""
    from realtime.usecases import webhooks

    found = _for_owner(_settings(), owner, lambda conn, owner_id: webhooks.list_of(conn, owner_id=owner_id))
    for webhook in found.webhooks:
        typer.echo(webhook.model_dump_json())


@app.command()
def remove(webhook_id: WebhookId, owner: Owner) -> None:
    """Removes a webhook and its dead letters."""
    from realtime.usecases import webhooks

    _for_owner(
        _settings(),
        owner,
        lambda conn, owner_id: webhooks.remove(conn, owner_id=owner_id, webhook_id=webhook_id),
    )
    typer.echo(f"removed {webhook_id}")


@app.command()
def rotate(webhook_id: WebhookId, owner: Owner) -> None:
    """Makes a new secret and prints it; it is never shown again.

    For a day every delivery is signed with the old one too, so that the receiver can be given the new one.
    """
    from realtime.contracts.base import rfc3339
    from realtime.usecases import webhooks

    rotated = _for_owner(
        _settings(),
        owner,
        lambda conn, owner_id: webhooks.rotate(conn, owner_id=owner_id, webhook_id=webhook_id),
    )
    typer.echo(rotated.secret)
    typer.echo(f"the secret of before signs too until {rfc3339(rotated.previous_until)}", err=True)


@app.command()
def dead(webhook_id: WebhookId, owner: Owner) -> None:
    """Prints the deliveries that were given up on as JSON, one a line, oldest event first."""
    from realtime.contracts.webhooks import DeadLettersQuery, WebhookDeadLetter
    from realtime.usecases import webhooks

    async def collect(conn: "Connection", owner_id: UUID) -> list[WebhookDeadLetter]:
        letters: list[WebhookDeadLetter] = []
        has_more = True
        while has_more:
            after = letters[-1].position if letters else 0
            query = DeadLettersQuery(after=after, limit=200)
            page = await webhooks.dead(conn, owner_id=owner_id, webhook_id=webhook_id, query=query)
            letters += page.dead_letters
            has_more = page.has_more
        return letters

    for letter in _for_owner(_settings(), owner, collect):
        typer.echo(letter.model_dump_json())


@app.command()
def retry(
    webhook_id: WebhookId,
    owner: Owner,
    event: Annotated[
        UUID | None, typer.Option(metavar="ID", help="Only this event's; otherwise all dead letters.")
    ] = None,
) -> None:
    """Has dead letters tried once more by the consumers.

    They arrive after newer events of their sessions; `data.version` says what counts.
    """
    from realtime.usecases import webhooks

    asked = _for_owner(
        _settings(),
        owner,
        lambda conn, owner_id: webhooks.retry(conn, owner_id=owner_id, webhook_id=webhook_id, event_id=event),
    ).asked
    typer.echo(f"{asked} will be tried once more")


def _settings() -> "Settings":
    from realtime.settings import read_settings

    return read_settings()


def _for_owner(settings: "Settings", email: str, work: "Callable[[Connection, UUID], Awaitable[T]]") -> T:
    from realtime.reach import in_transaction
    from realtime.usecases.people import find_user

    async def run(conn: "Connection") -> T:
        owner = await find_user(conn, email)
        if owner.role != "recruiter":
            raise CommandFailed(f"{owner.email} is no recruiter: webhooks tell of a recruiter's interviews")
        return await work(conn, owner.id)

    return in_transaction(settings, run)
