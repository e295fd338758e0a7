"""Structured logs: every logger's lines take one way out, and nothing secret goes with them."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Literal

import orjson
import structlog
from aiohttp.abc import AbstractAccessLogger
from aiohttp.web import BaseRequest, StreamResponse
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET = frozenset(
    {
        "answer",
        "answer_text",
        "authorization",
        "cookie",
        "draft",
        "lock_token",
        "password",
        "resume_token",
        "secret",
        "token",
    }
)
_HIDDEN = "[hidden]"
# What PostgreSQL adds to a refused row is the row itself, and with it what a candidate wrote.
_DETAIL = re.compile(
    r"^DETAIL:.*?(?=^\nThe above exception was|^\nDuring handling of the above|\Z)", re.DOTALL | re.MULTILINE
)
_QUIET = ("asyncio", "engineio", "faststream", "httpcore2", "httpx2", "openai", "socketio")


def configure(*, log_format: Literal["console", "json"] | None, level: str) -> None:
    """Route structlog and every standard logger to stderr; without a format, a terminal gets the readable one."""
    log_format = log_format or ("console" if sys.stderr.isatty() else "json")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(log_format)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace tokens and answers by a mark, at any depth, and cut rows out of database errors."""
    for key, value in event.items():
        event[key] = _hidden(key, value)
    return event


class AccessLogger(AbstractAccessLogger):
    """aiohttp's access log with neither query nor headers in it, for both can carry tokens."""

    def log(self, request: BaseRequest, response: StreamResponse, time: float) -> None:
        """Write one line about a request that was answered."""
        self.logger.info(
            "request",
            extra={
                "method": request.method,
                "path": request.rel_url.raw_path,
                "status": response.status,
                "duration_ms": round(time * 1000, 1),
                "bytes": response.body_length,
            },
        )


def _hidden(key: object, value: object) -> object:
    if isinstance(key, str) and key.lower() in _SECRET and value is not None:
        return _HIDDEN
    if isinstance(value, Mapping):
        return {inner: _hidden(inner, held) for inner, held in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(None, held) for held in value]
    if isinstance(value, str) and "DETAIL:" in value:
        return _DETAIL.sub(f"DETAIL: {_HIDDEN}\n", value)
    return value


def _renderer(log_format: Literal["console", "json"]) -> Processor:
    if log_format == "console":
        # plain: the default prints the local variables of every frame
        return structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.processors.JSONRenderer(serializer=_dump)


def _dump(event: EventDict, **_: object) -> str:
    return orjson.dumps(event, default=str).decode()
