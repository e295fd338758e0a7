"""YAML or JSON text as a tree that knows on which line everything stands; built to be fed by strangers.

YAML is read by PyYAML's safe event parser and its scalars as in YAML 1.2's core schema, so that an option
`yes` or `12:30` stays the text that somebody wrote, and means the same as in JSON.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from realtime.contracts.faults import Fault, Path

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 16
MAX_VALUES = 50_000  # aliases counted with all that they stand for
MAX_ALIASES = 1_000

_PLAIN_TAGS = {None, "!"} | {f"tag:yaml.org,2002:{name}" for name in ("str", "map", "seq")}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,3})?")
_WORDS = {word: value for name, value in (("null", None), ("true", True), ("false", False))
          for word in (name, name.title(), name.upper())} | {"": None, "~": None}  # fmt: skip
_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|[^\s\[\]{},:"]+')


class Unreadable(ValueError):
    """The text is no document; `line` is where reading ended, where that is known."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Document:
    """A tree of dicts, tuples and scalars, the lines (from 1) of its paths, and what was wrong with its form."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """The line of `path`, or of the nearest thing around it that has one."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


@dataclass(frozen=True, slots=True)
class _Part:
    """A step through a document: a scalar, a key, an alias, or an opening or closing bracket."""

    kind: str  # scalar, map, list, close, alias
    line: int
    value: Any = None
    text: str = ""  # of a scalar, as a key would have it; of an alias, the name
    anchor: str | None = None
    fault: str | None = None


def read(text: str, *, name: str) -> Document:
    """Read `text` as JSON or YAML, by the ending of `name` and by the look of it; raises Unreadable."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Unreadable("the file is not UTF-8 text") from None
    if size > MAX_BYTES:
        raise Unreadable(f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB")
    text = text.removeprefix("\ufeff")
    if name.lower().endswith(".json"):
        _check_json(text)
        return _compose(_json_parts(text))
    if text.lstrip().startswith("{"):
        try:
            _check_json(text)
        except Unreadable:
            return _compose(_yaml_parts(text))  # YAML has braces too
        return _compose(_json_parts(text))
    return _compose(_yaml_parts(text))


# JSON ---------------------------------------------------------------------------------------------------------


def _check_json(text: str) -> None:
    try:
        json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(f"not valid JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("a number is too long") from None


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"not valid JSON: {name} is no number there")


def _json_parts(text: str) -> Iterator[_Part]:
    """Walk through text that is known to be JSON."""
    breaks = [match.start() for match in re.finditer("\n", text)]
    for match in _JSON_TOKEN.finditer(text):
        piece, line = match[0], bisect_right(breaks, match.start()) + 1
        match piece:
            case "{" | "[":
                yield _Part("map" if piece == "{" else "list", line)
            case "}" | "]":
                yield _Part("close", line)
            case _:
                value = json.loads(piece)
                yield _Part("scalar", line, value, text=value if isinstance(value, str) else piece)


# YAML ---------------------------------------------------------------------------------------------------------


def _yaml_parts(text: str) -> Iterator[_Part]:
    documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise Unreadable("holds more than one document", line=_line(event.start_mark))
            part = _yaml_part(event)
            if part is not None:
                yield part
    except yaml.MarkedYAMLError as error:
        raise Unreadable(f"not valid YAML: {error.problem}", line=_line(error.problem_mark)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else None
        raise Unreadable(f"not valid YAML: {error.reason}", line=line) from None


def _line(mark: Any) -> int:
    return 1 if mark is None else int(mark.line) + 1


def _yaml_part(event: yaml.Event) -> _Part | None:
    line = _line(event.start_mark)
    match event:
        case yaml.AliasEvent():
            return _Part("alias", line, text=event.anchor or "")
        case yaml.ScalarEvent():
            value = _core_scalar(event.value) if event.implicit[0] else event.value
            return _Part("scalar", line, value, event.value, event.anchor, _tag_fault(event))
        case yaml.MappingStartEvent():
            return _Part("map", line, anchor=event.anchor, fault=_tag_fault(event))
        case yaml.SequenceStartEvent():
            return _Part("list", line, anchor=event.anchor, fault=_tag_fault(event))
        case yaml.CollectionEndEvent():
            return _Part("close", line)
        case _:
            return None


def _tag_fault(event: Any) -> str | None:
    return None if event.tag in _PLAIN_TAGS else f"the tag {event.tag!r} is not allowed"


def _core_scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


# Both ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Frame:
    """A collection that is still open."""

    path: Path
    content: dict[str, Any] | list[Any]
    anchor: str | None
    counted: int  # values before it
    key: str | None = None


@dataclass(slots=True)
class _Composer:
    document: Document = field(default_factory=Document)
    frames: list[_Frame] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    counted: int = 0
    aliases: int = 0

    def take(self, part: _Part) -> None:
        frame = self.frames[-1] if self.frames else None
        if part.kind == "close":
            self._close()
        elif frame is not None and isinstance(frame.content, dict) and frame.key is None:
            self._take_key(frame, part)
        else:
            self._take_value(part)

    def _take_key(self, frame: _Frame, part: _Part) -> None:
        if part.kind != "scalar":
            raise Unreadable("the name of a field must be plain text", line=part.line)
        path = (*frame.path, part.text)
        if path in self.document.lines:
            self.document.faults.append(
                Fault(path, f"stands twice: on line {self.document.lines[path]} already")
            )
        self.document.lines[path] = part.line
        frame.key = part.text
        self._count(1, part.line)

    def _take_value(self, part: _Part) -> None:
        path = self._next_path()
        self.document.lines.setdefault(path, part.line)
        if part.fault is not None:
            self.document.faults.append(Fault(path, part.fault))
        match part.kind:
            case "alias":
                self._put(self._resolve(part))
            case "scalar":
                self._count(1, part.line)
                if part.anchor is not None:
                    self.anchors[part.anchor] = (part.value, 1)
                self._put(part.value)
            case kind:
                if len(self.frames) >= MAX_DEPTH:
                    raise Unreadable("nested too deeply", line=part.line)
                self.frames.append(_Frame(path, {} if kind == "map" else [], part.anchor, self.counted))
                self._count(1, part.line)

    def _close(self) -> None:
        frame = self.frames.pop()
        value = frame.content if isinstance(frame.content, dict) else tuple(frame.content)
        if frame.anchor is not None:
            self.anchors[frame.anchor] = (value, self.counted - frame.counted)
        self._put(value)

    def _resolve(self, part: _Part) -> Any:
        if part.text not in self.anchors:
            raise Unreadable(f"*{part.text} stands for nothing before it", line=part.line)
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise Unreadable(f"uses more than {MAX_ALIASES} aliases", line=part.line)
        value, size = self.anchors[part.text]
        self._count(size, part.line)
        return value

    def _next_path(self) -> Path:
        if not self.frames:
            return ()
        frame = self.frames[-1]
        step = frame.key if isinstance(frame.content, dict) else len(frame.content)
        return frame.path if step is None else (*frame.path, step)

    def _put(self, value: Any) -> None:
        if not self.frames:
            self.document.value = value
            return
        frame = self.frames[-1]
        if isinstance(frame.content, list):
            frame.content.append(value)
        elif frame.key is not None:
            frame.content[frame.key] = value
            frame.key = None

    def _count(self, values: int, line: int) -> None:
        self.counted += values
        if self.counted > MAX_VALUES:
            raise Unreadable(f"holds more than {MAX_VALUES} values", line=line)


def _compose(parts: Iterator[_Part]) -> Document:
    composer = _Composer()
    for part in parts:
        composer.take(part)
    return composer.document
