"""HTML that is escaped by construction: what is not `Html` already is text."""

import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

Child: TypeAlias = "str | Html | Iterable[Child]"

_BLOCK = re.compile(r"```\n([\s\S]*?)\n```|((?:^- .*(?:\n|$))+)|((?:^(?!- |```).+(?:\n|$))+)", re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


class Html(str):
    """Markup that may go out as it is."""

    __slots__ = ()


def tag(name: str, *children: Child, **attributes: str) -> Html:
    """An element; an underscore at the end of an attribute's name is dropped, others become hyphens."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Child) -> Html:
    """Children one after the other, text among them escaped."""
    if isinstance(children, Html):
        return children
    if isinstance(children, str):
        return Html(escape(children))
    return Html("".join(join(child) for child in children))


def prose(text: str) -> Html:
    """Paragraphs, lists and blocks of code, as descriptions in API documents use them."""
    return join(_block(match) for match in _BLOCK.finditer(text))


def line(text: str) -> Html:
    """One line with `code` and **stress** in it."""
    parts: list[Child] = []
    end = 0
    for match in _SPAN.finditer(text):
        parts += [text[end : match.start()], tag("code", match[1]) if match[1] else tag("strong", match[2])]
        end = match.end()
    return join([*parts, text[end:]])


def _block(match: "re.Match[str]") -> Html:
    code, items, paragraph = match.groups()
    if code is not None:
        return tag("pre", tag("code", code), tabindex="0")
    if items is not None:
        return tag("ul", [tag("li", line(item)) for item in re.findall(r"^- (.*)$", items, re.MULTILINE)])
    return tag("p", line(" ".join(paragraph.split())))
