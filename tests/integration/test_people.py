"""People: made once, signed in by links that work as often as they should, and in demo mode by a click."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest

from db import sign_in_links, users
from db.pool import Connection, Pool
from realtime.domain.errors import LinkNotValid, NotFound, TooManyRequests
from realtime.http.limits import FAILED_SIGN_INS
from realtime.settings import Settings
from realtime.usecases import demo, people
from realtime.usecases.people import EmailTaken
from tests.integration.node import Node

ADA = {"email": "ada@people.test", "name": "Ada Lovelace"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A node in demo mode."""
    return settings.model_copy(update={"demo": True})


async def tables_hold(conn: Connection, text: str) -> bool:
    """Whether `text` stands anywhere in the tables that sign-in touches."""
    rows = await conn.fetch(
        "SELECT to_jsonb(l)::text || to_jsonb(u)::text AS row FROM sign_in_links l, users u"
    )
    return any(text in row["row"] for row in rows)


async def test_a_user_is_made_once_whatever_the_case(pool: Pool) -> None:
    async def add() -> Any:
        async with pool.acquire() as conn:
            return await people.add_user(
                conn, email="Ada@People.TEST", name=" Ada Lovelace ", role="recruiter"
            )

    made = await asyncio.gather(*(add() for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(outcome, EmailTaken) for outcome in made) == 7
    async with pool.acquire() as conn:
        user = await people.find_user(conn, "ADA@people.test")
        assert (user.email, user.name, user.role) == ("ada@people.test", "Ada Lovelace", "recruiter")


@pytest.mark.parametrize(
    "email", ["", "ada", "@people.test", "ada@", "a da@people.test", "ada@people.test\n", "a" * 250 + "@x.io"]
)
async def test_what_is_no_email_makes_nobody(conn: Connection, email: str) -> None:
    with pytest.raises(ValueError, match="must be an email address"):
        await people.add_user(conn, email=email, name="Ada", role="candidate")


async def test_a_login_link_signs_in_once(conn: Connection, settings: Settings) -> None:
    user = await people.add_user(conn, **ADA, role="recruiter")
    url = await people.make_login_link(conn, email=ADA["email"].upper(), public_url="https://interlock.test/")
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path, parts.query) == (
        "https",
        "interlock.test",
        "/sign-in",
        "",
    )
    assert len(parts.fragment) >= 22  # 128 bits and more
    assert not await tables_hold(conn, parts.fragment)  # only its hash is stored

    signed_in = await people.sign_in_by_link(conn, settings=settings, link_token=parts.fragment)
    assert signed_in.user.id == user.id
    claims = jwt.decode(signed_in.token, options={"verify_signature": False})
    assert claims["role"] == "recruiter"
    assert "interview_id" not in claims
    assert claims["exp"] - claims["iat"] == 12 * 3600
    with pytest.raises(LinkNotValid):
        await people.sign_in_by_link(conn, settings=settings, link_token=parts.fragment)


async def test_of_many_who_open_a_login_link_at_once_one_gets_in(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as conn:
        await people.add_user(conn, **ADA, role="recruiter")
        url = await people.make_login_link(conn, email=ADA["email"], public_url="http://x.test")

    async def open_link() -> Any:
        async with pool.acquire() as conn:
            return await people.sign_in_by_link(conn, settings=settings, link_token=urlsplit(url).fragment)

    outcomes = await asyncio.gather(*(open_link() for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(outcome, LinkNotValid) for outcome in outcomes) == 9


async def test_a_login_link_is_void_after_its_time(conn: Connection, settings: Settings) -> None:
    user = await people.add_user(conn, **ADA, role="recruiter")
    assert timedelta(minutes=15) == people.LOGIN_LINK_LASTS
    await sign_in_links.insert_once(conn, sha256(b"late").digest(), user_id=user.id, lasting=timedelta(0))
    with pytest.raises(LinkNotValid):
        await people.sign_in_by_link(conn, settings=settings, link_token="late")


async def test_nobody_gets_no_link_and_no_token(conn: Connection, settings: Settings) -> None:
    with pytest.raises(NotFound, match="No user has the email"):
        await people.make_login_link(conn, email="nobody@people.test", public_url="http://x.test")
    with pytest.raises(NotFound, match="No user has the email"):
        await people.sign_in(conn, settings=settings, email="nobody@people.test")


async def test_signing_in_by_link_over_http(node: Node, conn: Connection) -> None:
    user = await people.add_user(conn, **ADA, role="recruiter")
    url = await people.make_login_link(conn, email=ADA["email"], public_url=node.url)
    body = {"token": urlsplit(url).fragment}
    reply = await node.call("POST", "/api/sign-in/link", json=body)
    assert reply.status == 200
    assert reply.body["user"] == {
        "id": str(user.id),
        "name": "Ada Lovelace",
        "email": "ada@people.test",
        "role": "recruiter",
    }
    bearer = {"Authorization": f"Bearer {reply.body['token']}"}
    assert (await node.call("GET", "/api/recruiter/interviews", headers=bearer)).status == 200
    again = await node.call("POST", "/api/sign-in/link", json=body)
    assert (again.status, again.body["code"]) == (401, "link_not_valid")


@pytest.mark.parametrize(
    "body",
    [{}, {"token": ""}, {"token": 7}, {"token": "x" * 201}, {"token": "x", "more": 1}, {"token": "a\0"}],
)
async def test_a_wrong_body_is_no_sign_in(node: Node, body: dict[str, Any]) -> None:
    reply = await node.call("POST", "/api/sign-in/link", json=body)
    assert (reply.status, reply.body["code"]) == (422, "invalid_body")


async def test_failed_sign_ins_are_limited_per_address(node: Node) -> None:
    statuses = [
        (await node.call("POST", "/api/sign-in/link", json={"token": f"guess-{number}"})).status
        for number in range(FAILED_SIGN_INS.amount + 1)
    ]
    assert set(statuses[:-1]) == {401}
    assert statuses[-1] == TooManyRequests.status


async def test_what_a_client_says_of_its_address_is_not_believed(node: Node) -> None:
    statuses = {
        (
            await node.call(
                "POST",
                "/api/sign-in/link",
                json={"token": f"guess-{number}"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            )
        ).status
        for number in range(FAILED_SIGN_INS.amount + 1)
    }
    assert TooManyRequests.status in statuses


async def test_the_demo_is_loaded_once_even_from_two_places(node: Node, pool: Pool) -> None:
    async def load() -> None:
        async with pool.acquire() as conn:
            await demo.load(conn)

    await asyncio.gather(*(load() for _ in range(4)))
    await load()
    reply = await node.call("GET", "/api/demo/users")
    assert reply.status == 200
    assert reply.body == {
        "users": [
            {"email": "ada@demo.test", "name": "Ada Lovelace", "role": "candidate"},
            {"email": "grace@demo.test", "name": "Grace Hopper", "role": "candidate"},
            {"email": "linus@demo.test", "name": "Linus Torvalds", "role": "candidate"},
            {"email": "rita@demo.test", "name": "Rita Recruiter", "role": "recruiter"},
            {"email": "ron@demo.test", "name": "Ron Recruiter", "role": "recruiter"},
        ]
    }
    signed_in = await node.call("POST", "/api/demo/token", json={"email": "RITA@demo.test"})
    assert signed_in.status == 200
    rita = {"Authorization": f"Bearer {signed_in.body['token']}"}
    listed = (await node.call("GET", "/api/recruiter/interviews", headers=rita)).body["interviews"]
    assert [(interview["title"], interview["question_count"]) for interview in listed] == [
        ("Full-Stack Developer", 6)
    ]
    invited = await node.call("GET", f"/api/recruiter/interviews/{listed[0]['id']}/invitations", headers=rita)
    assert {one["email"] for one in invited.body["invitations"]} == {
        "ada@demo.test",
        "grace@demo.test",
        "linus@demo.test",
    }
    assert {one["max_attempts"] for one in invited.body["invitations"]} == {100}


async def test_a_demo_candidate_sees_the_interview_and_no_key_of_it(node: Node, conn: Connection) -> None:
    await demo.load(conn)
    signed_in = (await node.call("POST", "/api/demo/token", json={"email": "ada@demo.test"})).body
    ada = {"Authorization": f"Bearer {signed_in['token']}"}
    available = await node.call("GET", "/api/interviews/available", headers=ada)
    assert [(one["title"], one["attempts_left"]) for one in available.body] == [("Full-Stack Developer", 100)]
    started = await node.call(
        "POST", f"/api/interviews/{available.body[0]['interview_id']}/start", headers=ada
    )
    assert started.status == 201
    seen = f"{signed_in} {available.body} {started.body}"
    for key in (
        "correct_answer",
        "expected_keywords",
        "sample_solution",
        "sample_answer",
        "evaluation_criteria",
    ):
        assert key not in seen
    assert "Optimistic locking" not in seen
    assert "OrderedDict" not in seen


async def test_any_user_can_be_tried_in_demo_mode_and_nobody_else(node: Node, conn: Connection) -> None:
    await people.add_user(conn, **ADA, role="candidate")
    assert (await node.call("POST", "/api/demo/token", json={"email": ADA["email"]})).status == 200
    stranger = await node.call("POST", "/api/demo/token", json={"email": "nobody@people.test"})
    assert (stranger.status, stranger.body["code"]) == (404, "not_found")


class TestWithoutDemo:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """A node out of demo mode."""
        return settings.model_copy(update={"demo": False})

    async def test_there_is_no_sign_in_without_a_password(self, node: Node, conn: Connection) -> None:
        await demo.load(conn)
        for method, path, body in (
            ("GET", "/api/demo/users", None),
            ("POST", "/api/demo/token", {"email": "rita@demo.test"}),
        ):
            reply = await node.call(method, path, json=body)
            assert (reply.status, reply.body["code"]) == (404, "not_found")


async def test_a_user_who_is_there_keeps_role_and_name_when_the_demo_comes(conn: Connection) -> None:
    await people.add_user(conn, email="ron@demo.test", name="Another Ron", role="candidate")
    await demo.load(conn)
    ron = await users.by_email(conn, "ron@demo.test")
    assert ron is not None
    assert (ron.name, ron.role) == ("Another Ron", "candidate")
