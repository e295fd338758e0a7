"""The API documents: for programs as JSON, for people as pages; made once, when first asked for."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version

import orjson
from aiohttp import ETag, hdrs, web

from realtime.http.asyncapi import asyncapi
from realtime.http.openapi import Document, openapi
from realtime.http.reading_calls import calls_page
from realtime.http.reading_events import events_page
from realtime.http.routing import Route

JSON = "application/json"
HTML = "text/html; charset=utf-8"
ALWAYS_ASK = "no-cache"  # kept by browsers, and checked by its ETag before each use


class Documents:
    """Both documents of one version of the service."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = tuple(routes)
        self._version = version("interlock")

    @cached_property
    def openapi(self) -> Document:
        """All calls."""
        return openapi(self._routes, version=self._version)

    @cached_property
    def asyncapi(self) -> Document:
        """All events and streams."""
        return asyncapi(version=self._version)


@dataclass(slots=True)
class Published:
    """One file: made when first asked for, then served from memory."""

    make: Callable[[], bytes]
    media_type: str
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)
    _body: bytes | None = None
    _etag: str = ""

    async def serve(self, request: web.Request) -> web.Response:
        """Answer with the file, or with 304 where the caller has it."""
        body = await self._made()
        etag = ETag(self._etag)
        headers = {hdrs.CACHE_CONTROL: ALWAYS_ASK}
        if any(known.value in {self._etag, "*"} for known in request.if_none_match or ()):
            response = web.Response(status=304, headers=headers)
        else:
            response = web.Response(body=body, headers=headers | {hdrs.CONTENT_TYPE: self.media_type})
        response.etag = etag
        return response

    async def _made(self) -> bytes:
        async with self._making:
            if self._body is None:
                # some hundred milliseconds, in which sockets want their ticks
                self._body = await asyncio.to_thread(self.make)
                self._etag = hashlib.sha256(self._body).hexdigest()[:32]
            return self._body


def add_to(app: web.Application, routes: Iterable[Iterable[Route]]) -> None:
    """Serve the documents about these routes."""
    documents = Documents(route for subject in routes for route in subject)
    published = {
        "/api/openapi.json": Published(lambda: orjson.dumps(documents.openapi), JSON),
        "/api/docs": Published(lambda: calls_page(documents.openapi), HTML),
        "/api/asyncapi.json": Published(lambda: orjson.dumps(documents.asyncapi), JSON),
        "/api/asyncapi": Published(lambda: events_page(documents.asyncapi), HTML),
    }
    for path, file in published.items():
        app.router.add_get(path, file.serve)
