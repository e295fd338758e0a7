"""The Redis half of the AsyncAPI document: every stream of the table, the public one so that a reader can be written from it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from realtime.contracts.base import rfc3339
from realtime.contracts.streams import BODY_FIELD, PUBLIC_EVENTS, RESULTS, STREAMS, Stream, cloud_event
from realtime.http.schemas import JsonSchema, Schemas

SERVER = "redis"
CLOUD_EVENT = "application/cloudevents+json"

ABOUT_SERVER = """\
Redis or Valkey, at INTERLOCK_REDIS_URL. A user of a reader's own needs no more than \
`+xread +xreadgroup +xgroup +xack +xautoclaim +xinfo +xrange ~interlock.evaluation.results`."""

ABOUT_PUBLIC = f"""\
What became of sessions and answers, for any other service. A Redis Stream, public and stable.

**An entry** has exactly one field, `{BODY_FIELD}`. Its value is one CloudEvent 1.0 in structured mode: UTF-8 JSON, with \
no header or envelope around it. `type` says which of the messages below it is; `subject` is the session's id; `time` is \
when it happened. Pass over a `type` and over fields that you do not know: more may come.

**Reading with a position of your own** (a database next to your data is the best place for it): start at `0-0`, or at the \
last id that you have worked off, and go on with the id of the last entry of each answer.

```
XREAD BLOCK 5000 COUNT 100 STREAMS {RESULTS} 0-0
1) 1) "{RESULTS}"
   2) 1) 1) "1795000000000-1"
         2) 1) "{BODY_FIELD}"
            2) "{{\\"specversion\\":\\"1.0\\",\\"id\\":\\"0b8f…\\",\\"type\\":\\"interlock.session.started\\",…}}"
XREAD BLOCK 5000 COUNT 100 STREAMS {RESULTS} 1795000000000-1
```

**Reading in a group**, so that several processes share the work. Make a group of your own (`graders` and the other \
streams are Interlock's) at `0`, not at `$`, or what came before is never delivered; BUSYGROUP means that it exists.

```
XGROUP CREATE {RESULTS} my-service 0 MKSTREAM
XREADGROUP GROUP my-service worker-1 COUNT 100 BLOCK 5000 STREAMS {RESULTS} >
XACK {RESULTS} my-service 1795000000000-1
XAUTOCLAIM {RESULTS} my-service worker-1 60000 0-0 COUNT 100
```

Acknowledge an entry after its effect is stored; claim what another worker left behind from time to time. One session's \
entries may then be with two workers at once: go by `data.version`, as below.

**Ids** are `A-B`, two numbers, to be compared as numbers. `B` is the event's position: it grows by one from entry to \
entry, with none missing. `A` says which numbering this is: it stays the same while the database lives, and is larger for \
a new one.

**At least once.** The same event may reach you again; its `id` is then the same. Per session, events come in the order of \
their commits; between sessions there is no order. Where an event tells a state (`interlock.answer.evaluated` of the \
answer `data.answer_id`, `interlock.session.evaluated` of the session), keep the highest `data.version` that you have seen \
and pass over what is not higher: then neither repeats nor order matter.

**Kept** for INTERLOCK_FEED_RETENTION_DAYS, 30 by default. A first entry whose `B` is more than one above your last one \
means that what lay between has been trimmed: have it written again, or read the state from the tables \
`interview_sessions` and `answers`, and go on from there.

**Replaying.** `interlock replay` writes events again from PostgreSQL, in order and with the same ids, for a service that \
lost its place: after an entry (`--after 1795000000000-41`), after an event (`--after-event ID`) or from a time on \
(`--since TIME`), to its output or, with `--to-stream NAME`, to a stream of your own, whose entries have the ids that they \
had here: read it to its end, then go on here after its last id. It says so and writes nothing where not all is there any more.

**Without Redis**, webhooks carry the same events over HTTP, signed: see `/api/docs`.

When Redis itself loses entries, Interlock writes them again under the same ids, and your position stays \
good; a group that is gone (NOGROUP) is made again at your last id."""

_SESSION = UUID("7f1d6a52-5c4e-4a53-9a83-0a3f6d0c1e11")
_INTERVIEW = UUID("0d9f4a1c-2f64-4b5e-8a8e-1f6c7b2d9e22")
_AT = datetime(2026, 11, 22, 10, 15, 0, 123_000, tzinfo=UTC)
_WHICH: dict[str, Any] = {"session_id": str(_SESSION), "interview_id": str(_INTERVIEW)}
_EXAMPLES: Mapping[str, dict[str, Any]] = {
    "interlock.session.started": {"attempt": 1, "started_at": rfc3339(_AT), "version": 1},
    "interlock.session.ended": {"status": "completed", "ended_at": rfc3339(_AT), "version": 1},
    "interlock.session.evaluated": {
        "status": "completed",
        "score": 47.5,
        "max_score": 60,
        "percentage": 79.17,
        "recommendation": "hire",
        "version": 2,
    },
    "interlock.answer.evaluated": {
        "answer_id": "f3c0a6de-94c8-4d0b-b3a5-6a1f0e7c5d33",
        "question_id": "5b2e8c74-1d3f-4c6a-9e0b-8d7f2a4b6c44",
        "question_index": 1,
        "question_type": "short_answer",
        "score": 17.5,
        "points": 20,
        "state": "scored",
        "graded_by": "ai",
        "version": 1,
    },
}


def given() -> list[type[BaseModel]]:
    """What the streams carry."""
    return [message for stream in STREAMS for message in stream.messages]


def server() -> JsonSchema:
    """Redis."""
    return {
        "host": "{host}",
        "protocol": "redis",
        "title": "Redis",
        "description": ABOUT_SERVER,
        "variables": {
            "host": {"default": "127.0.0.1:6379", "description": "Host and port of INTERLOCK_REDIS_URL."}
        },
        "security": [{"$ref": "#/components/securitySchemes/redis"}],
    }


def channels(schemas: Schemas) -> dict[str, JsonSchema]:
    """The streams."""
    return {key_of(stream): _channel(stream, schemas) for stream in STREAMS}


def operations() -> dict[str, JsonSchema]:
    """What Interlock writes and, of its own streams, reads."""
    written = {f"{key_of(stream)}.write": _operation(stream, "send") for stream in STREAMS}
    read = {f"{key_of(stream)}.read": _operation(stream, "receive") for stream in STREAMS if stream.group}
    return written | read


def key_of(stream: Stream) -> str:
    """The name of a stream's channel in the document."""
    return stream.name.removeprefix("interlock.evaluation.")


def _channel(stream: Stream, schemas: Schemas) -> JsonSchema:
    return {
        "address": stream.name,
        "title": f"{'Public' if stream.public else 'Internal'} stream {stream.name}",
        "summary": stream.description,
        "description": ABOUT_PUBLIC if stream.public else "Interlock's own: it may change with any version.",
        "servers": [{"$ref": f"#/servers/{SERVER}"}],
        "messages": {_name(message): _message(message, schemas) for message in stream.messages},
        "x-redis-stream": _layout(stream),
    }


def _layout(stream: Stream) -> JsonSchema:
    """What no binding of AsyncAPI has a word for: its Redis bindings are still empty."""
    layout: JsonSchema = {
        "type": "stream",
        "key": stream.name,
        "field": BODY_FIELD,
        "encoding": "UTF-8 JSON",
        "delivery": "at least once",
        "public": stream.public,
    }
    if stream.group is not None:
        layout["group"] = stream.group
    if stream.public:
        layout |= {
            "order": "per session, by commit",
            "read_from": "0-0",
            "retention": "INTERLOCK_FEED_RETENTION_DAYS",
        }
    return layout


def _name(message: type[BaseModel]) -> str:
    for name, model in PUBLIC_EVENTS.items():
        if model is message:
            return name
    return message.__name__


def _message(message: type[BaseModel], schemas: Schemas) -> JsonSchema:
    name = _name(message)
    described: JsonSchema = {
        "name": name,
        "summary": " ".join((message.__doc__ or name).split()),
        "contentType": CLOUD_EVENT if name in PUBLIC_EVENTS else "application/json",
        "payload": schemas.given(message),
    }
    if name in _EXAMPLES:
        described["examples"] = [{"name": name, "payload": _example(name)}]
    return described


def _example(name: str) -> Any:
    return orjson.loads(
        cloud_event(
            event_id=UUID("2a4c6e80-13f5-4b79-8d1e-5c7a9b3d5f55"),
            kind=name,
            session_id=_SESSION,
            at=_AT,
            data=_WHICH | _EXAMPLES[name],
        )
    )


def _operation(stream: Stream, action: str) -> JsonSchema:
    key = key_of(stream)
    return {
        "action": action,
        "summary": f"Interlock {'writes' if action == 'send' else 'reads'} `{stream.name}`",
        "channel": {"$ref": f"#/channels/{key}"},
        "messages": [{"$ref": f"#/channels/{key}/messages/{_name(message)}"} for message in stream.messages],
    }
