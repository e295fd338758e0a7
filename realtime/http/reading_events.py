"""The AsyncAPI document as a page."""

from collections.abc import Mapping

import orjson

from realtime.http import reading
from realtime.http.markup import Child, Html, join, prose, tag
from realtime.http.openapi import Document

LINKS = {"/api/asyncapi.json": "AsyncAPI document", "/api/docs": "HTTP calls"}


def events_page(document: Document) -> bytes:
    """Render an AsyncAPI document in UTF-8."""
    info = document["info"]
    return reading.page(
        title=info["title"],
        version=info["version"],
        about=info["description"],
        links=LINKS,
        sections=[
            _servers(document["servers"]),
            *(_channel(document, name) for name in document["channels"]),
            reading.forms(document["components"]["schemas"]),
        ],
    )


def _servers(servers: Mapping[str, Document]) -> reading.Section:
    articles = [
        reading.article(
            f"server-{name}",
            server["title"],
            tag("p", tag("code", f"{server['protocol']}://{_host(server)}{server.get('pathname', '')}")),
            prose(server["description"]),
        )
        for name, server in servers.items()
    ]
    entries = tuple(reading.Entry(f"server-{name}", server["title"]) for name, server in servers.items())
    return reading.Section("servers", "Where", join(articles), entries)


def _host(server: Document) -> str:
    host: str = server["host"]
    for name, variable in server["variables"].items():
        host = host.replace(f"{{{name}}}", variable["default"])
    return host


def _channel(document: Document, name: str) -> reading.Section:
    channel = document["channels"][name]
    replies = _replies(document, name)
    answers = {answer for several in replies.values() for answer in several}
    heard = [key for key in channel["messages"] if key not in answers]
    articles = [_message(channel, name, key, replies=replies.get(key)) for key in heard]
    return reading.Section(
        anchor=f"channel-{name}",
        title=f"{channel['title']}: {channel['address']}"
        if channel["address"][0] == "/"
        else channel["title"],
        body=join([prose(channel.get("summary", "")), prose(channel["description"]), articles]),
        entries=tuple(reading.Entry(_anchor(name, key), key) for key in heard),
    )


def _replies(document: Document, channel: str) -> dict[str, tuple[str, ...]]:
    """The acks of each message that this channel takes; of those that it sends, nothing."""
    where = f"#/channels/{channel}"
    return {
        _last(operation["messages"][0]): tuple(
            _last(message) for message in operation.get("reply", {"messages": []})["messages"]
        )
        for operation in document["operations"].values()
        if operation["action"] == "receive" and operation["channel"]["$ref"] == where
    }


def _last(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _anchor(channel: str, message: str) -> str:
    return f"{channel}-{message}"


def _message(channel: Document, name: str, key: str, *, replies: tuple[str, ...] | None) -> Html:
    message = channel["messages"][key]
    listening = "hears" if replies is None else "sends"
    direction = "entry" if "x-redis-stream" in channel else listening
    return reading.article(
        _anchor(name, key),
        [tag("span", direction, class_="method"), " ", tag("code", message["name"])],
        tag("p", message["summary"]),
        reading.part("Payload", _payload(message["payload"])),
        [reading.part(_title(reply), *_reply(channel["messages"][reply])) for reply in replies or ()],
        [_example(example) for example in message.get("examples", [])],
    )


def _payload(payload: Document) -> Html:
    return tag("p", reading.kind(payload), class_="type")


def _title(reply: str) -> str:
    return "Ack" if reply.endswith(".ack") else "Ack when refused"


def _reply(message: Document) -> list[Child]:
    return [_payload(message["payload"]), prose(str(message.get("description", message["summary"])))]


def _example(example: Document) -> Html:
    text = orjson.dumps(example["payload"], option=orjson.OPT_INDENT_2).decode()
    return reading.part("Example", tag("pre", tag("code", text), tabindex="0"))
