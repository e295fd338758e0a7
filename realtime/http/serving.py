"""Serves routes: authorise, parse, call, answer."""

from typing import Any
from uuid import UUID

import orjson
from aiohttp import hdrs, web
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from realtime.auth import Identity, Verifier
from realtime.contracts.problems import invalid_body
from realtime.domain.errors import (
    InvalidBody,
    MalformedJson,
    NotFound,
    TooLarge,
    Unauthenticated,
    WrongRole,
)
from realtime.http.limits import Limits, address_of
from realtime.http.routing import Access, Call, Route
from realtime.usecases.services import Services

BEARER = "Bearer "
NO_BODY = (b"", b"{}")


SERVICES = web.AppKey("services", Services)
VERIFIER = web.AppKey("verifier", Verifier)
LIMITS = web.AppKey("limits", Limits)


def add_to(app: web.Application, route: Route) -> None:
    """Serve one route; the app holds the parts that it needs under the keys above by the time it is called."""

    async def serve(request: web.Request) -> web.StreamResponse:
        identity = await _authorise(request, route.access)
        services = request.app[SERVICES]
        call = Call(
            services=services,
            limits=request.app[LIMITS],
            identity=identity,
            path={name: _uuid(value) for name, value in request.match_info.items()},
            body=await _body(request, route),
            query=_query(request, route),
            remote=address_of(
                request.remote,
                request.headers.getall(hdrs.X_FORWARDED_FOR, ()),
                services.settings.trusted_proxies,
            ),
        )
        return _response(route, await route.handler(call))

    app.router.add_route(route.method, route.path, serve)


async def _authorise(request: web.Request, access: Access) -> Identity | None:
    if access is Access.PUBLIC:
        return None
    header = request.headers.get(hdrs.AUTHORIZATION, "")
    if not header.startswith(BEARER):
        raise Unauthenticated("Send a token as Authorization: Bearer …")
    identity = await request.app[VERIFIER].identify(header.removeprefix(BEARER))
    await request.app[LIMITS].check(str(identity.user_id))
    if identity.role != access.value:
        raise WrongRole
    return identity


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotFound from None


async def _body(request: web.Request, route: Route) -> BaseModel | None:
    data = await _read(request, route.limit)
    if data.strip() in NO_BODY:
        data = b"{}"
    try:
        sent = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise MalformedJson(f"The body is no JSON: {error.msg} at position {error.pos}") from None
    if route.body is None:
        if sent != {}:
            raise InvalidBody(errors=[{"path": "", "message": "this call takes no body"}])
        return None
    if not isinstance(sent, dict):
        raise InvalidBody(errors=[{"path": "", "message": "must be an object"}])
    try:
        return route.body.model_validate_json(data)
    except ValidationError as error:
        raise invalid_body(error) from None


async def _read(request: web.Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise TooLarge(f"At most {limit} bytes")
    data = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > limit:
            raise TooLarge(f"At most {limit} bytes")
    return bytes(data)


def _query(request: web.Request, route: Route) -> BaseModel | None:
    if route.query is None:
        if request.query:
            raise InvalidBody(
                errors=[{"path": name, "message": "is not a known parameter"} for name in request.query]
            )
        return None
    try:
        return route.query.model_validate_strings(dict(request.query))
    except ValidationError as error:
        raise invalid_body(error) from None


def _response(route: Route, answer: Any) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    if answer is None:
        return web.Response(status=route.status)
    return web.Response(
        body=to_json(answer, by_alias=True),
        status=route.status,
        headers={hdrs.CONTENT_TYPE: "application/json"},
    )
