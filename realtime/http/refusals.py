"""Refusals as the API documents state them: their codes, what each means, and the facts that come with them."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from realtime.contracts.problems import MEDIA_TYPE
from realtime.domain.errors import (
    AlreadyInProgress,
    AlreadyInvited,
    ForeignOrigin,
    InvalidBody,
    InvalidQuestionIndex,
    InvalidScore,
    InvalidSubmissionTime,
    MalformedJson,
    NoAttemptsLeft,
    NotFound,
    NotReady,
    Refusal,
    SessionEnded,
    SessionHeld,
    SessionPaused,
    StaleVersion,
    TimeLimitExceeded,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    WrongRole,
)
from realtime.http.routing import Access, Route
from realtime.http.schemas import JsonSchema

_ID: JsonSchema = {"type": "string", "format": "uuid"}
_WHOLE: JsonSchema = {"type": "integer"}
_POSITION = {"current_question_index": _WHOLE | {"description": "Where the candidate's session is."}}

# Fields beside those that every refusal has; which of them are there depends on the case.
FACTS: Mapping[type[Refusal], Mapping[str, JsonSchema]] = {
    InvalidBody: {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                "required": ["path", "message"],
            },
            "description": "Everything that is wrong, each with its path.",
        },
        **_POSITION,
    },
    AlreadyInProgress: {"session_id": _ID, "interview_title": {"type": "string"}, **_POSITION},
    SessionHeld: {"can_take_over": {"const": True, "type": "boolean"}, **_POSITION},
    NoAttemptsLeft: _POSITION,
    SessionEnded: _POSITION,
    SessionPaused: _POSITION,
    TimeLimitExceeded: _POSITION,
    InvalidQuestionIndex: _POSITION,
    InvalidSubmissionTime: _POSITION,
    StaleVersion: {"version": _WHOLE | {"description": "The version that is stored."}},
    AlreadyInvited: {"id": _ID | {"description": "The invitation that is there."}},
    InvalidScore: {"points": _WHOLE | {"description": "The most that the answer can get."}},
    NotReady: {"question_indexes": {"type": "array", "items": _WHOLE, "description": "What is waited for."}},
    TooManyRequests: {"retry_after_seconds": _WHOLE},
}

_WRITING = frozenset({"POST", "PUT", "PATCH"})


def of_route(route: Route) -> dict[int, tuple[type[Refusal], ...]]:
    """What a route may refuse, by status: what it declares and what every request passes before it."""
    possible: set[type[Refusal]] = {ForeignOrigin, InvalidBody, Unavailable, *route.refusals}
    if route.access is not Access.PUBLIC:
        possible |= {Unauthenticated, WrongRole, TooManyRequests}
    if "{" in route.path:
        possible.add(NotFound)
    if route.method in _WRITING:
        possible |= {MalformedJson, TooLarge}
    ordered = sorted(possible, key=lambda refusal: (refusal.status, refusal.code))
    return {status: tuple(group) for status, group in groupby(ordered, key=attrgetter("status"))}


def name_of(refusals: Iterable[type[Refusal]]) -> str:
    """The component's name of a response with these refusals."""
    return ".".join(refusal.code for refusal in refusals)


def response(refusals: Iterable[type[Refusal]]) -> JsonSchema:
    """An OpenAPI response that is one of these, all of one status."""
    several = tuple(refusals)
    schema = narrowed("#/components/schemas/Problem", several)
    schema["properties"]["status"] = {"const": several[0].status}
    described: JsonSchema = {
        "description": meanings(several),
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    headers = _headers(several)
    return described | {"headers": headers} if headers else described


def narrowed(base: str, refusals: Iterable[type[Refusal]]) -> JsonSchema:
    """The form at `base` with the codes of these refusals and the facts that may come with them."""
    several = tuple(refusals)
    properties: JsonSchema = {"code": {"enum": [refusal.code for refusal in several]}}
    for refusal in several:
        properties |= FACTS.get(refusal, {})
    return {"allOf": [{"$ref": base}], "properties": properties}


def meanings(refusals: Iterable[type[Refusal]]) -> str:
    """A list of codes and what each means, with the facts that may come with them."""
    several = tuple(refusals)
    codes = "\n".join(
        f"- `{refusal.code}` ({refusal.title}): {' '.join((refusal.__doc__ or '').split())}"
        for refusal in several
    )
    facts = dict.fromkeys(fact for refusal in several for fact in FACTS.get(refusal, {}))
    return f"{codes}\n\nMay carry {', '.join(f'`{fact}`' for fact in facts)}." if facts else codes


def _headers(refusals: tuple[type[Refusal], ...]) -> JsonSchema:
    if refusals[0].status == 401:
        return {"WWW-Authenticate": {"description": "Always `Bearer`.", "schema": {"const": "Bearer"}}}
    if refusals[0].status in {429, 503}:
        return {"Retry-After": {"description": "Seconds to wait.", "schema": _WHOLE | {"minimum": 1}}}
    return {}
