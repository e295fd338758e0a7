"""How figures and names are written in a terminal."""

from collections.abc import Iterator, Sequence

NOTHING = "-"
SHOWN_HASH = 12  # as many as tell files apart at a glance; the whole hash is in the JSON


def percent(value: float | None, *, sign: str = "") -> str:
    """A percentage, 0…100."""
    return NOTHING if value is None else f"{value:{sign}.1f} %"


def share(value: float | None, *, sign: str = "") -> str:
    """A share, 0…1, as a percentage."""
    return percent(None if value is None else 100 * value, sign=sign)


def number(value: float | None, form: str = "g") -> str:
    """A number in that form."""
    return NOTHING if value is None else format(value, form)


def named(values: dict[str, str] | None) -> str:
    """Values with their names, on a line."""
    return " ".join(f"{name}={value}" for name, value in values.items()) if values else "not kept"


def short(hashes: dict[str, str] | None) -> dict[str, str] | None:
    """Hashes as people tell them apart."""
    return hashes and {name: sha256[:SHOWN_HASH] for name, sha256 in hashes.items()}


def plain(text: str) -> str:
    """Text without what a terminal would obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def grid(*rows: Sequence[str]) -> Iterator[str]:
    """Rows with their columns under each other, the first to the left and all others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([f"{first:{widths[0]}}", *cells]).rstrip()
