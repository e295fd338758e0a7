"""The OpenAPI 3.1 document, made from the routes and the models that serve."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from pydantic import BaseModel

from realtime.contracts.problems import Problem
from realtime.http import openapi_webhooks, refusals
from realtime.http.routing import Access, Route
from realtime.http.schemas import COMPONENT, JsonSchema, Schemas, WireSchema, never_null, schemas_of

Document: TypeAlias = dict[str, Any]

JSON = "application/json"

ABOUT = """\
Interlock runs live technical interviews on the server's clock. Candidates answer over this API or over Socket.IO; \
recruiters prepare, watch and judge. What is said here is made from the code that serves it.

- JSON is `snake_case`, ids are UUIDs, times are RFC 3339 in UTC with milliseconds (`2026-11-22T10:15:00.123Z`).
- Durations are in the unit that their name ends with; a time limit is in seconds. Scores have two decimals.
- Unknown fields in a request are refused, never ignored. New fields may appear in answers: pass over what you do not know.
- A call without a body takes none, or `{}`.
- Every refusal is `application/problem+json`: `code` is a stable word to act on, `detail` is for people.
- What belongs to somebody else is 404 and cannot be told from what does not exist.

Events are described at `/api/asyncapi.json`, to be read at `/api/asyncapi`."""

TAGS = {
    "Candidate": "Take an interview: the same use cases as on Socket.IO.",
    "Interviews": "Write interviews and invite people to them.",
    "Recruiter": "Watch, steer and judge the sessions of one's own interviews.",
    "Webhooks": openapi_webhooks.ABOUT,
    "People": "Sign in.",
    "Operations": "For load balancers and monitoring.",
    "Documents": "What the interfaces are.",
}


def openapi(routes: Iterable[Route], *, version: str) -> Document:
    """Describe all routes, and the fixed calls of operators and readers beside them."""
    served = tuple(routes)
    schemas = schemas_of(
        taken=[route.body for route in served if route.body is not None],
        given=[
            Problem,
            *(form for route in served for form in route.answers.values() if _is_json(route, form)),
            *openapi_webhooks.given(),
        ],
    )
    responses: Document = {}
    paths: Document = {}
    for route, operation_id in zip(served, _operation_ids(served), strict=True):
        operation = _operation(route, operation_id, schemas=schemas, responses=responses)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Interlock", "version": version, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "security": [{"bearer": []}],
        "paths": paths | FIXED,
        "webhooks": openapi_webhooks.webhooks(schemas),
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "responses": dict(sorted(responses.items())),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A signed token; its `role` says which calls it is good for.",
                }
            },
        },
    }


def _operation_ids(routes: Sequence[Route]) -> list[str]:
    """A name for each route; where one handler serves several paths, those after the first are numbered."""
    seen: Counter[str] = Counter()
    names = []
    for route in routes:
        name = f"{route.tag.lower()}_{route.handler.__name__}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names


def _operation(route: Route, operation_id: str, *, schemas: Schemas, responses: Document) -> Document:
    operation: Document = {
        "tags": [route.tag],
        "operationId": operation_id,
        "summary": _summary(route),
        "description": _who_may(route.access),
    }
    if route.access is Access.PUBLIC:
        operation["security"] = []
    parameters = [*_path_parameters(route.path), *_query_parameters(route.query)]
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = _body(route.body, limit=route.limit, schemas=schemas)
    answers: Document = {
        str(status): _answer(route, form, schemas=schemas) for status, form in route.answers.items()
    }
    for status, possible in refusals.of_route(route).items():
        name = refusals.name_of(possible)
        responses.setdefault(name, refusals.response(possible))
        answers[str(status)] = {"$ref": f"#/components/responses/{name}"}
    operation["responses"] = answers
    return operation


def _summary(route: Route) -> str:
    text = (route.handler.__doc__ or "").strip()
    return text.splitlines()[0].rstrip(".") if text else route.handler.__name__.replace("_", " ")


def _who_may(access: Access) -> str:
    return "Needs no token." if access is Access.PUBLIC else f"Needs a {access.value}'s token."


def _path_parameters(path: str) -> list[Document]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in names
    ]


def _query_parameters(query: type[BaseModel] | None) -> list[Document]:
    if query is None:
        return []
    schema = query.model_json_schema(schema_generator=WireSchema)
    required = schema.get("required", [])
    return [
        _query_parameter(name, never_null(form), required=name in required)
        for name, form in schema["properties"].items()
    ]


def _query_parameter(name: str, schema: JsonSchema, *, required: bool) -> Document:
    described = {"description": schema.pop("description")} if "description" in schema else {}
    return {"name": name, "in": "query", "required": required, **described, "schema": schema}


def _body(body: type[BaseModel], *, limit: int, schemas: Schemas) -> Document:
    return {
        "required": any(field.is_required() for field in body.model_fields.values()),
        "description": f"At most {limit // 1024} KiB.",
        "content": {JSON: {"schema": schemas.taken(body)}},
    }


def _is_json(route: Route, form: Any) -> bool:
    return form is not None and route.media_type == JSON


def _answer(route: Route, form: Any, *, schemas: Schemas) -> Document:
    if form is None:
        return {"description": "Done; nothing to say."}
    if not _is_json(route, form):
        return {"description": "The file.", "content": {route.media_type: {"schema": {"type": "string"}}}}
    schema = schemas.given(form)
    return {"description": _meaning(schema, schemas), "content": {route.media_type: {"schema": schema}}}


def _meaning(schema: JsonSchema, schemas: Schemas) -> str:
    """What the models say of themselves: of the entries of a list, of each member of a union."""
    if "items" in schema:
        return "A list. " + _meaning(schema["items"], schemas)
    if "anyOf" in schema:
        return "\n".join(f"- {_meaning(member, schemas)}" for member in schema["anyOf"])
    name = schema["$ref"].removeprefix(COMPONENT.format(model=""))
    return str(schemas.components[name].get("description", name))


def _fixed(
    tag: str, operation_id: str, *, summary: str, media_type: str, description: str, schema: JsonSchema
) -> Document:
    content = {media_type: {"schema": schema}}
    return {
        "get": {
            "tags": [tag],
            "operationId": operation_id,
            "summary": summary,
            "security": [],
            "responses": {"200": {"description": description, "content": content}},
        }
    }


def _readiness() -> Document:
    state = {"enum": ["ok", "down", "old"], "type": "string"}
    parts = ("database", "redis", "schema", "clock", "node")
    schema: JsonSchema = {
        "type": "object",
        "properties": {
            "ready": {"type": "boolean"},
            "down": {"type": "array", "items": {"enum": list(parts), "type": "string"}},
            **dict.fromkeys(parts, state),
        },
        "required": ["ready", "down", *parts],
    }
    path = _fixed(
        "Operations",
        "operations_ready",
        summary="Database, Redis and schema are as they must be, the clock runs, and the node is not about to stop",
        media_type=JSON,
        description="This node can serve.",
        schema=schema,
    )
    path["get"]["responses"]["503"] = {
        "description": "It cannot; `down` names why.",
        "content": {JSON: {"schema": schema}},
    }
    return path


_TEXT: JsonSchema = {"type": "string"}
_OBJECT: JsonSchema = {"type": "object"}
_HEALTH: JsonSchema = {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}

FIXED: Document = {
    "/healthz": _fixed(
        "Operations",
        "operations_health",
        summary="The process lives",
        media_type=JSON,
        description="It does.",
        schema=_HEALTH,
    ),
    "/readyz": _readiness(),
    "/metrics": _fixed(
        "Operations",
        "operations_metrics",
        summary="Figures for Prometheus",
        media_type="text/plain",
        description="Prometheus' text format.",
        schema=_TEXT,
    ),
    "/api/openapi.json": _fixed(
        "Documents",
        "documents_openapi",
        summary="This document",
        media_type=JSON,
        description="OpenAPI 3.1, with an ETag.",
        schema=_OBJECT,
    ),
    "/api/docs": _fixed(
        "Documents",
        "documents_docs",
        summary="This document, to be read",
        media_type="text/html",
        description="A page.",
        schema=_TEXT,
    ),
    "/api/asyncapi.json": _fixed(
        "Documents",
        "documents_asyncapi",
        summary="Events and streams",
        media_type=JSON,
        description="AsyncAPI 3.0, with an ETag.",
        schema=_OBJECT,
    ),
    "/api/asyncapi": _fixed(
        "Documents",
        "documents_events",
        summary="Events and streams, to be read",
        media_type="text/html",
        description="A page.",
        schema=_TEXT,
    ),
}
