"""The AsyncAPI 3.0 document, made from the tables of events and streams that serve."""

from realtime.http import asyncapi_sockets as sockets
from realtime.http import asyncapi_streams as streams
from realtime.http.openapi import Document
from realtime.http.schemas import schemas_of

ABOUT = """\
What Interlock says and hears beside HTTP: the Socket.IO events of candidates and recruiters, and the Redis Streams \
between services. What is said here is made from the code that serves it; the HTTP calls are at `/api/openapi.json`.

- JSON is `snake_case`, ids are UUIDs, times are RFC 3339 in UTC with milliseconds (`2026-11-22T10:15:00.123Z`).
- Durations are in the unit that their name ends with; a time limit is in seconds. Scores have two decimals.
- New fields and events may appear: pass over what you do not know. Unknown fields in what you send are refused."""


def asyncapi(*, version: str) -> Document:
    """Describe all events and streams."""
    schemas = schemas_of(taken=sockets.taken(), given=[*sockets.given(), *streams.given()])
    return {
        "asyncapi": "3.0.0",
        "id": "urn:interlock:events",
        "info": {"title": "Interlock's events and streams", "version": version, "description": ABOUT},
        "defaultContentType": "application/json",
        "servers": {sockets.SERVER: sockets.server(), streams.SERVER: streams.server()},
        "channels": sockets.channels(schemas) | streams.channels(schemas),
        "operations": sockets.operations() | streams.operations(),
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A signed token, in the CONNECT packet as `auth: {token}`; its `role` names the namespace.",
                },
                "redis": {
                    "type": "userPassword",
                    "description": "Those of INTERLOCK_REDIS_URL, or of a user of your own.",
                },
            },
        },
    }
