"""Routes as data: what each takes, answers and refuses; served from here and documented from here."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from realtime.auth import Identity
from realtime.domain.errors import Refusal
from realtime.http.limits import Limits
from realtime.usecases.services import Services

BODY_LIMIT = 128 * 1024
LARGE_BODY = 8 * 1024 * 1024  # interviews and lists of candidates, by recruiters

B = TypeVar("B")
Q = TypeVar("Q")


class Access(Enum):
    """Who may call."""

    PUBLIC = "public"
    CANDIDATE = "candidate"
    RECRUITER = "recruiter"


@dataclass(frozen=True, slots=True)
class Call(Generic[B, Q]):
    """One parsed and authorised request; `body` and `query` are what the route declares, else None."""

    services: Services
    limits: Limits
    identity: Identity | None
    path: dict[str, UUID]
    body: B
    query: Q
    remote: str

    @property
    def user(self) -> Identity:
        """The signed-in caller; only for routes that are not public."""
        if self.identity is None:
            raise RuntimeError("a public route asked who is calling")
        return self.identity


Answer: TypeAlias = "BaseModel | Sequence[BaseModel] | web.StreamResponse | None"
Handler: TypeAlias = Callable[[Any], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One call: the first status in `answers` is that of success."""

    method: str
    path: str
    tag: str
    access: Access
    handler: Handler
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answers: Mapping[int, Any]
    refusals: tuple[type[Refusal], ...]
    limit: int
    media_type: str

    @property
    def status(self) -> int:
        """The status of success."""
        status: int = next(iter(self.answers))
        return status


@dataclass(slots=True)
class Routes:
    """The calls of one subject, in the order of their declaration."""

    tag: str
    declared: list[Route] = field(default_factory=list)

    def __iter__(self) -> Iterator[Route]:
        return iter(self.declared)

    def _declare(
        self,
        method: str,
        path: str,
        *,
        access: Access,
        answers: Mapping[int, Any],
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        refusals: tuple[type[Refusal], ...] = (),
        limit: int = BODY_LIMIT,
        media_type: str = "application/json",
    ) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.declared.append(
                Route(
                    method=method,
                    path=path,
                    tag=self.tag,
                    access=access,
                    handler=handler,
                    body=body,
                    query=query,
                    answers=answers,
                    refusals=refusals,
                    limit=limit,
                    media_type=media_type,
                )
            )
            return handler

        return keep

    def get(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a GET."""
        return self._declare("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a POST."""
        return self._declare("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a PUT."""
        return self._declare("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a PATCH."""
        return self._declare("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a DELETE."""
        return self._declare("DELETE", path, **options)
