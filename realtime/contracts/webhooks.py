"""Webhooks: what a recruiter subscribes to, and what became of deliveries."""

from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field

from realtime.contracts.base import Reply, Request, Text, Time
from realtime.contracts.recruiter import LARGEST_OFFSET, Query

MAX_URL_CHARS = 2_000  # what servers commonly take


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"is no URL: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http:// or https:// URL")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not carry a user or password: deliveries are signed")
    if parts.fragment:
        raise ValueError("must not have a fragment (#): it would never be sent")
    if any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError("must not contain spaces or control characters")
    return url


WebhookUrl = Annotated[
    Text,
    Field(max_length=MAX_URL_CHARS, description="http:// or https://, without user, password and fragment."),
    AfterValidator(_web_address),
]


class AddWebhook(Request):
    """Have the public events of one's own interviews sent somewhere, from now on."""

    url: WebhookUrl


class RetryDeadLetters(Request):
    """Try dead letters once more: that of one event, or all."""

    event_id: UUID | None = Field(default=None, strict=False)


class WebhookAdded(Reply):
    """A new webhook; its secret is shown only here."""

    id: UUID
    url: str
    secret: str


class SecretRotated(Reply):
    """A new secret, shown only here; the one before signs too until `previous_until`."""

    id: UUID
    secret: str
    previous_until: Time


class Webhook(Reply):
    """A webhook and how it fares. `position` is that of the public stream's entries, up to which everything was sent.

    `missed_until`: events up to that position were pruned before the receiver took them.
    """

    id: UUID
    url: str
    created_at: Time
    state: Literal["well", "failing"]
    position: int
    failures: int
    failing_since: Time | None
    last_error: str | None
    next_attempt_at: Time | None
    delivered_at: Time | None
    dead_letters: int
    previous_secret_until: Time | None
    missed_until: int | None
    missed_at: Time | None


class WebhookList(Reply):
    """A recruiter's webhooks, oldest first."""

    webhooks: tuple[Webhook, ...]


class WebhookDeadLetter(Reply):
    """A delivery given up on; `retry_asked_at` where one more attempt is on its way."""

    event_id: UUID
    position: int
    session_id: UUID
    type: str
    attempts: int
    reason: str
    died_at: Time
    retry_asked_at: Time | None


class DeadLetterPage(Reply):
    """Dead letters in the order of their events; ask again with `after` = the last position for more."""

    dead_letters: tuple[WebhookDeadLetter, ...]
    has_more: bool


class DeadLettersQuery(Query):
    """Which dead letters."""

    after: Annotated[int, Field(ge=0, le=LARGEST_OFFSET)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class RetryAsked(Reply):
    """How many dead letters will be tried once more."""

    asked: int
