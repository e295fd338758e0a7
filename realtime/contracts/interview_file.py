"""An interview from a YAML or JSON file: the interview, or everything that is wrong with the file at once."""

from dataclasses import dataclass

from pydantic import ValidationError

from realtime.contracts import documents
from realtime.contracts.documents import Document
from realtime.contracts.faults import Fault, faults_of, spell
from realtime.contracts.interviews import Interview


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing that is wrong with a file, with its line (from 1) where there is one."""

    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line is not None else []
        return ": ".join([*where, *([self.path] if self.path else []), self.message])


class FaultyInterviewFile(ValueError):
    """A file that holds no interview; `faults` has all of them, in the order of the file."""

    def __init__(self, name: str, faults: tuple[FileFault, ...]) -> None:
        super().__init__("\n".join(f"{name}: {fault}" for fault in faults))
        self.faults = faults


def read_interview(text: str, *, name: str) -> Interview:
    """Read the interview in `text`; raises FaultyInterviewFile. An ending `.json` of `name` asks for JSON."""
    try:
        document = documents.read(text, name=name)
    except documents.Unreadable as error:
        raise FaultyInterviewFile(name, (FileFault(error.line, "", str(error)),)) from None
    if document.value is None:
        raise FaultyInterviewFile(name, (FileFault(None, "", "the file is empty"),))
    interview: Interview | None = None
    faults = document.faults
    try:
        interview = Interview.model_validate(document.value)
    except ValidationError as error:
        faults = [*faults, *faults_of(error)]
    if interview is None or faults:
        raise FaultyInterviewFile(name, _in_order(document, faults))
    return interview


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
