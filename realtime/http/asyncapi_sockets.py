"""The Socket.IO half of the AsyncAPI document: two namespaces, their events and acks, from the tables of contracts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, create_model

from realtime.contracts.base import Reply
from realtime.contracts.events import (
    CANDIDATE,
    CANDIDATE_CLIENT,
    CANDIDATE_SERVER,
    RECRUITER,
    Ok,
    RefusedAck,
)
from realtime.contracts.recruiter_events import RECRUITER_SERVER
from realtime.domain.errors import (
    InternalError,
    InvalidBody,
    NotFound,
    Refusal,
    SessionEnded,
    SessionHeld,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    WrongRole,
)
from realtime.http import refusals
from realtime.http.candidate import WRITE_REFUSALS
from realtime.http.schemas import JsonSchema, Schemas

SERVER = "node"

ABOUT_NODE = """\
Socket.IO protocol v5 (Engine.IO 4) over WebSocket only: set `transports: ["websocket"]` in the client, for a polling \
request is answered 400. The token goes into the CONNECT packet, as `auth: {token}`, never into the URL. A refused \
connect is `connect_error` with `data.code`: {codes}. A foreign Origin is refused before, with 403 `foreign_origin`.

Every event takes exactly one object. Only the events listed here exist; anything else is answered `unknown_event` where \
an ack was asked for, and has no effect.""".replace(
    "{codes}", ", ".join(f"`{refusal.code}`" for refusal in (Unauthenticated, WrongRole, Unavailable))
)

ABOUT_CANDIDATE = """\
A candidate's browser. `join_session` first: from then on this connection holds the session, and every write carries \
the `lock_token` that its ack gave. `revision` is one integer a session that grows with every change of it; ignore what \
is lower than what you have."""

ABOUT_RECRUITER = """\
A recruiter's dashboard. Every connection is put into the room `recruiter_{user_id}` and hears of the sessions of that \
recruiter's own interviews; it sends nothing.

Every event carries `feed: {epoch, offset}`. Offsets grow by one within an epoch, in commit order per session, with none \
missing; an event may arrive twice or out of order, so apply only the next offset. On a gap, or after a reconnect, ask \
`GET /api/recruiter/feed` for what came after the last offset that you applied; 410 `resync_required` means that this \
history is gone, and the epoch changes when history is lost: load the list anew. `feed_position` shows a gap even when \
nothing more happens."""

# What each event may be refused with, beside what any may: the same codes as over HTTP.
REFUSED_WITH: Mapping[str, tuple[type[Refusal], ...]] = {
    "join_session": (NotFound, SessionHeld, SessionEnded),
    "submit_answer": WRITE_REFUSALS,
    "save_draft": WRITE_REFUSALS,
    "report_signal": (NotFound, SessionHeld, SessionEnded, TooManyRequests),
    "sync_clock": (),
}
ALWAYS = (InvalidBody, Unauthenticated, InternalError, Unavailable)

_WEBSOCKET = {
    "ws": {
        "method": "GET",
        "query": {
            "type": "object",
            "properties": {"EIO": {"const": "4"}, "transport": {"const": "websocket"}},
            "required": ["EIO", "transport"],
        },
        "bindingVersion": "0.1.0",
    }
}


@cache
def ack_of(reply: type[BaseModel]) -> type[BaseModel]:
    """The form of the ack that carries a reply: the reply's fields and `ok`."""
    if issubclass(reply, Ok):
        return reply
    return create_model(f"{reply.__name__}Ack", __base__=(reply, Ok), __doc__=reply.__doc__)


def taken() -> list[type[BaseModel]]:
    """What clients send."""
    return [request for request, _ in CANDIDATE_CLIENT.values()]


def given() -> list[type[BaseModel]]:
    """What clients get."""
    acks = [ack_of(reply) for _, replies in CANDIDATE_CLIENT.values() for reply in replies]
    return [*acks, RefusedAck, *CANDIDATE_SERVER.values(), *RECRUITER_SERVER.values()]


def server() -> JsonSchema:
    """A realtime node."""
    return {
        "host": "{host}",
        "pathname": "/socket.io/",
        "protocol": "ws",
        "protocolVersion": "13",
        "title": "A realtime node",
        "description": ABOUT_NODE,
        "variables": {
            "host": {
                "default": "127.0.0.1:8080",
                "description": "That of INTERLOCK_PUBLIC_URL; `wss` behind TLS.",
            }
        },
        "security": [{"$ref": "#/components/securitySchemes/token"}],
    }


def channels(schemas: Schemas) -> dict[str, JsonSchema]:
    """The namespaces."""
    return {
        "candidate": _channel(
            CANDIDATE,
            title="Candidates",
            description=ABOUT_CANDIDATE,
            messages={**_client_messages(schemas), **_server_messages(CANDIDATE_SERVER, schemas)},
        ),
        "recruiter": _channel(
            RECRUITER,
            title="Recruiters",
            description=ABOUT_RECRUITER,
            messages=_server_messages(RECRUITER_SERVER, schemas),
        ),
    }


def operations() -> dict[str, JsonSchema]:
    """What is sent and received, as seen from Interlock."""
    received = {f"candidate.{event}": _received(event) for event in CANDIDATE_CLIENT}
    sent = {f"candidate.{event}": _sent("candidate", event) for event in CANDIDATE_SERVER}
    told = {f"recruiter.{event}": _sent("recruiter", event) for event in RECRUITER_SERVER}
    return received | sent | told


def _channel(address: str, *, title: str, description: str, messages: dict[str, JsonSchema]) -> JsonSchema:
    return {
        "address": address,
        "title": title,
        "description": description,
        "servers": [{"$ref": f"#/servers/{SERVER}"}],
        "messages": messages,
        "bindings": _WEBSOCKET,
    }


def _client_messages(schemas: Schemas) -> dict[str, JsonSchema]:
    messages: dict[str, JsonSchema] = {}
    for event, (request, replies) in CANDIDATE_CLIENT.items():
        acks = [schemas.given(ack_of(reply)) for reply in replies]
        possible: set[type[Refusal]] = {*REFUSED_WITH[event], *ALWAYS}
        refused = sorted(possible, key=lambda refusal: refusal.code)
        messages[event] = _message(event, schemas.taken(request), summary=_words(request))
        messages[f"{event}.ack"] = _message(
            f"{event} ack",
            acks[0] if len(acks) == 1 else {"anyOf": acks},
            summary=" Or: ".join(_words(reply) for reply in replies),
        )
        messages[f"{event}.refused"] = _message(
            f"{event} refused",
            refusals.narrowed(schemas.given(RefusedAck)["$ref"], refused),
            summary="Refused; nothing was changed.",
        ) | {"description": refusals.meanings(refused)}
    return messages


def _server_messages(table: Mapping[str, type[Reply]], schemas: Schemas) -> dict[str, JsonSchema]:
    return {
        event: _message(event, schemas.given(model), summary=_words(model)) for event, model in table.items()
    }


def _message(name: str, payload: JsonSchema, *, summary: str) -> JsonSchema:
    return {"name": name, "summary": summary, "contentType": "application/json", "payload": payload}


def _words(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or model.__name__).split())


def _received(event: str) -> JsonSchema:
    return {
        "action": "receive",
        "summary": f"A candidate sends `{event}`",
        "channel": {"$ref": "#/channels/candidate"},
        "messages": [_of("candidate", event)],
        "reply": {
            "channel": {"$ref": "#/channels/candidate"},
            "messages": [_of("candidate", f"{event}.ack"), _of("candidate", f"{event}.refused")],
        },
    }


def _sent(channel: str, event: str) -> JsonSchema:
    return {
        "action": "send",
        "summary": f"A {channel} hears `{event}`",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [_of(channel, event)],
    }


def _of(channel: str, message: str) -> dict[str, Any]:
    return {"$ref": f"#/channels/{channel}/messages/{message}"}
