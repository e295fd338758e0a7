"""What is wrong with a document, in words for the person who wrote it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Path: TypeAlias = tuple[str | int, ...]

MAX_FAULTS = 1_000

_QUESTION_TYPES = frozenset({"mcq", "short_answer", "code"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where."""

    path: Path
    message: str


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """Translate everything that pydantic found, with paths as they stand in the document."""
    if error.error_count() > MAX_FAULTS:
        # nobody reads that many, and spelling out what a stranger sent in bulk would hold up everybody else
        return (Fault((), f"has {error.error_count()} faults, too many to name"),)
    return tuple(_fault(details) for details in error.errors(include_url=False) if not _is_echo(details))


def spell(path: Path) -> str:
    """Write a path as people do: `questions[2].options[0]`."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).removeprefix(".")


def _fault(details: ErrorDetails) -> Fault:
    kind, facts = details["type"], details.get("ctx", {})
    if kind in {"too_short", "too_long"} and isinstance(details["input"], str):
        kind = f"string_{kind}"  # pydantic loses the word where a function stands between
    path = _written(details["loc"])
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        path = (*path, "type")
    say = _WORDS.get(kind)
    return Fault(path, say(facts) if say else details["msg"])


def _is_echo(details: ErrorDetails) -> bool:
    # pydantic counts only the entries that were good, and calls a list of faulty ones too short
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _written(loc: Path) -> Path:
    # pydantic puts the member of a union into the path; nobody wrote that
    return tuple(
        step
        for before, step in zip((None, *loc), loc, strict=False)
        if not (isinstance(before, int) and step in _QUESTION_TYPES)
    )


_A_TIME = "must be a time with its zone, such as 2030-12-24T18:00:00Z"
_WORDS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not a known field",
    "string_type": lambda _: "must be text",
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda facts: f"must have at most {facts['max_length']} characters",
    "int_type": lambda _: "must be a whole number",
    "int_parsing": lambda _: "must be a whole number",
    "datetime_parsing": lambda _: _A_TIME,
    "datetime_from_date_parsing": lambda _: _A_TIME,
    "timezone_aware": lambda _: _A_TIME,
    "float_type": lambda _: "must be a number",
    "finite_number": lambda _: "must be a finite number",
    "bool_type": lambda _: "must be true or false",
    "greater_than_equal": lambda facts: f"must be at least {facts['ge']}",
    "less_than_equal": lambda facts: f"must be at most {facts['le']}",
    "too_short": lambda facts: f"must have at least {facts['min_length']} entries",
    "too_long": lambda facts: f"must have at most {facts['max_length']} entries",
    "literal_error": lambda facts: f"must be {facts['expected']}",
    "tuple_type": lambda _: "must be a list",
    "model_type": lambda _: "must be a mapping of fields",
    "model_attributes_type": lambda _: "must be a mapping of fields",
    "union_tag_not_found": lambda _: "is missing",
    "union_tag_invalid": lambda facts: f"must be one of {facts['expected_tags']}",
    "value_error": lambda facts: str(facts["error"]),
}
