"""What Interlock posts to webhooks, for the OpenAPI document: the events of the public stream, with their signature."""

from typing import Any

from pydantic import BaseModel

from realtime.contracts.streams import PUBLIC_EVENTS
from realtime.http.schemas import JsonSchema, Schemas

CLOUD_EVENT = "application/cloudevents+json"

ABOUT = """\
**Webhooks** carry the same events as the public stream (`/api/asyncapi`), for those without Redis: CloudEvents 1.0 in \
structured mode, by HTTP POST, of the sessions of the interviews that the webhook's owner created, from its making on.

- Every delivery is signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp` (Unix seconds) and \
`webhook-signature`, a list, separated by spaces, of `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. The key is the \
base64 behind `whsec_`. Compare in constant time; refuse timestamps that are more than five minutes away.
- Answer 2xx within 10 seconds, after you stored the event and before you work on it. Redirects are not followed.
- At least once: the same `webhook-id` (the event's `id`) may come again. Per session, events come in the order of their \
commits, one at a time; where one was given up on, the later ones come without it: go by `data.version`.
- Anything but 2xx is tried again after 2, 4, 8… seconds up to 5 minutes, or when your Retry-After says. An event is given up on after \
48 attempts (about two and a half hours), after 6 where you answer 400, 409, 413, 415 or 422. It is then among the \
webhook's dead letters, where it can be read and tried again.
- After a rotation, deliveries carry a signature by the new secret and one by the old for 24 hours.
- A private address is refused unless the operator lists it in INTERLOCK_WEBHOOK_PRIVATE_NETWORKS."""

_HEADERS = {
    "webhook-id": ("The event's `id`, the same at every attempt.", {"type": "string", "format": "uuid"}),
    "webhook-timestamp": ("When this attempt was signed, in Unix seconds.", {"type": "integer"}),
    "webhook-signature": (
        "`v1,` and a signature; two of them, separated by a space, after a rotation.",
        {"type": "string"},
    ),
}


def given() -> list[type[BaseModel]]:
    """What is posted."""
    return list(PUBLIC_EVENTS.values())


def webhooks(schemas: Schemas) -> dict[str, JsonSchema]:
    """The deliveries, by the event's type."""
    return {name: {"post": _delivery(name, model, schemas)} for name, model in PUBLIC_EVENTS.items()}


def _delivery(name: str, model: type[BaseModel], schemas: Schemas) -> JsonSchema:
    parameters: list[dict[str, Any]] = [
        {"name": header, "in": "header", "required": True, "description": about, "schema": schema}
        for header, (about, schema) in _HEADERS.items()
    ]
    return {
        "tags": ["Webhooks"],
        "operationId": f"deliver_{name.removeprefix('interlock.').replace('.', '_')}",
        "summary": " ".join((model.__doc__ or name).split()).rstrip("."),
        "security": [],
        "parameters": parameters,
        "requestBody": {"required": True, "content": {CLOUD_EVENT: {"schema": schemas.given(model)}}},
        "responses": {
            "2XX": {"description": "You have it."},
            "429": {"description": "Later: Retry-After is honoured."},
            "default": {"description": "You have it not; it comes again."},
        },
    }
