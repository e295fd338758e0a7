"""The recruiter's calls about webhooks: where the public events of their interviews are sent."""

from realtime.contracts.webhooks import (
    AddWebhook,
    DeadLetterPage,
    DeadLettersQuery,
    RetryAsked,
    RetryDeadLetters,
    SecretRotated,
    WebhookAdded,
    WebhookList,
)
from realtime.domain.errors import NotFound
from realtime.http.routing import Access, Call, Routes
from realtime.usecases import webhooks
from realtime.usecases.webhooks import AddressNotAllowed, TooManyWebhooks

routes = Routes("Webhooks")

WEBHOOKS = "/api/recruiter/webhooks"
WEBHOOK = f"{WEBHOOKS}/{{webhook_id}}"


@routes.post(
    WEBHOOKS,
    access=Access.RECRUITER,
    body=AddWebhook,
    answers={201: WebhookAdded},
    refusals=(AddressNotAllowed, TooManyWebhooks),
)
async def add(call: Call[AddWebhook, None]) -> WebhookAdded:
    """Have the public events of one's own interviews sent to a server, from now on."""
    async with call.services.pool.acquire() as conn:
        return await webhooks.add(
            conn,
            owner_id=call.user.user_id,
            request=call.body,
            networks=call.services.settings.webhook_private_networks,
        )


@routes.get(WEBHOOKS, access=Access.RECRUITER, answers={200: WebhookList})
async def list_webhooks(call: Call[None, None]) -> WebhookList:
    """One's own webhooks and how they fare."""
    async with call.services.pool.acquire() as conn:
        return await webhooks.list_of(conn, owner_id=call.user.user_id)


@routes.delete(WEBHOOK, access=Access.RECRUITER, answers={204: None}, refusals=(NotFound,))
async def remove(call: Call[None, None]) -> None:
    """Stop deliveries, and forget the dead letters."""
    async with call.services.pool.acquire() as conn:
        await webhooks.remove(conn, owner_id=call.user.user_id, webhook_id=call.path["webhook_id"])


@routes.post(f"{WEBHOOK}/rotate", access=Access.RECRUITER, answers={200: SecretRotated}, refusals=(NotFound,))
async def rotate(call: Call[None, None]) -> SecretRotated:
    """Make a new secret; for a day every delivery is signed with the old one too."""
    async with call.services.pool.acquire() as conn:
        return await webhooks.rotate(conn, owner_id=call.user.user_id, webhook_id=call.path["webhook_id"])


@routes.get(
    f"{WEBHOOK}/dead",
    access=Access.RECRUITER,
    query=DeadLettersQuery,
    answers={200: DeadLetterPage},
    refusals=(NotFound,),
)
async def list_dead(call: Call[None, DeadLettersQuery]) -> DeadLetterPage:
    """Deliveries that were given up on, in the order of their events."""
    async with call.services.pool.acquire() as conn:
        return await webhooks.dead(
            conn, owner_id=call.user.user_id, webhook_id=call.path["webhook_id"], query=call.query
        )


@routes.post(
    f"{WEBHOOK}/retry",
    access=Access.RECRUITER,
    body=RetryDeadLetters,
    answers={202: RetryAsked},
    refusals=(NotFound,),
)
async def retry(call: Call[RetryDeadLetters, None]) -> RetryAsked:
    """Have dead letters tried once more, all or that of one event; they come after newer events."""
    async with call.services.pool.acquire() as conn:
        return await webhooks.retry(
            conn,
            owner_id=call.user.user_id,
            webhook_id=call.path["webhook_id"],
            event_id=call.body.event_id,
        )
