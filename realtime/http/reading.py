"""Pages that are read: what is common to those of the two API documents. Made on the server, without scripts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from realtime.http.markup import Child, Html, join, prose, tag
from realtime.http.schemas import COMPONENT, JsonSchema

STYLE = Html((Path(__file__).parent / "reading.css").read_text(encoding="utf-8"))

_COMPONENT = COMPONENT.format(model="")
_BOUNDS = {
    "minimum": "from {}",
    "maximum": "to {}",
    "exclusiveMinimum": "above {}",
    "exclusiveMaximum": "below {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the contents: where it is and what it is called."""

    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, with what the contents list of it."""

    anchor: str
    title: str
    body: Html
    entries: tuple[Entry, ...] = ()


def page(
    *, title: str, version: str, about: str, links: Mapping[str, str], sections: Iterable[Section]
) -> bytes:
    """A whole page in UTF-8; `links` go from addresses to their names."""
    parts = tuple(sections)
    others = [tag("a", name, href=address) for address, name in links.items()]
    header = tag(
        "header",
        tag("h1", title),
        tag("p", f"Version {version}", [[" · ", other] for other in others], class_="soft"),
        prose(about),
    )
    head = [
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(
            '<meta name="color-scheme" content="light dark"><link rel="icon" href="/mark.svg" type="image/svg+xml">'
        ),
        tag("title", title),
        tag("style", STYLE),
    ]
    body = [
        tag("a", "Skip to the content", href="#content", class_="skip"),
        tag(
            "div",
            _contents(parts),
            tag("main", header, [_section(p) for p in parts], id="content"),
            class_="page",
        ),
    ]
    return f"<!doctype html>\n{tag('html', tag('head', head), tag('body', body), lang='en')}\n".encode()


def _contents(parts: Iterable[Section]) -> Html:
    lists = [
        [
            tag("p", tag("a", part.title, href=f"#{part.anchor}")),
            tag("ul", [tag("li", tag("a", entry.name, href=f"#{entry.anchor}")) for entry in part.entries])
            if part.entries
            else "",
        ]
        for part in parts
    ]
    return tag("nav", tag("details", tag("summary", "Contents"), lists, open="open"), aria_label="Contents")


def _section(part: Section) -> Html:
    return tag("section", tag("h2", part.title), part.body, id=part.anchor)


def article(anchor: str, heading: Child, *body: Child) -> Html:
    """One thing that can be linked to."""
    return tag("article", tag("h3", tag("a", heading, href=f"#{anchor}")), *body, id=anchor)


def part(title: str, *body: Child) -> Html:
    """A titled part of an article."""
    return join([tag("h4", title), *body])


def item(name: str, *facts: Child, about: str = "") -> Html:
    """An entry of a list of definitions: a name, what is said beside it, and text below."""
    described = tag("dd", prose(about)) if about else tag("dd")
    return tag("div", tag("dt", tag("code", name), *facts), described)


def fields(schema: JsonSchema) -> Html:
    """The fields of an object, each with its type."""
    required = schema.get("required", [])
    return tag(
        "dl",
        [
            item(
                name,
                tag("span", kind(form), class_="type"),
                "" if name in required else tag("span", "optional", class_="soft"),
                about=form.get("description", ""),
            )
            for name, form in schema.get("properties", {}).items()
        ],
    )


def kind(schema: JsonSchema) -> Html:
    """A schema's type in a few words, with links to models."""
    return join([_kind(schema), *([f" ({', '.join(notes)})"] if (notes := list(_notes(schema))) else [])])


def _kind(schema: JsonSchema) -> Html:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_COMPONENT)
        return tag("a", name, href=f"#{form_anchor(name)}")
    if "const" in schema:
        return tag("code", _json(schema["const"]))
    if "enum" in schema:
        return _either(tag("code", _json(value)) for value in schema["enum"])
    members = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if members:
        return _either(kind(member) for member in members)
    if schema.get("type") == "array":
        return join(["list of ", kind(schema.get("items", {}))])
    return join(str(schema.get("type", "anything")))


def _notes(schema: JsonSchema) -> Iterator[str]:
    if "format" in schema:
        yield schema["format"]
    for name, words in _BOUNDS.items():
        if name in schema:
            yield words.format(schema[name])
    if schema.get("default") is not None:
        yield f"default {_json(schema['default'])}"


def _either(choices: Iterable[Html]) -> Html:
    several = list(choices)
    return join([[" | ", choice] if place else choice for place, choice in enumerate(several)])


def _json(value: object) -> str:
    return (
        f'"{value}"'
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def form_anchor(name: str) -> str:
    """Where a model is described."""
    return f"form-{name}"


def forms(components: Mapping[str, JsonSchema]) -> Section:
    """All models of a document."""
    described = [
        article(form_anchor(name), name, prose(schema.get("description", "")), fields(schema))
        for name, schema in components.items()
    ]
    entries = tuple(Entry(form_anchor(name), name) for name in components)
    return Section("forms", "Forms", join(described), entries)
