"""What people write in files: a model from YAML or JSON text, or everything that is wrong with the file at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from realtime.contracts import documents
from realtime.contracts.documents import Document
from realtime.contracts.faults import Fault, faults_of, spell

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing that is wrong with a file, with its line (from 1) where there is one."""

    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line is not None else []
        return ": ".join([*where, *([self.path] if self.path else []), self.message])


class FaultyFile(ValueError):
    """A file that does not hold what it should; `faults` has all that is wrong, in the order of the file."""

    def __init__(self, name: str, faults: tuple[FileFault, ...]) -> None:
        super().__init__("\n".join(f"{name}: {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Written(Generic[Model]):
    """What a file says, and where it says it."""

    value: Model
    name: str
    document: Document

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Raise FaultyFile where there are faults that the model by itself could not see."""
        if found := list(faults):
            raise FaultyFile(self.name, _in_order(self.document, found))


def read(model: type[Model], text: str, *, name: str) -> Written[Model]:
    """Read `text` as the model; raises FaultyFile. An ending `.json` of `name` asks for JSON."""
    try:
        document = documents.read(text, name=name)
    except documents.Unreadable as error:
        raise FaultyFile(name, (FileFault(error.line, "", str(error)),)) from None
    if document.value is None:
        raise FaultyFile(name, (FileFault(None, "", "the file is empty"),))
    value: Model | None = None
    faults = document.faults
    try:
        value = model.model_validate(document.value)
    except ValidationError as error:
        faults = [*faults, *faults_of(error)]
    if value is None or faults:
        raise FaultyFile(name, _in_order(document, faults))
    return Written(value, name, document)


def _in_order(document: Document, faults: list[Fault]) -> tuple[FileFault, ...]:
    located = [
        FileFault(document.line_of(fault.path), spell(fault.path), fault.message + _hint(document, fault))
        for fault in faults
    ]
    return tuple(sorted(located, key=lambda fault: fault.line or 0))


def _hint(document: Document, fault: Fault) -> str:
    if fault.message != "must be text":
        return ""
    value = document.value
    for step in fault.path:
        value = value[step]
    return "" if value is None or isinstance(value, dict | tuple) else ": put it in quotes"
