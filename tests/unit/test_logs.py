"""What the logs may and may not say."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from realtime import logs


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_secrets_are_hidden_at_any_depth(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="info")
    structlog.get_logger("x").info(
        "joined", token="t0p", request={"answer": "t0p", "list": [{"lock_token": "t0p", "index": 3}]}
    )
    (line,) = lines(capsys)
    assert "t0p" not in json.dumps(line)
    assert line["request"] == {"answer": "[hidden]", "list": [{"lock_token": "[hidden]", "index": 3}]}


def test_loggers_of_libraries_take_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="info")
    logging.getLogger("library").warning("slow %s", "query", extra={"authorization": "Bearer t0p"})
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("slow query", "warning", "library")
    assert line["authorization"] == "[hidden]"


def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="warning")
    structlog.get_logger("x").info("quiet")
    logging.getLogger("x").info("quiet")
    assert lines(capsys) == []


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_row_in_a_database_error_is_cut_out(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    logs.configure(log_format="json" if log_format == "json" else "console", level="info")
    refused = ValueError("violates check\nDETAIL:  Failing row contains ({}\n{}).".format("my", "answer"))
    failure = RuntimeError("could not store")
    failure.__cause__ = refused
    structlog.get_logger("x").error("failed", exc_info=failure)
    text = capsys.readouterr().err
    assert "my" not in text
    assert "answer" not in text
    assert "could not store" in text


async def test_access_lines_hold_neither_query_nor_headers(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="info")
    app = web.Application()

    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    app.router.add_get("/hello", hello)
    server = TestServer(app)
    await server.start_server(
        access_log=logging.getLogger("aiohttp.access"), access_log_class=logs.AccessLogger
    )
    async with TestClient(server) as client:
        await client.get("/hello?token=t0p", headers={"Authorization": "Bearer t0p", "Referer": "t0p"})
    requests = [line for line in lines(capsys) if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in requests] == [("GET", "/hello", 200)]
    assert "t0p" not in json.dumps(requests)
