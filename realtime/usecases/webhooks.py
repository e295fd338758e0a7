"""Webhooks: a recruiter has the public events of their own interviews sent to a server of theirs, signed."""

import base64
from collections.abc import Collection
from datetime import timedelta
from ipaddress import ip_address
from secrets import token_bytes
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from db import webhooks
from db.pool import Connection
from db.webhooks import DeadLetterRow, WebhookRow
from realtime.contracts.streams import RESULTS
from realtime.contracts.webhooks import (
    AddWebhook,
    DeadLetterPage,
    DeadLettersQuery,
    RetryAsked,
    SecretRotated,
    Webhook,
    WebhookAdded,
    WebhookDeadLetter,
    WebhookList,
)
from realtime.domain.addresses import Network, may_be_reached
from realtime.domain.errors import NotFound, Refusal

MOST_WEBHOOKS = 10  # of one recruiter: each costs a request an event
SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
SECRET_PREFIX = "whsec_"  # noqa: S105 - what marks a secret as one of Standard Webhooks
OVERLAP = timedelta(hours=24)  # in which a receiver is given the new secret


class TooManyWebhooks(Refusal):
    """A recruiter has as many webhooks as they may."""

    code, status, title = "too_many_webhooks", 409, "Too many webhooks"


class AddressNotAllowed(Refusal):
    """A webhook was to lead to an address that is not public."""

    code, status, title = "address_not_allowed", 409, "This address may not be reached"


async def add(
    conn: Connection, *, owner_id: UUID, request: AddWebhook, networks: Collection[Network]
) -> WebhookAdded:
    """Send a recruiter's public events to a URL from now on; raises NotFound, AddressNotAllowed, TooManyWebhooks."""
    _refuse_private(request.url, networks)
    webhook_id, secret = uuid4(), token_bytes(SECRET_BYTES)
    async with conn.transaction():
        if not await webhooks.lock_owner(conn, owner_id):
            raise NotFound("Only a recruiter has interviews to hear of")
        if await webhooks.count(conn, owner_id) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(f"At most {MOST_WEBHOOKS}: remove one first")
        await webhooks.insert(
            conn, webhook_id=webhook_id, owner_id=owner_id, url=request.url, secret=secret, stream=RESULTS
        )
    return WebhookAdded(id=webhook_id, url=request.url, secret=_written(secret))


async def list_of(conn: Connection, *, owner_id: UUID) -> WebhookList:
    """A recruiter's webhooks."""
    return WebhookList(webhooks=tuple(_view(row) for row in await webhooks.of_owner(conn, owner_id)))


async def remove(conn: Connection, *, owner_id: UUID, webhook_id: UUID) -> None:
    """Stop deliveries and forget the dead letters; raises NotFound."""
    if not await webhooks.remove(conn, owner_id, webhook_id=webhook_id):
        raise NotFound


async def rotate(conn: Connection, *, owner_id: UUID, webhook_id: UUID) -> SecretRotated:
    """Make a new secret; for a day deliveries carry a signature by each. Raises NotFound."""
    secret = token_bytes(SECRET_BYTES)
    until = await webhooks.rotate(conn, owner_id, webhook_id=webhook_id, secret=secret, overlap=OVERLAP)
    if until is None:
        raise NotFound
    return SecretRotated(id=webhook_id, secret=_written(secret), previous_until=until)


async def dead(
    conn: Connection, *, owner_id: UUID, webhook_id: UUID, query: DeadLettersQuery
) -> DeadLetterPage:
    """What could not be delivered; raises NotFound."""
    if await webhooks.read(conn, owner_id, webhook_id=webhook_id) is None:
        raise NotFound
    rows = await webhooks.dead_letters(
        conn, owner_id, webhook_id=webhook_id, after=query.after, limit=query.limit + 1
    )
    return DeadLetterPage(
        dead_letters=tuple(_letter(row) for row in rows[: query.limit]), has_more=len(rows) > query.limit
    )


async def retry(conn: Connection, *, owner_id: UUID, webhook_id: UUID, event_id: UUID | None) -> RetryAsked:
    """Have dead letters tried once more, all or that of one event; raises NotFound."""
    if await webhooks.read(conn, owner_id, webhook_id=webhook_id) is None:
        raise NotFound
    asked = await webhooks.ask_again(conn, owner_id, webhook_id=webhook_id, event_id=event_id)
    if event_id is not None and not asked:
        raise NotFound
    return RetryAsked(asked=asked)


def _refuse_private(url: str, networks: Collection[Network]) -> None:
    """Say at once what every attempt would say; where a name leads to is only known then."""
    host = urlsplit(url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return
    if not may_be_reached(host, allowed=networks):
        raise AddressNotAllowed(
            f"{host} is no public address; INTERLOCK_WEBHOOK_PRIVATE_NETWORKS lists which others are allowed"
        )


def _written(secret: bytes) -> str:
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def _view(row: WebhookRow) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        created_at=row.created_at,
        state="well" if row.failing_since is None else "failing",
        position=row.position,
        failures=row.failures,
        failing_since=row.failing_since,
        last_error=row.last_error,
        next_attempt_at=row.due_at if row.failures else None,
        delivered_at=row.delivered_at,
        dead_letters=row.dead_letters,
        previous_secret_until=row.previous_until,
        missed_until=row.missed_until,
        missed_at=row.missed_at,
    )


def _letter(row: DeadLetterRow) -> WebhookDeadLetter:
    return WebhookDeadLetter(
        event_id=row.event_id,
        position=row.position,
        session_id=row.session_id,
        type=row.type,
        attempts=row.attempts,
        reason=row.reason,
        died_at=row.died_at,
        retry_asked_at=row.retry_at,
    )
