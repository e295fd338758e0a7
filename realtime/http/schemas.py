"""JSON Schemas of contracts as the API documents state them: one component a model, in the form that is really sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema

from realtime.contracts.base import Reply, Request

JsonSchema: TypeAlias = dict[str, Any]

COMPONENT = "#/components/schemas/{model}"

_Field: TypeAlias = "core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField"
_NULL: JsonSchema = {"type": "null"}


class WireSchema(GenerateJsonSchema):
    """Says what is on the wire: a reply has every field but those that are left out when there is nothing to say.

    Replies are not closed, although our models are: a field that a newer server adds must not stop an older client.
    """

    def ser_schema(self, schema: Any) -> JsonSchema | None:
        """Look through a serializer that only leaves out fields."""
        return None if schema["type"] == "function-wrap" else super().ser_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's own signature
        """Leave titles to the models: a field's name says it already."""
        return False

    def field_is_required(self, field: _Field, total: bool) -> bool:  # noqa: FBT001 - pydantic's own signature
        """Tell a field that is always sent from one that may be missing: its default is null."""
        if self.mode == "validation":
            return super().field_is_required(field, total)
        inner = field["schema"]
        may_be_missing = inner["type"] == "default" and inner.get("default", ...) is None
        return not may_be_missing and field.get("serialization_exclude_if") is None

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchema:
        """Open what goes out, and say that what is left out is never null."""
        json_schema = super().model_schema(schema)
        if self.mode == "validation":
            return json_schema
        if json_schema.get("additionalProperties") is False:
            del json_schema["additionalProperties"]
        required = json_schema.get("required", [])
        ours = issubclass(schema["cls"], Reply | Request)
        for name, form in json_schema.get("properties", {}).items():
            form.pop("default", None)  # what is sent needs none
            if ours and name not in required:
                json_schema["properties"][name] = never_null(form)
        return json_schema


@dataclass(frozen=True, slots=True)
class Schemas:
    """The forms that a document mentions; models stand in `components`, and the rest refers to them."""

    components: dict[str, JsonSchema]
    forms: Mapping[tuple[Any, JsonSchemaMode], JsonSchema]

    def taken(self, form: Any) -> JsonSchema:
        """The schema of something that comes in."""
        return self.forms[form, "validation"]

    def given(self, form: Any) -> JsonSchema:
        """The schema of something that goes out."""
        return self.forms[form, "serialization"]


def schemas_of(*, taken: Iterable[Any], given: Iterable[Any]) -> Schemas:
    """Describe what comes in and what goes out: models, and lists and unions of them."""
    wanted: list[tuple[Any, JsonSchemaMode]] = [(form, "validation") for form in dict.fromkeys(taken)]
    wanted += [(form, "serialization") for form in dict.fromkeys(given)]
    forms, definitions = TypeAdapter.json_schemas(
        [(form, mode, TypeAdapter(form)) for form, mode in wanted],
        ref_template=COMPONENT,
        schema_generator=WireSchema,
    )
    return Schemas(components=definitions.get("$defs", {}), forms=forms)


def never_null(schema: JsonSchema) -> JsonSchema:
    """The same without null."""
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    if rest.get("default", ...) is None:
        del rest["default"]
    members = [member for member in schema.get("anyOf", []) if member != _NULL]
    if not members:
        return rest
    return members[0] | rest if len(members) == 1 else {"anyOf": members} | rest
