"""The shipped nginx configuration before a real node: what it lets through, and what it says by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from realtime.app import build
from realtime.contracts.problems import Problem, problem
from realtime.domain.errors import NotFound, Refusal, TooLarge
from realtime.http.limits import FAILED_SIGN_INS
from realtime.http.routing import BODY_LIMIT, LARGE_BODY
from realtime.settings import Settings
from tests.faults.line import Away, Line
from tests.integration.node import MCQ, Node, Person
from tests.ports import free_ports
from tests.proxy import nginx

REQUESTS = 40
SOCKETS = 8
HASTY_SECONDS = 0.7


def nowhere() -> str:
    """Where nobody listens."""
    return f"http://127.0.0.1:{free_ports(1)[0]}"


async def echo(request: web.Request) -> web.Response:
    """What a node was sent."""
    return web.json_response(dict(request.headers))


def backend() -> web.Application:
    """Something in a node's place that says what it was sent."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", echo)
    return app


async def ask(node: Node, url: str, who: Person | None = None, **request: Any) -> tuple[int, Any, Any]:
    """Ask through the proxy; answers status, body and headers."""
    headers = {} if who is None else who.headers
    method = request.pop("method", "GET")
    async with node.session.request(
        method, url, headers=headers | request.pop("headers", {}), **request
    ) as reply:
        return reply.status, await reply.json(content_type=None), reply.headers


def says(refusal: Refusal) -> dict[str, Any]:
    """A refusal as the node itself would answer it, without what it says to people."""
    return {name: value for name, value in problem(refusal).items() if name != "detail"}


async def test_one_dead_node_is_not_noticed(node: Node, candidate: Person) -> None:
    with nginx([nowhere(), node.url]) as proxy:
        for _ in range(REQUESTS):
            status, _, _ = await ask(node, f"{proxy.url}/api/interviews/active", candidate)
            assert status == 200
        for _ in range(REQUESTS):  # what has not been sent anywhere yet may be sent to the other, a POST too
            status, _, _ = await ask(
                node, f"{proxy.url}/api/sign-in/link", method="POST", json={"token": "x" * 20}
            )
            assert status == 401
        for _ in range(SOCKETS):
            line = Line()
            await line.open(proxy.url, candidate.token)
            assert (await line.ask("sync_clock", {"client_time_ms": 1}))["ok"]
            await line.close()


async def test_two_dead_nodes_are_said_to_be_away_in_our_own_words(node: Node) -> None:
    with nginx([nowhere(), nowhere()]) as proxy:
        for path in ("/api/interviews/active", "/socket.io/?EIO=4&transport=websocket"):
            status, body, headers = await ask(node, proxy.url + path)
            assert (status, Problem.model_validate(body).code) == (503, "unavailable")
            assert headers["Content-Type"] == "application/problem+json"
            assert headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("path", "limit", "whose"),
    [
        ("/api/interviews/{interview_id}/start", BODY_LIMIT, "candidate"),
        ("/api/recruiter/interviews", LARGE_BODY, "recruiter"),
    ],
)
async def test_a_body_may_be_as_large_as_the_node_lets_it_be(
    node: Node, candidate: Person, recruiter: Person, path: str, limit: int, whose: str
) -> None:
    who = candidate if whose == "candidate" else recruiter
    interview_id = await node.interview(recruiter, MCQ)
    with nginx([node.url, node.url]) as proxy:
        url = proxy.url + path.format(interview_id=interview_id)
        headers = {"Content-Type": "application/json"}
        fits, too_large = (b'"' + b"x" * (size - 2) + b'"' for size in (limit, limit + 1))
        status, body, _ = await ask(node, url, who, method="POST", data=fits, headers=headers)
        assert (status, body["code"]) == (422, "invalid_body")
        status, body, _ = await ask(node, url, who, method="POST", data=too_large, headers=headers)
        assert status == 413
        assert says(TooLarge()).items() <= body.items()


@asynccontextmanager
async def dumb(serve: Callable[[asyncio.StreamReader], Awaitable[object]]) -> AsyncIterator[str]:
    """A node that takes connections and hangs up without a word when `serve` is through with them."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"


@asynccontextmanager
async def hanging() -> AsyncIterator[str]:
    """A node that never says a word."""
    over = asyncio.Event()
    async with dumb(lambda _: over.wait()) as url:
        yield url
        over.set()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/interviews/active", 200),
        ("PUT", "/api/interviews/a-session/draft", 200),
        ("POST", "/api/interviews/a-session/answers", 200),
        ("POST", "/api/interviews/an-interview/start", 503),
        ("POST", "/api/recruiter/interviews", 503),
        ("PATCH", "/api/recruiter/interviews/an-interview/invitations/one", 503),
    ],
)
async def test_what_a_node_broke_off_is_sent_to_the_other_only_where_twice_is_once(
    method: str, path: str, status: int
) -> None:
    async with (
        TestServer(backend()) as server,
        dumb(lambda reader: reader.readuntil(b"\r\n\r\n")) as broken,
        aiohttp.ClientSession() as session,
    ):
        with nginx([broken, str(server.make_url("/")).rstrip("/")]) as proxy:
            async with session.request(method, proxy.url + path, json={}) as reply:
                assert reply.status == status
            assert "prematurely closed" in proxy.complaints()


async def test_a_node_that_hangs_does_not_get_all_the_sockets(node: Node, candidate: Person) -> None:
    """It seems to have fewest: whoever gives up waiting for it is gone."""
    lines: list[Line] = []
    async with hanging() as silent:
        with nginx([silent, node.url]) as proxy:
            for _ in range(SOCKETS):
                line = Line()
                with suppress(TimeoutError, Away):
                    async with asyncio.timeout(HASTY_SECONDS):
                        await line.open(proxy.url, candidate.token)
                lines.append(line)
            let_in = sum(line.is_up for line in lines)
            for line in lines:
                await line.drop()
    assert let_in >= SOCKETS // 2 - 1


async def test_what_a_node_that_hangs_was_asked_the_other_one_answers(node: Node, candidate: Person) -> None:
    async with hanging() as silent:
        with nginx([silent, node.url]) as proxy:
            for _ in range(2):
                status, _, _ = await ask(node, f"{proxy.url}/api/interviews/active", candidate)
                assert status == 200


async def test_metrics_are_nobodys_outside(node: Node) -> None:
    with nginx([node.url, node.url]) as proxy:
        status, body, headers = await ask(node, f"{proxy.url}/metrics")
        assert (status, headers["Content-Type"]) == (404, "application/problem+json")
        assert says(NotFound()).items() <= body.items()


async def test_polling_is_refused_by_the_node_in_its_own_words(node: Node) -> None:
    with nginx([node.url, node.url]) as proxy:
        status, body, _ = await ask(node, f"{proxy.url}/socket.io/?EIO=4&transport=polling")
        assert (status, body["code"]) == (400, "websocket_only")


async def test_two_nodes_that_were_dead_are_asked_again_at_once() -> None:
    ports = free_ports(2)
    async with aiohttp.ClientSession() as session:
        with nginx([f"http://127.0.0.1:{port}" for port in ports]) as proxy:
            async with session.get(proxy.url) as reply:
                assert reply.status == 503
            async with TestServer(backend(), port=ports[1]), session.get(proxy.url) as reply:
                assert reply.status == 200


async def test_a_clients_word_about_its_address_counts_for_nothing() -> None:
    async with TestServer(backend()) as server, aiohttp.ClientSession() as session:
        address = str(server.make_url("/")).rstrip("/")
        with nginx([address, address]) as proxy:
            lies = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
            async with session.get(proxy.url, headers=lies) as reply:
                seen = await reply.json()
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"]) == ("127.0.0.1", "http")
    assert seen["Host"] == proxy.url.removeprefix("http://")


async def test_failed_sign_ins_are_counted_by_the_address_before_the_proxy(settings: Settings) -> None:
    trusting = settings.model_copy(update={"trusted_proxies": (ip_network("127.0.0.1"),)})
    async with TestServer(build(trusting)) as server:
        address = str(server.make_url("/")).rstrip("/")
        with nginx([address, address]) as proxy:
            # twice as many, for the minute that counts may end meanwhile
            often = await failed_sign_ins(proxy.url, "127.0.0.2", 2 * FAILED_SIGN_INS.amount + 1)
            by_another = await failed_sign_ins(proxy.url, "127.0.0.3", 1)
    assert 429 in often
    assert by_another == [401]


async def failed_sign_ins(url: str, address: str, number: int) -> list[int]:
    """Fail to sign in so often from an address of this machine; answers the statuses."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(address, 0))) as session:
        return [
            (await session.post(f"{url}/api/sign-in/link", json={"token": "x"})).status for _ in range(number)
        ]
