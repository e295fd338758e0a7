"""The statements of Interlock, named and described, one file a subject."""

from functools import cache
from importlib.resources import files

_NAME = "-- name: "


@cache
def load(subject: str) -> dict[str, str]:
    """Read `subject`.sql into its statements by name; raises where a name stands twice or has no text."""
    statements: dict[str, str] = {}
    text = files(__package__).joinpath(f"{subject}.sql").read_text("utf-8")
    for part in text.split(_NAME)[1:]:
        name, _, body = part.partition("\n")
        if name in statements or not body.strip():
            raise ValueError(f"{subject}.sql: {name!r} stands twice or has no text")
        statements[name] = body.strip().rstrip(";")
    return statements
