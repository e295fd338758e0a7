"""The browser client's types, written from the models of this package.

`python -m realtime.contracts.typescript` prints them; `--check` compares them with the file that the client keeps.
"""

import importlib
import inspect
import pkgutil
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from realtime import contracts
from realtime.contracts.base import Reply, Request

TARGET = Path(__file__).parents[1] / "web" / "src" / "generated" / "contracts.ts"
HEADER = "// Written by `python -m realtime.contracts.typescript` from the models in realtime/contracts; not by hand.\n"
_BASES = (BaseModel, Reply, Request)
# What services say to one another, and how documents are made: no browser ever sees it.
_NOT_FOR_BROWSERS = {
    "base",
    "typescript",
    "streams",
    "documents",
    "faults",
    "files",
    "interview_file",
    "problems",
}
_SCALARS: dict[Any, str] = {
    str: "string",
    UUID: "string",
    datetime: "string",
    AwareDatetime: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
    object: "unknown",
}


class NoTypeScript(TypeError):
    """A contract uses a type, or a name twice, that this generator has no TypeScript for."""


def generate() -> str:
    """The whole TypeScript module as text; raises NoTypeScript."""
    seen: dict[str, object] = {}
    parts = [HEADER]
    for module in _modules():
        for name, value in vars(module).items():
            text = _declaration(name, value, module.__name__)
            if text is None or seen.get(name) == value:
                continue
            if name in seen:
                raise NoTypeScript(f"{module.__name__}: {name} is declared twice")
            seen[name] = value
            parts.append(text)
    return "\n".join(parts)


def _modules() -> Iterator[types.ModuleType]:
    for info in sorted(pkgutil.iter_modules(contracts.__path__), key=lambda info: info.name):
        if info.name not in _NOT_FOR_BROWSERS:
            yield importlib.import_module(f"{contracts.__name__}.{info.name}")


def _declaration(name: str, value: object, module: str) -> str | None:
    if name.startswith("_"):
        return None
    if inspect.isclass(value) and issubclass(value, BaseModel) and value not in _BASES:
        return _interface(value) if value.__module__ == module else None
    if get_origin(value) in {Literal, Union, types.UnionType}:
        return f"export type {name} = {_typescript(value)};\n"
    if name.endswith("_SERVER") and isinstance(value, dict):
        return _event_table(name, value)
    return None


def _event_table(name: str, events: Mapping[str, type[BaseModel]]) -> str:
    """A table of events by name, so that a listener's payload has its type."""
    interface = f"{name.removesuffix('_SERVER').capitalize()}Events"
    lines = [f"  {event}: {model.__name__};" for event, model in events.items()]
    return "\n".join([f"export interface {interface} {{", *lines, "}\n"])


def _interface(model: type[BaseModel]) -> str:
    parents = [base for base in model.__bases__ if issubclass(base, BaseModel) and base not in _BASES]
    extends = f" extends {', '.join(parent.__name__ for parent in parents)}" if parents else ""
    inherited = {name: annotation for parent in parents for name, annotation in _hints(parent).items()}
    lines = [_comment(model.__doc__, indent="")] if model.__doc__ else []
    lines.append(f"export interface {model.__name__}{extends} {{")
    for name, annotation in _hints(model).items():
        if inherited.get(name) == annotation:
            continue
        field = model.model_fields[name]
        if field.description:
            lines.append(_comment(field.description, indent="  "))
        spelled = field.serialization_alias or name
        lines.append(f"  {spelled}{_kind(model, name, annotation)};")
    lines.append("}\n")
    return "\n".join(lines)


def _hints(model: type[BaseModel]) -> Mapping[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def _kind(model: type[BaseModel], name: str, annotation: Any) -> str:
    required = model.model_fields[name].is_required()
    if required or (issubclass(model, Reply) and not _omits(model)):
        return f": {_typescript(annotation)}"
    # a reply with a serializer of its own leaves out what is not there, rather than sending null
    kept = _without_none(annotation) if _omits(model) else annotation
    return f"?: {_typescript(kept)}"


def _omits(model: type[BaseModel]) -> bool:
    return bool(model.__pydantic_decorators__.model_serializers)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in {Union, types.UnionType}:
        members = tuple(member for member in get_args(annotation) if member is not type(None))
        return Union[members]  # noqa: UP007 - the members are known only now
    return annotation


def _typescript(annotation: Any) -> str:
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation.__name__
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _typescript(arguments[0])
    if origin is Literal:
        return " | ".join(_literal(value) for value in arguments)
    if origin in {Union, types.UnionType}:
        return " | ".join(dict.fromkeys(_typescript(member) for member in arguments))
    return _container(annotation, origin, arguments)


def _container(annotation: Any, origin: Any, arguments: tuple[Any, ...]) -> str:
    if origin in {list, set, frozenset, Sequence} or (origin is tuple and arguments[-1] is Ellipsis):
        member = _typescript(arguments[0])
        return f"({member})[]" if " | " in member else f"{member}[]"
    if origin in {dict, Mapping}:
        return f"Record<{_typescript(arguments[0])}, {_typescript(arguments[1])}>"
    if annotation is dict:
        return "Record<string, unknown>"
    raise NoTypeScript(f"no TypeScript for {annotation!r}")


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _comment(text: str, *, indent: str) -> str:
    return f"{indent}/** {' '.join(text.split())} */"


def main(arguments: Sequence[str]) -> int:
    """Print the module, or with `--check` compare it with the client's file; 1 where they differ."""
    text = generate()
    if list(arguments) != ["--check"]:
        sys.stdout.write(text)
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(
        "the browser client's types have drifted from realtime/contracts: "
        "python -m realtime.contracts.typescript > realtime/web/src/generated/contracts.ts\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
