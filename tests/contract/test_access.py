"""Who may call what: every route and both namespaces against every kind of caller that has no business there."""

import asyncio
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import aiohttp
import jwt
import pytest
import socketio

from realtime.app import ROUTES
from realtime.http.routing import Access, Route
from tests.contract.watch import Watch
from tests.integration.node import SECRET, Node, Person, Reply

ALL = tuple(route for subject in ROUTES for route in subject)
GUARDED = tuple(route for route in ALL if route.access is not Access.PUBLIC)
PUBLIC = tuple(route for route in ALL if route.access is Access.PUBLIC)
OTHER = {Access.CANDIDATE: "recruiter", Access.RECRUITER: "candidate"}
FOREIGN = {"Origin": "https://elsewhere.test"}
HOUR = 3600
LONG_AGO = 1_700_000_000

Forge = Callable[[dict[str, Any]], str]


def unsigned(claims: dict[str, Any]) -> str:
    """A token with alg none."""
    return jwt.encode(claims, "", algorithm="none")


def expired(claims: dict[str, Any]) -> str:
    """A good token whose time is over."""
    return jwt.encode(claims | {"iat": LONG_AGO, "exp": LONG_AGO + HOUR}, SECRET, algorithm="HS256")


def endless(claims: dict[str, Any]) -> str:
    """A token that says no end."""
    return jwt.encode({name: claims[name] for name in claims if name != "exp"}, SECRET, algorithm="HS256")


def of_another_secret(claims: dict[str, Any]) -> str:
    """A token that somebody else signed."""
    return jwt.encode(claims, SECRET[::-1], algorithm="HS256")


def of_another_algorithm(claims: dict[str, Any]) -> str:
    """A token signed with our secret in a way that is not ours."""
    return jwt.encode(claims, SECRET + SECRET, algorithm="HS512")


def of_an_unknown_role(claims: dict[str, Any]) -> str:
    """A good signature under a role that does not exist."""
    return jwt.encode(claims | {"role": "admin"}, SECRET, algorithm="HS256")


def rubbish(claims: dict[str, Any]) -> str:
    """No token at all."""
    return "rubbish"


def cut_off(claims: dict[str, Any]) -> str:
    """A good token without its signature."""
    return jwt.encode(claims, SECRET, algorithm="HS256").rpartition(".")[0] + "."


FORGERIES: tuple[Forge, ...] = (
    rubbish,
    unsigned,
    expired,
    endless,
    of_another_secret,
    of_another_algorithm,
    of_an_unknown_role,
    cut_off,
)


def claims_of(who: Person, role: str) -> dict[str, Any]:
    """What a good token of this person says."""
    good: dict[str, Any] = jwt.decode(who.token, SECRET, algorithms=["HS256"])
    assert good["role"] == role
    return good


def somewhere(route: Route) -> str:
    """An address of a route, of something that does not exist."""
    return re.sub(r"\{\w+\}", lambda _: str(uuid4()), route.path)


def named(route: Route) -> str:
    """A route for a person who reads a failure."""
    return f"{route.method} {route.path}"


async def answered(watch: Watch, route: Route, **options: Any) -> Reply:
    """What a route says to such a request; its form is checked as well."""
    return await watch.call(route.method, somewhere(route), **options)


def verdict(reply: Reply) -> tuple[int, str | None]:
    """Status and code."""
    return reply.status, reply.body.get("code") if isinstance(reply.body, dict) else None


def bearer(token: str) -> dict[str, str]:
    """The header of a token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def people(candidate: Person, recruiter: Person) -> dict[str, Person]:
    """One person of each role."""
    return {"candidate": candidate, "recruiter": recruiter}


def test_there_are_routes_of_every_kind() -> None:
    assert {route.access for route in GUARDED} == {Access.CANDIDATE, Access.RECRUITER}
    assert len(GUARDED) > 25
    assert {named(route) for route in PUBLIC} == {
        "POST /api/sign-in/link",
        "POST /api/demo/token",
        "GET /api/demo/users",
    }


async def test_without_a_token_every_route_says_sign_in_first(watch: Watch) -> None:
    for sent in (None, "", "Bearer", "Bearer ", "Basic YTpi"):
        headers = {} if sent is None else {"Authorization": sent}
        replies = {named(route): await answered(watch, route, headers=headers) for route in GUARDED}
        found = {name: verdict(reply) for name, reply in replies.items()}
        assert found == dict.fromkeys(replies, (401, "unauthenticated")), sent
        assert {reply.headers["WWW-Authenticate"] for reply in replies.values()} == {"Bearer"}
        assert {reply.headers["Content-Type"] for reply in replies.values()} == {"application/problem+json"}


@pytest.mark.parametrize("forge", FORGERIES)
async def test_no_route_takes_a_forged_token(watch: Watch, people: dict[str, Person], forge: Forge) -> None:
    found = {}
    for route in GUARDED:
        role = route.access.value
        token = forge(claims_of(people[role], role))
        found[named(route)] = verdict(await answered(watch, route, headers=bearer(token)))
    assert found == dict.fromkeys(found, (401, "unauthenticated"))


async def test_every_route_knows_its_role(watch: Watch, people: dict[str, Person]) -> None:
    found = {
        named(route): verdict(await answered(watch, route, who=people[OTHER[route.access]]))
        for route in GUARDED
    }
    assert found == dict.fromkeys(found, (403, "wrong_role"))


async def test_a_token_comes_before_what_is_asked(watch: Watch, people: dict[str, Person]) -> None:
    """Neither a body nor an address says anything to somebody who may not ask."""
    found = {}
    for route in GUARDED:
        path = re.sub(r"\{\w+\}", "no-uuid", route.path)
        for who in (None, people[OTHER[route.access]]):
            reply = await watch.call(route.method, path, who, data=b"{")
            found[named(route), who is None] = verdict(reply)
    assert found == {key: (401, "unauthenticated") if key[1] else (403, "wrong_role") for key in found}


async def test_a_good_token_gets_through_everywhere(watch: Watch, people: dict[str, Person]) -> None:
    """The counter-check: what refuses everybody else is the token, not the route."""
    found = {
        named(route): (await answered(watch, route, who=people[route.access.value])).status
        for route in GUARDED
    }
    assert {name: status for name, status in found.items() if status in {401, 403, 500}} == {}
    assert all(found[named(route)] in {404, 422} for route in GUARDED if "{" in route.path)


async def test_no_route_serves_a_foreign_origin(watch: Watch, people: dict[str, Person]) -> None:
    found = {}
    for route in ALL:
        who = None if route.access is Access.PUBLIC else people[route.access.value]
        reply = await answered(watch, route, who=who, headers=FOREIGN)
        found[named(route)] = verdict(reply)
        assert "Access-Control-Allow-Origin" not in reply.headers
    assert found == dict.fromkeys(found, (403, "foreign_origin"))


@pytest.mark.parametrize("path", ["/healthz", "/api/openapi.json", "/api/docs", "/", "/nowhere"])
async def test_nothing_else_serves_a_foreign_origin(node: Node, path: str) -> None:
    assert verdict(await node.call("GET", path, headers=FOREIGN)) == (403, "foreign_origin")


async def test_our_own_origin_is_welcome(watch: Watch, node: Node, candidate: Person) -> None:
    reply = await watch.call("GET", "/api/interviews/available", candidate, headers={"Origin": node.url})
    assert reply.status == 200


async def test_guessing_links_is_slowed_down(watch: Watch) -> None:
    guesses = 125  # more than two windows' worth: the first may be all but over
    replies = [
        await watch.call("POST", "/api/sign-in/link", json={"token": "a-guess"}) for _ in range(guesses)
    ]
    assert {verdict(reply) for reply in replies} == {(401, "link_not_valid"), (429, "too_many_requests")}
    slowed = [reply for reply in replies if reply.status == 429]
    assert all(int(reply.headers["Retry-After"]) >= 1 for reply in slowed)


# Socket.IO ----------------------------------------------------------------------------------------------------


async def refusal_of(node: Node, namespace: str, auth: Any) -> dict[str, Any]:
    """What a refused connect says."""
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    socket = socketio.AsyncClient(reconnection=False)
    socket.on("connect_error", heard.put, namespace=namespace)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await socket.connect(
            node.url, transports=["websocket"], namespaces=[namespace], auth=auth, wait_timeout=5
        )
    await socket.disconnect()
    return heard.get_nowait()


@pytest.mark.parametrize("namespace", ["/candidate", "/recruiter"])
async def test_no_namespace_without_a_token(node: Node, namespace: str) -> None:
    anything: tuple[Any, ...] = (
        None,
        {},
        {"token": None},
        {"token": 7},
        {"token": ""},
        {"token": ["x"]},
        "token",
        [],
    )
    for auth in anything:
        refused = await refusal_of(node, namespace, auth)
        assert refused["data"]["code"] == "unauthenticated", auth
        assert isinstance(refused["message"], str)


@pytest.mark.parametrize("role", ["candidate", "recruiter"])
async def test_no_namespace_takes_a_forged_token(node: Node, people: dict[str, Person], role: str) -> None:
    found = {}
    for forge in FORGERIES:
        token = forge(claims_of(people[role], role))
        found[forge.__name__] = (await refusal_of(node, f"/{role}", {"token": token}))["data"]["code"]
    assert found == dict.fromkeys(found, "unauthenticated")


@pytest.mark.parametrize(("role", "other"), [("candidate", "recruiter"), ("recruiter", "candidate")])
async def test_every_namespace_knows_its_role(
    node: Node, people: dict[str, Person], role: str, other: str
) -> None:
    refused = await refusal_of(node, f"/{role}", {"token": people[other].token})
    assert refused["data"]["code"] == "wrong_role"


async def test_recruiters_only_listen(watch: Watch, recruiter: Person) -> None:
    room = await watch.open(recruiter, "/recruiter")
    for event in ("join_session", "session_changed", "feed_position", "connect", "disconnect", "anything"):
        ack = await room.client.call(event, {}, namespace="/recruiter", timeout=5)
        assert (ack["ok"], ack["code"]) == (False, "unknown_event")


@pytest.mark.parametrize("namespace", ["/", "/admin"])
async def test_there_is_no_other_namespace(node: Node, candidate: Person, namespace: str) -> None:
    socket = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await socket.connect(
            node.url,
            transports=["websocket"],
            namespaces=[namespace],
            auth={"token": candidate.token},
            wait_timeout=5,
        )
    await socket.disconnect()


async def test_a_token_in_the_address_counts_for_nothing(node: Node, candidate: Person) -> None:
    url = f"{node.url}/?token={candidate.token}"
    socket = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await socket.connect(url, transports=["websocket"], namespaces=["/candidate"], wait_timeout=5)
    await socket.disconnect()


async def test_no_socket_for_a_foreign_origin(node: Node) -> None:
    url = f"{node.url}/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await node.session.ws_connect(url, headers=FOREIGN)
    assert refused.value.status == 403
    async with node.session.ws_connect(url, headers={"Origin": node.url}) as socket:
        assert (await socket.receive_str()).startswith("0{")
