"""The base of every payload: strict on the way in, frozen, one spelling of time."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

MAX_ANSWER_CHARS = 20_000
MAX_TEXT_CHARS = 20_000


def rfc3339(moment: datetime) -> str:
    """Spell a moment as the contract does: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def millis(moment: datetime) -> int:
    """Milliseconds since the epoch."""
    return int(moment.timestamp() * 1000)


def _storable(text: str) -> str:
    # PostgreSQL stores neither; a hash over a lone surrogate does not exist
    if "\x00" in text:
        raise ValueError("must not contain the character U+0000")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode: it contains half of a surrogate pair") from None
    return text


def _storable_deep(value: Any) -> Any:
    match value:
        case str():
            return _storable(value)
        case list():
            return [_storable_deep(item) for item in value]
        case dict():
            return {_storable_deep(key): _storable_deep(item) for key, item in value.items()}
        case _:
            return value


Text = Annotated[str, AfterValidator(_storable)]
Json = Annotated[Any, AfterValidator(_storable_deep)]
Time = Annotated[
    AwareDatetime,
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Request(BaseModel):
    """What comes in: no unknown fields, no coercion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Reply(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
