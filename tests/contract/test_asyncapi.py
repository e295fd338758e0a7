"""The AsyncAPI document: valid, complete, and enough to write a reader of the public stream from."""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator, Draft202012Validator  # type: ignore[import-untyped]
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, ResponseError

from realtime.contracts import events, recruiter_events, streams
from realtime.http.asyncapi import asyncapi
from realtime.http.asyncapi_sockets import REFUSED_WITH
from tests.contract.test_forms import started
from tests.contract.watch import Watch
from tests.integration.node import MCQ, Node, Person
from tests.processes import ROOT

# Once it is among the browser client's packages; our own check of the structure needs nothing.
OFFICIAL = ROOT / "realtime" / "web" / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"

STOPPED = "session_id revision"
ROOM = "feed session_id interview_id candidate_name"
# Section 5 of the contract: event -> the fields of its payload.
CANDIDATE_SENDS = {
    "join_session": "session_id resume_token takeover",
    "submit_answer": "session_id lock_token question_index answer time_expired",
    "save_draft": "session_id lock_token question_index revision answer",
    "report_signal": "session_id lock_token kind detail client_time",
    "sync_clock": "client_time_ms",
}
CANDIDATE_HEARS = {
    "tick": "session_id question_index remaining_ms server_time_ms revision",
    "question_opened": "session_id question_index question time_limit question_deadline remaining_ms server_time_ms revision",
    "question_expired": "session_id question_index submitted revision",
    "deadline_changed": "session_id question_index question_deadline remaining_ms reason revision",
    "session_paused": STOPPED,
    "session_resumed": STOPPED,
    "session_terminated": STOPPED,
    "session_completed": STOPPED,
    "session_superseded": "session_id reason",
    "message": "session_id text from",
}
RECRUITER_HEARS = {
    "session_started": f"{ROOM} attempt",
    "session_connected": f"{ROOM} attempt",
    "session_disconnected": f"{ROOM} attempt",
    "question_advanced": f"{ROOM} question_index question_deadline",
    "answer_submitted": f"{ROOM} question_index time_taken_seconds how late",
    "answer_evaluated": f"{ROOM} question_index score points state graded_by",
    "session_ended": f"{ROOM} status",
    "interview_completed": f"{ROOM} score max_score percentage recommendation",
    "session_changed": f"{ROOM} id status evaluation_state percentage",
    "signal_reported": f"{ROOM} kind detail server_time",
    "evaluation_failed": f"{ROOM} question_index attempts reason",
    "feed_position": "feed",
}
# Section 8.
STREAMS = ("interlock.evaluation.jobs", "interlock.evaluation.results", "interlock.evaluation.dead")
PUBLIC_TYPES = {
    "interlock.answer.evaluated",
    "interlock.session.started",
    "interlock.session.ended",
    "interlock.session.evaluated",
}
KEY = re.compile(r"[A-Za-z0-9._-]+")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document, without a server."""
    return asyncapi(version="1.2.3")


def at(document: dict[str, Any], address: str) -> dict[str, Any]:
    """The channel at an address."""
    found: dict[str, Any] = next(c for c in document["channels"].values() if c["address"] == address)
    return found


def resolve(document: dict[str, Any], reference: str) -> Any:
    """What a reference leads to; KeyError where that is nothing."""
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def references(value: Any) -> Iterator[str]:
    """All references in a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


@pytest.mark.skipif(
    not OFFICIAL.is_file(), reason="@asyncapi/specs is not among the browser client's packages"
)
def test_the_document_is_valid_by_the_official_schema(document: dict[str, Any]) -> None:
    official = Draft7Validator(json.loads(OFFICIAL.read_text(encoding="utf-8")))
    faults = [f"{fault.json_path}: {fault.message}" for fault in official.iter_errors(document)]
    assert faults == []
    assert not official.is_valid(document | {"surprise": 1})


def test_the_document_has_the_structure_of_asyncapi_3(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"
    fixed = {
        "asyncapi",
        "id",
        "info",
        "servers",
        "defaultContentType",
        "channels",
        "operations",
        "components",
    }
    assert document.keys() <= fixed
    assert document["info"].keys() >= {"title", "version"}
    for reference in references(document):
        resolve(document, reference)
    for server in document["servers"].values():
        assert server.keys() >= {"host", "protocol"}
        assert set(re.findall(r"\{(\w+)\}", server["host"])) == server["variables"].keys()
    for channel in document["channels"].values():
        known = {"address", "title", "summary", "description", "servers", "messages", "bindings"}
        assert {name for name in channel if not name.startswith("x-")} <= known
        for message in channel["messages"].values():
            allowed = {"name", "summary", "description", "contentType", "payload", "examples"}
            assert {"name", "payload"} <= message.keys() <= allowed
    keys = [*document["channels"], *document["operations"], *document["components"]["schemas"]]
    keys += [key for channel in document["channels"].values() for key in channel["messages"]]
    assert [key for key in keys if not KEY.fullmatch(key)] == []


def test_operations_speak_of_messages_of_their_own_channel(document: dict[str, Any]) -> None:
    for operation in document["operations"].values():
        assert operation["action"] in {"send", "receive"}
        reply = operation.get("reply", {"channel": operation["channel"], "messages": []})
        for where, messages in (
            (operation["channel"], operation["messages"]),
            (reply["channel"], reply["messages"]),
        ):
            for message in messages:
                assert message["$ref"].startswith(f"{where['$ref']}/messages/")


def test_every_message_belongs_to_an_operation(document: dict[str, Any]) -> None:
    spoken = {
        message["$ref"]
        for operation in document["operations"].values()
        for message in [*operation["messages"], *operation.get("reply", {"messages": []})["messages"]]
    }
    there = {
        f"#/channels/{name}/messages/{key}"
        for name, channel in document["channels"].items()
        for key in channel["messages"]
    }
    assert spoken == there


def test_payloads_are_schemas_of_both_drafts(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)  # what AsyncAPI's own form of schema is based on
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("namespace", "event", "fields"),
    [
        *(("/candidate", event, fields) for event, fields in (CANDIDATE_SENDS | CANDIDATE_HEARS).items()),
        *(("/recruiter", event, fields) for event, fields in RECRUITER_HEARS.items()),
    ],
)
def test_every_event_of_the_contract_is_in_it_with_its_fields(
    document: dict[str, Any], namespace: str, event: str, fields: str
) -> None:
    payload = at(document, namespace)["messages"][event]["payload"]
    form = resolve(document, payload["$ref"])
    assert form["properties"].keys() >= set(fields.split())
    if event in CANDIDATE_SENDS:
        assert form["additionalProperties"] is False
        assert {f"{event}.ack", f"{event}.refused"} <= at(document, namespace)["messages"].keys()
    else:
        assert set(form["required"]) >= set(fields.split())


def test_the_tables_and_the_contract_name_the_same_events() -> None:
    assert events.CANDIDATE_CLIENT.keys() == REFUSED_WITH.keys() == CANDIDATE_SENDS.keys()
    assert events.CANDIDATE_SERVER.keys() == CANDIDATE_HEARS.keys()
    assert recruiter_events.RECRUITER_SERVER.keys() == RECRUITER_HEARS.keys()


@pytest.mark.parametrize("stream", STREAMS)
def test_every_stream_of_the_contract_is_in_it(document: dict[str, Any], stream: str) -> None:
    layout = at(document, stream)["x-redis-stream"]
    assert (layout["key"], layout["field"]) == (stream, "__data__")
    assert layout["public"] is (stream == streams.RESULTS)
    assert layout.get("group") == ("graders" if stream == streams.JOBS else None)


def test_the_examples_of_the_public_stream_have_the_form_that_they_show(document: dict[str, Any]) -> None:
    messages = at(document, streams.RESULTS)["messages"]
    assert messages.keys() == PUBLIC_TYPES
    for name, message in messages.items():
        assert message["contentType"] == "application/cloudevents+json"
        [example] = message["examples"]
        assert example["payload"]["type"] == name
        whole = message["payload"] | {"components": document["components"]}
        Draft202012Validator(whole).validate(example["payload"])


async def test_a_reader_written_from_the_document_alone(
    watch: Watch, node: Node, candidate: Person, recruiter: Person, redis_url: str
) -> None:
    """As the document tells: with no more rights than it names, in a group of its own, by version."""
    document = (await watch.node.call("GET", "/api/asyncapi.json")).body
    channel = at(document, "interlock.evaluation.results")
    layout = channel["x-redis-stream"]
    rights = re.search(r"`(\+xread[^`]*)`", document["servers"]["redis"]["description"])
    assert rights is not None
    interview_id = await node.interview(recruiter, MCQ)
    await node.invite(recruiter, interview_id, candidate)
    session = await started(watch, candidate, str(interview_id))
    await node.answer(candidate, session["id"], 0, "404")

    async with Redis.from_url(redis_url) as admin:
        command = ("ACL", "SETUSER", "reader", "reset", "on", ">secret", *rights[1].split())
        await admin.execute_command(*command)  # type: ignore[no-untyped-call]
    host, _, port = redis_url.rpartition("@")[2].partition("/")[0].partition(":")
    async with Redis(host=host, port=int(port), username="reader", password="secret") as reader:
        with pytest.raises(NoPermissionError):
            await reader.xadd(layout["key"], {"x": "y"})
        await reader.xgroup_create(layout["key"], "my-service", id="0", mkstream=True)
        with pytest.raises(ResponseError, match="BUSYGROUP"):
            await reader.xgroup_create(layout["key"], "my-service", id="0", mkstream=True)
        heard: list[dict[str, Any]] = []
        positions: list[tuple[int, int]] = []
        while not heard or heard[-1]["type"] != "interlock.session.ended":
            answer: Any = await reader.xreadgroup(
                "my-service", "worker-1", {layout["key"]: ">"}, count=100, block=5000
            )
            assert answer, "nothing more came"
            for entry_id, fields in answer[0][1]:
                heard.append(orjson.loads(fields[layout["field"].encode()]))
                whole = channel["messages"][heard[-1]["type"]]["payload"]
                Draft202012Validator(whole | {"components": document["components"]}).validate(heard[-1])
                first, _, second = entry_id.decode().partition("-")
                positions.append((int(first), int(second)))
                await reader.xack(layout["key"], "my-service", entry_id)
        assert await reader.xautoclaim(layout["key"], "my-service", "worker-1", 0) == [b"0-0", [], []]
        alone: Any = await reader.xread({layout["key"]: layout["read_from"]}, count=100)
        assert [entry_id for entry_id, _ in alone[0][1]] == [f"{a}-{b}".encode() for a, b in positions]
    assert [event["type"] for event in heard] == ["interlock.session.started", "interlock.session.ended"]
    assert {event["subject"] for event in heard} == {session["id"]}
    assert [second for _, second in positions] == list(range(1, len(positions) + 1))
    assert len({first for first, _ in positions}) == 1
