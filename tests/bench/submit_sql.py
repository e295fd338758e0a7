"""Statements of the bench, in files as the product's are."""

from pathlib import Path


def statements(file: Path) -> dict[str, str]:
    """Read a file into its statements, or parts of statements, by name."""
    named = (part.partition("\n") for part in file.read_text("utf-8").split("-- name: ")[1:])
    return {name: body.strip().rstrip(";") for name, _, body in named}
