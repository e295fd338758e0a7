"""Webhooks as the OpenAPI document tells of them: the calls, and what is really delivered."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from realtime.settings import Settings
from tests.contract.watch import Watch
from tests.integration.conftest import settings as plain_settings
from tests.integration.evaluation import consuming
from tests.integration.node import MCQ, Person
from tests.integration.receiver import answers, receiving
from tests.integration.subscribing import NETWORKS

__all__ = ["plain_settings"]

WEBHOOKS = "/api/recruiter/webhooks"


@pytest.fixture
def settings(plain_settings: Settings) -> Settings:
    """Webhooks may lead to this machine."""
    return plain_settings.model_copy(update={"webhook_private_networks": NETWORKS})


async def test_a_webhook_from_its_making_to_its_end(watch: Watch, recruiter: Person) -> None:
    async with receiving() as receiver:
        added = await watch.ok("POST", WEBHOOKS, recruiter, json={"url": receiver.url})
    one = f"{WEBHOOKS}/{added['id']}"
    [listed] = (await watch.ok("GET", WEBHOOKS, recruiter))["webhooks"]
    assert (listed["id"], listed["state"], listed["dead_letters"]) == (added["id"], "well", 0)
    rotated = await watch.ok("POST", f"{one}/rotate", recruiter)
    assert rotated["secret"] != added["secret"]
    assert [secret in str(listed) for secret in (added["secret"], rotated["secret"])] == [False, False]
    await watch.node.pool.execute(
        "INSERT INTO webhook_dead_letters (webhook_id, event_id, position, session_id, type, body, attempts, reason)"
        " SELECT $1, gen_random_uuid(), n, gen_random_uuid(), 'interlock.session.started', '{}', 6, 'answered 422'"
        " FROM generate_series(1, 3) n",
        UUID(added["id"]),
    )
    page = await watch.ok("GET", f"{one}/dead?limit=2", recruiter)
    assert ([letter["position"] for letter in page["dead_letters"]], page["has_more"]) == ([1, 2], True)
    page = await watch.ok("GET", f"{one}/dead?after=2", recruiter)
    assert ([letter["position"] for letter in page["dead_letters"]], page["has_more"]) == ([3], False)
    last = page["dead_letters"][0]["event_id"]
    assert await watch.ok("POST", f"{one}/retry", recruiter, json={"event_id": last}) == {"asked": 1}
    assert await watch.ok("POST", f"{one}/retry", recruiter) == {"asked": 3}
    assert (await watch.call("DELETE", one, recruiter)).status == 204
    assert await watch.ok("GET", WEBHOOKS, recruiter) == {"webhooks": []}


async def test_what_cannot_be_done_is_refused_in_its_form(watch: Watch, recruiter: Person) -> None:
    add = ("POST", WEBHOOKS, recruiter)
    for url in ("ftp://a.test/", "https://me@a.test/", "https://a.test/#x", 5, None):
        await watch.refused(422, "invalid_body", *add, json={"url": url})
    await watch.refused(422, "invalid_body", *add, json={"url": "https://a.test/", "owner": "me"})
    await watch.refused(409, "address_not_allowed", *add, json={"url": "http://10.0.0.1/"})
    for _ in range(10):
        await watch.ok(*add, json={"url": "https://a.test/"})
    await watch.refused(409, "too_many_webhooks", *add, json={"url": "https://a.test/"})
    for method, verb in (("DELETE", ""), ("POST", "/rotate"), ("GET", "/dead"), ("POST", "/retry")):
        await watch.refused(404, "not_found", method, f"{WEBHOOKS}/{uuid4()}{verb}", recruiter)
    [first, *_] = (await watch.ok("GET", WEBHOOKS, recruiter))["webhooks"]
    unknown = {"event_id": str(uuid4())}
    await watch.refused(404, "not_found", "POST", f"{WEBHOOKS}/{first['id']}/retry", recruiter, json=unknown)
    await watch.refused(422, "invalid_body", "GET", f"{WEBHOOKS}/{first['id']}/dead?limit=201", recruiter)


async def test_deliveries_have_the_form_that_the_document_states(
    watch: Watch, candidate: Person, recruiter: Person
) -> None:
    document = (await watch.node.call("GET", "/api/openapi.json")).body
    interview_id = await watch.node.interview(recruiter, MCQ)
    await watch.node.invite(recruiter, interview_id, candidate)
    async with receiving(answers(503, Retry_After="0")) as receiver, consuming(watch.node.settings):
        await watch.ok("POST", WEBHOOKS, recruiter, json={"url": receiver.url})
        session = await watch.node.start(candidate, interview_id)
        await watch.node.answer(candidate, session["id"], 0, "404")
        await receiver.until(
            lambda heard: bool(heard.got) and heard.got[-1].event["type"] == "interlock.session.evaluated"
        )
    assert {delivery.event["type"] for delivery in receiver.got} == document["webhooks"].keys()
    assert {delivery.event["subject"] for delivery in receiver.got} == {session["id"]}
    for delivery in receiver.got:
        stated: dict[str, Any] = document["webhooks"][delivery.event["type"]]["post"]
        [(media_type, content)] = stated["requestBody"]["content"].items()
        assert delivery.headers["content-type"] == media_type
        assert {parameter["name"] for parameter in stated["parameters"]} <= delivery.headers.keys()
        whole = content["schema"] | {"components": document["components"]}
        Draft202012Validator(whole).validate(delivery.event)


async def test_no_candidate_is_named_in_a_delivery(watch: Watch, recruiter: Person) -> None:
    candidate = await watch.node.person("candidate", name="Canary Lovelace")
    interview_id = await watch.node.interview(recruiter, MCQ | {"question_text": "CANARY-QUESTION"})
    await watch.node.invite(recruiter, interview_id, candidate)
    async with receiving() as receiver, consuming(watch.node.settings):
        await watch.ok("POST", WEBHOOKS, recruiter, json={"url": receiver.url})
        session = await watch.node.start(candidate, interview_id)
        await watch.node.answer(candidate, session["id"], 0, "404")
        await receiver.count(4)
    everything = b"".join(delivery.body for delivery in receiver.got).lower()
    for secret in (b"canary", b"lovelace", candidate.email.encode(), str(candidate.id).encode()):
        assert secret not in everything
