"""Invitations: one person, one interview, on the recruiter's terms, by a link that is good for nothing else."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from db.pool import Connection
from realtime.contracts.base import rfc3339
from realtime.usecases import people
from tests.integration.node import MCQ, Node, Person, Reply

ADA = {"email": "Ada@People.test", "name": "Ada Lovelace"}
SOON = rfc3339(datetime.now(UTC) + timedelta(days=2))
PAST = rfc3339(datetime.now(UTC) - timedelta(minutes=1))


@pytest.fixture
async def interview(node: Node, recruiter: Person) -> UUID:
    """An interview to invite people to."""
    return await node.interview(recruiter, MCQ)


@pytest.fixture
async def other(node: Node) -> Person:
    """Another recruiter."""
    return await node.person("recruiter", name="Ron Recruiter")


def invitations(interview_id: UUID | str) -> str:
    return f"/api/recruiter/interviews/{interview_id}/invitations"


async def invite(node: Node, recruiter: Person, interview_id: UUID, **fields: Any) -> dict[str, Any]:
    reply = await node.call("POST", invitations(interview_id), recruiter, json=ADA | fields)
    assert reply.status == 201, reply.body
    made: dict[str, Any] = reply.body
    return made


async def open_link(node: Node, url: str) -> Reply:
    return await node.call("POST", "/api/sign-in/link", json={"token": urlsplit(url).fragment})


async def signed_in(node: Node, url: str) -> Person:
    reply = await open_link(node, url)
    assert reply.status == 200, reply.body
    return Person(UUID(reply.body["user"]["id"]), reply.body["user"]["email"], reply.body["token"])


def outcome(reply: Reply) -> tuple[int, str | None]:
    return reply.status, reply.body.get("code") if isinstance(reply.body, dict) else None


async def test_an_invitation_makes_the_candidate_and_their_link(
    node: Node, recruiter: Person, interview: UUID, conn: Connection
) -> None:
    made = await invite(node, recruiter, interview)
    assert set(made) == {"id", "url", "expires_at"}
    assert made["url"].startswith(f"{node.settings.base_url}/sign-in#")
    assert await conn.fetchval("SELECT role FROM users WHERE email = 'ada@people.test'") == "candidate"
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < lasts <= timedelta(days=30)
    listed = await node.call("GET", invitations(interview), recruiter)
    assert listed.body == {
        "invitations": [
            {
                "id": made["id"],
                "email": "ada@people.test",
                "name": "Ada Lovelace",
                "max_attempts": 1,
                "extra_time_percent": 0,
                "expires_at": made["expires_at"],
                "revoked_at": None,
                "attempts_used": 0,
            }
        ]
    }


async def test_the_link_signs_in_for_that_interview_only(
    node: Node, recruiter: Person, interview: UUID
) -> None:
    ada = await signed_in(node, (await invite(node, recruiter, interview))["url"])
    elsewhere = await node.interview(recruiter, MCQ, title="Another")
    await invite(node, recruiter, elsewhere)
    available = (await node.call("GET", "/api/interviews/available", ada)).body
    assert [one["interview_id"] for one in available] == [str(interview)]
    there = await node.call("POST", f"/api/interviews/{elsewhere}/start", ada)
    nowhere = await node.call("POST", f"/api/interviews/{uuid4()}/start", ada)
    assert outcome(there) == (404, "not_found")
    assert there.body == nowhere.body
    assert (await node.call("POST", f"/api/interviews/{interview}/start", ada)).status == 201


async def test_the_link_works_again_until_the_invitation_is_over(
    node: Node, recruiter: Person, interview: UUID
) -> None:
    made = await invite(node, recruiter, interview)
    path = f"{invitations(interview)}/{made['id']}"
    assert (await open_link(node, made["url"])).status == 200
    assert (await open_link(node, made["url"])).status == 200  # another device, another day
    expired = await node.call("PATCH", path, recruiter, json={"expires_at": PAST})
    assert expired.body["expires_at"] == PAST
    assert outcome(await open_link(node, made["url"])) == (401, "link_not_valid")
    assert outcome(await node.call("POST", f"{path}/link", recruiter)) == (409, "invitation_over")
    await node.call("PATCH", path, recruiter, json={"expires_at": SOON})
    assert (await open_link(node, made["url"])).status == 200
    assert outcome(await node.call("DELETE", path, recruiter)) == (204, None)
    assert outcome(await open_link(node, made["url"])) == (401, "link_not_valid")
    assert outcome(await node.call("POST", f"{path}/link", recruiter)) == (409, "invitation_over")
    assert outcome(await node.call("DELETE", path, recruiter)) == (204, None)  # again changes nothing


async def test_a_new_link_replaces_the_old_one(
    node: Node, recruiter: Person, interview: UUID, conn: Connection
) -> None:
    made = await invite(node, recruiter, interview)
    renewed = await node.call("POST", f"{invitations(interview)}/{made['id']}/link", recruiter)
    assert renewed.status == 201
    assert renewed.body == {"id": made["id"], "url": renewed.body["url"], "expires_at": made["expires_at"]}
    assert outcome(await open_link(node, made["url"])) == (401, "link_not_valid")
    assert (await open_link(node, renewed.body["url"])).status == 200
    assert await conn.fetchval("SELECT count(*) FROM sign_in_links") == 1


async def test_the_terms_can_be_changed_one_by_one(node: Node, recruiter: Person, interview: UUID) -> None:
    made = await invite(node, recruiter, interview, max_attempts=2, extra_time_percent=25, expires_at=SOON)
    path = f"{invitations(interview)}/{made['id']}"
    changed = await node.call("PATCH", path, recruiter, json={"extra_time_percent": 50})
    terms = {name: changed.body[name] for name in ("max_attempts", "extra_time_percent", "expires_at")}
    assert (changed.status, terms) == (200, {"max_attempts": 2, "extra_time_percent": 50, "expires_at": SOON})
    changed = await node.call("PATCH", path, recruiter, json={"max_attempts": 3})
    assert (changed.body["max_attempts"], changed.body["extra_time_percent"]) == (3, 50)
    assert (await node.call("PATCH", path, recruiter, json={})).body == changed.body
    ada = await signed_in(node, made["url"])
    started = await node.call("POST", f"/api/interviews/{interview}/start", ada)
    assert (started.body["time_limits"], started.body["attempts_left"]) == ([90], 2)
    listed = (await node.call("GET", invitations(interview), recruiter)).body["invitations"]
    assert listed[0]["attempts_used"] == 1


async def test_a_started_session_outlives_its_invitation(
    node: Node, recruiter: Person, interview: UUID
) -> None:
    made = await invite(node, recruiter, interview, max_attempts=5)
    ada = await signed_in(node, made["url"])
    session = await node.start(ada, interview)
    await node.call("DELETE", f"{invitations(interview)}/{made['id']}", recruiter)
    answered = await node.answer(ada, session["id"], 0, "404")
    assert (answered.status, answered.body["completed"]) == (200, True)
    assert outcome(await node.call("POST", f"/api/interviews/{interview}/start", ada)) == (404, "not_found")


async def test_the_same_email_again_is_told_which_invitation_it_has(
    node: Node, recruiter: Person, interview: UUID
) -> None:
    made = await invite(node, recruiter, interview)
    again = await node.call(
        "POST", invitations(interview), recruiter, json=ADA | {"email": "ADA@people.test", "name": "Imposter"}
    )
    assert outcome(again) == (409, "already_invited")
    assert again.body["id"] == made["id"]
    assert (await open_link(node, made["url"])).body["user"]["name"] == "Ada Lovelace"


async def test_of_many_invitations_of_one_person_one_is_made(
    node: Node, recruiter: Person, interview: UUID
) -> None:
    replies = await asyncio.gather(
        *(node.call("POST", invitations(interview), recruiter, json=ADA) for _ in range(10))
    )
    assert sorted(reply.status for reply in replies) == [201] + [409] * 9
    made = next(reply.body for reply in replies if reply.status == 201)
    assert {reply.body["id"] for reply in replies} == {made["id"]}
    assert (await open_link(node, made["url"])).status == 200


async def test_inviting_again_after_a_revocation_renews_the_invitation(
    node: Node, recruiter: Person, interview: UUID
) -> None:
    made = await invite(node, recruiter, interview, max_attempts=3)
    await node.call("DELETE", f"{invitations(interview)}/{made['id']}", recruiter)
    again = await invite(node, recruiter, interview, extra_time_percent=10)
    assert again["id"] == made["id"]
    assert outcome(await open_link(node, made["url"])) == (401, "link_not_valid")
    assert (await open_link(node, again["url"])).status == 200
    (listed,) = (await node.call("GET", invitations(interview), recruiter)).body["invitations"]
    assert (listed["max_attempts"], listed["extra_time_percent"], listed["revoked_at"]) == (1, 10, None)


async def test_an_existing_candidate_keeps_their_name_and_a_recruiter_is_not_invited(
    node: Node, recruiter: Person, other: Person, interview: UUID, conn: Connection
) -> None:
    await people.add_user(conn, email="ada@people.test", name="Augusta Ada King", role="candidate")
    await invite(node, recruiter, interview)
    (listed,) = (await node.call("GET", invitations(interview), recruiter)).body["invitations"]
    assert listed["name"] == "Augusta Ada King"
    for colleague in (other, recruiter):
        reply = await node.call(
            "POST", invitations(interview), recruiter, json={"email": colleague.email, "name": "X"}
        )
        assert outcome(reply) == (422, "not_a_candidate")
    assert len((await node.call("GET", invitations(interview), recruiter)).body["invitations"]) == 1


async def test_what_is_another_recruiters_does_not_exist(
    node: Node, recruiter: Person, other: Person, interview: UUID
) -> None:
    theirs = await invite(node, recruiter, interview)
    own = await node.interview(other, MCQ)
    unknown = str(uuid4())
    for method, body, suffix in (
        ("PATCH", {"max_attempts": 9}, ""),
        ("DELETE", None, ""),
        ("POST", None, "/link"),
    ):
        for path in (
            f"{invitations(interview)}/{theirs['id']}",
            f"{invitations(own)}/{theirs['id']}",
            f"/api/recruiter/interviews/invitations/{theirs['id']}",
            f"/api/recruiter/invitations/{theirs['id']}",
        ):
            reply = await node.call(method, path + suffix, other, json=body)
            missing = await node.call(method, path.replace(theirs["id"], unknown) + suffix, other, json=body)
            assert outcome(reply) == (404, "not_found")
            assert reply.body == missing.body
    for method, sent in (("GET", None), ("POST", ADA)):
        reply = await node.call(method, invitations(interview), other, json=sent)
        missing = await node.call(method, invitations(unknown), other, json=sent)
        assert outcome(reply) == (404, "not_found")
        assert reply.body == missing.body
    (listed,) = (await node.call("GET", invitations(interview), recruiter)).body["invitations"]
    assert (listed["max_attempts"], listed["revoked_at"]) == (1, None)
    assert (await open_link(node, theirs["url"])).status == 200


async def test_an_invitation_is_not_found_under_another_interview(
    node: Node, recruiter: Person, interview: UUID
) -> None:
    made = await invite(node, recruiter, interview)
    sibling = await node.interview(recruiter, MCQ)
    assert outcome(await node.call("DELETE", f"{invitations(sibling)}/{made['id']}", recruiter)) == (
        404,
        "not_found",
    )
    assert outcome(await node.call("PATCH", f"{invitations(sibling)}/{made['id']}", recruiter, json={})) == (
        404,
        "not_found",
    )
    assert outcome(await node.call("POST", f"{invitations(sibling)}/{made['id']}/link", recruiter)) == (
        404,
        "not_found",
    )


@pytest.mark.parametrize("base", ["/api/recruiter/interviews/invitations", "/api/recruiter/invitations"])
async def test_an_invitations_id_alone_will_do(
    node: Node, recruiter: Person, interview: UUID, base: str
) -> None:
    made = await invite(node, recruiter, interview)
    path = f"{base}/{made['id']}"
    assert (await node.call("PATCH", path, recruiter, json={"max_attempts": 4})).body["max_attempts"] == 4
    assert (await node.call("POST", f"{path}/link", recruiter)).status == 201
    assert outcome(await node.call("DELETE", path, recruiter)) == (204, None)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"email": "ada"}, "email"),
        ({"email": None}, "email"),
        ({"email": "a\u0000@people.test"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"max_attempts": 101}, "max_attempts"),
        ({"max_attempts": "1"}, "max_attempts"),
        ({"extra_time_percent": -1}, "extra_time_percent"),
        ({"extra_time_percent": 401}, "extra_time_percent"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, "expires_at"),
        ({"expires_at": 1893456000}, "expires_at"),
        ({"role": "recruiter"}, "role"),
    ],
)
async def test_a_wrong_invitation_is_named_and_makes_nobody(
    node: Node, recruiter: Person, interview: UUID, conn: Connection, fields: dict[str, Any], path: str
) -> None:
    reply = await node.call("POST", invitations(interview), recruiter, json=ADA | fields)
    assert outcome(reply) == (422, "invalid_body")
    assert [error["path"] for error in reply.body["errors"]] == [path]
    assert await conn.fetchval("SELECT count(*) FROM users WHERE role = 'candidate'") == 0


@pytest.mark.parametrize(
    "body", [{"max_attempts": None}, {"expires_at": None}, {"email": "x@y.test"}, {"max_attempts": 1.5}]
)
async def test_a_wrong_change_changes_nothing(
    node: Node, recruiter: Person, interview: UUID, body: dict[str, Any]
) -> None:
    made = await invite(node, recruiter, interview)
    reply = await node.call("PATCH", f"{invitations(interview)}/{made['id']}", recruiter, json=body)
    assert outcome(reply) == (422, "invalid_body")
