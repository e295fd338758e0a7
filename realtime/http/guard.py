"""What every request passes: origin, errors as problem details, security headers, metrics."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeAlias
from urllib.parse import urlsplit

import orjson
from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from realtime.contracts.problems import MEDIA_TYPE, problem
from realtime.domain.errors import (
    ForeignOrigin,
    NotFound,
    Refusal,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from realtime.http import pages
from realtime.metrics import REQUESTS
from realtime.settings import Settings
from realtime.unexpected import refusal_of

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

SOCKET_PATH = "/socket.io/"
DRAINING = web.AppKey("draining", asyncio.Event)  # set once this node is about to stop

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class WebSocketOnly(Refusal):
    """A long-polling request to Socket.IO."""

    code: ClassVar[str] = "websocket_only"
    title: ClassVar[str] = "WebSocket only"


class MethodNotAllowed(Refusal):
    """The path exists, the method does not."""

    code, status, title = "method_not_allowed", 405, "Method not allowed"


def problem_response(refusal: Refusal) -> web.Response:
    """A refusal as application/problem+json."""
    response = web.Response(
        body=orjson.dumps(problem(refusal)), status=refusal.status, headers={hdrs.CONTENT_TYPE: MEDIA_TYPE}
    )
    if isinstance(refusal, TooManyRequests | Unavailable):
        response.headers[hdrs.RETRY_AFTER] = str(refusal.facts.get("retry_after_seconds", 1))
    if refusal.status == 401:
        response.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
    return response


def guard(settings: Settings) -> Middleware:
    """The outermost middleware."""
    allowed = frozenset(settings.allowed_origins)
    own = _origin(settings.base_url)

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        origin = request.headers.get(hdrs.ORIGIN)
        same = origin is None or origin == own or urlsplit(origin).netloc == request.host
        if not same and origin not in allowed:
            response: web.StreamResponse = problem_response(
                ForeignOrigin("Add this origin to INTERLOCK_ALLOWED_ORIGINS if it is yours")
            )
        elif request.method == hdrs.METH_OPTIONS and not same:
            response = web.Response(status=204)
        else:
            response = await _answer(request, handler)
        if not response.prepared:
            if request.app[DRAINING].is_set():
                response.force_close()
            response.headers.update(SECURITY_HEADERS)
            if origin is not None and not same and origin in allowed:
                _allow(response, origin)
        _measure(request, response.status, time.perf_counter() - started)
        return response

    return guarded


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        if request.path.startswith(SOCKET_PATH):
            _admit_socket(request)
        return await handler(request)
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        response = problem_response(MethodNotAllowed(f"Allowed: {allowed}"))
        response.headers[hdrs.ALLOW] = allowed
        return response
    except web.HTTPNotFound:
        return pages.missing(request) or problem_response(NotFound())
    except Exception as error:  # noqa: BLE001 - the outermost: whatever happens is answered
        return problem_response(_refusal(request, error))


def _refusal(request: web.Request, error: Exception) -> Refusal:
    """What a request is told of an exception."""
    match error:
        case web.HTTPRequestEntityTooLarge():
            return TooLarge()
        case web.HTTPException():
            raise error
    return refusal_of(error, doing=f"{request.method} {request.path}")


def _admit_socket(request: web.Request) -> None:
    if (
        request.query.get("transport") != "websocket"
        or request.headers.get(hdrs.UPGRADE, "").lower() != "websocket"
    ):
        raise WebSocketOnly(
            'This server speaks WebSocket only: set transports: ["websocket"] in the options of socket.io-client'
        )
    if request.app[DRAINING].is_set():
        raise Unavailable("This node is about to stop; connect again", retry_after_seconds=1)


def _allow(response: web.StreamResponse, origin: str) -> None:
    response.headers.update(
        {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
            "Access-Control-Expose-Headers": "Retry-After",
            "Access-Control-Max-Age": "600",
            "Vary": "Origin",
        }
    )


def _measure(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "none"
    REQUESTS.labels(request.method, route, str(status)).observe(seconds)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
