"""Holds messages against the forms that the API documents state, and more strictly than they ask: nothing undocumented may come."""

import copy
import re
from collections import Counter
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.integration.node import Node

Json: TypeAlias = Any

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
OPEN_FORMS = {"Problem", "RefusedAck"}  # what may be added to them is said where they are used

FORMATS = FormatChecker(formats=("uuid",))


@FORMATS.checks("date-time")  # type: ignore[untyped-decorator]
def _is_spelled_as_the_contract_says(value: object) -> bool:
    return not isinstance(value, str) or TIME.fullmatch(value) is not None


class Undocumented(AssertionError):
    """Something came that the documents do not know."""


class Forms:
    """The documents of one node; `seen` counts what was checked."""

    def __init__(self, *, openapi: Json, asyncapi: Json) -> None:
        self.openapi = closed(openapi)
        self.asyncapi = closed(asyncapi)
        self.seen: Counter[tuple[str, ...]] = Counter()
        self._paths = sorted(self.openapi["paths"], key=lambda path: path.count("{"))

    def check_reply(self, method: str, path: str, *, status: int, media_type: str, body: Json) -> None:
        """Check what a request was answered."""
        template, operation = self._operation(method, path)
        answers = operation["responses"]
        if str(status) not in answers:
            raise Undocumented(f"{method} {template} answered {status}: {body}")
        answer = self._resolved(answers[str(status)])
        self.seen[method, template, str(status)] += 1
        if "content" not in answer:
            if body:
                raise Undocumented(f"{method} {template} {status} has a body: {body}")
            return
        if media_type not in answer["content"]:
            raise Undocumented(f"{method} {template} {status} is {media_type}")
        self._check(
            self.openapi, answer["content"][media_type]["schema"], body, of=f"{method} {template} {status}"
        )

    def check_request(self, method: str, path: str, body: Json) -> None:
        """Check a body that was accepted: the document must not ask for more than the server."""
        template, operation = self._operation(method, path)
        content = operation["requestBody"]["content"]["application/json"]
        self._check(self.openapi, content["schema"], body, of=f"the body of {method} {template}")

    def check_message(self, channel: str, message: str, payload: Json) -> None:
        """Check an event, an ack or an entry of a stream; the channel by its address."""
        found = next(c for c in self.asyncapi["channels"].values() if c["address"] == channel)
        if message not in found["messages"]:
            raise Undocumented(f"{channel} carried {message}: {payload}")
        self.seen[channel, message] += 1
        self._check(self.asyncapi, found["messages"][message]["payload"], payload, of=f"{channel} {message}")

    def _operation(self, method: str, path: str) -> tuple[str, Json]:
        path = path.partition("?")[0]
        for template in self._paths:
            if re.fullmatch(
                re.sub(r"\{\w+\}", "[^/]+", re.escape(template).replace(r"\{", "{").replace(r"\}", "}")), path
            ):
                operation = self.openapi["paths"][template].get(method.lower())
                if operation is not None:
                    return template, operation
        raise Undocumented(f"{method} {path}")

    def _resolved(self, answer: Json) -> Json:
        if "$ref" not in answer:
            return answer
        return self.openapi["components"]["responses"][answer["$ref"].rpartition("/")[2]]

    @staticmethod
    def _check(document: Json, schema: Json, value: Json, *, of: str) -> None:
        registry = Registry().with_resource("urn:document", DRAFT202012.create_resource(document))
        absolute = _absolute(schema)
        validator = Draft202012Validator(absolute, registry=registry, format_checker=FORMATS)
        faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]
        if faults:
            raise AssertionError(f"{of}: {'; '.join(faults)}\n{value}")


async def forms_of(node: Node) -> Forms:
    """The forms that a running node's documents state."""
    openapi = await node.call("GET", "/api/openapi.json")
    asyncapi = await node.call("GET", "/api/asyncapi.json")
    return Forms(openapi=openapi.body, asyncapi=asyncapi.body)


def closed(document: Json) -> Json:
    """The document with every object closed, so that a field that it does not name is a fault."""
    narrow = copy.deepcopy(document)
    schemas = narrow["components"]["schemas"]
    for name in OPEN_FORMS & schemas.keys():
        schemas[name].pop("additionalProperties", None)
    _close(narrow, within=narrow["components"]["schemas"])
    return narrow


def _close(value: Json, *, within: Json) -> None:
    if isinstance(value, list):
        for item in value:
            _close(item, within=within)
    if not isinstance(value, dict):
        return
    if "allOf" in value and "properties" in value:
        value["unevaluatedProperties"] = False
    elif value.get("type") == "object" and "properties" in value:
        named = {name for name, schema in within.items() if schema is value}
        if not named & OPEN_FORMS:
            value.setdefault("additionalProperties", False)
    for item in value.values():
        _close(item, within=within)


def _absolute(schema: Json) -> Json:
    """The schema with references that say in which document they are."""
    if isinstance(schema, list):
        return [_absolute(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"urn:document{value}" if key == "$ref" else _absolute(value) for key, value in schema.items()
    }
