"""An interview from a YAML or JSON file, and as one."""

import re
from typing import Any

import yaml

from realtime.contracts import files
from realtime.contracts.interviews import Interview

# Everything else is put in quotes: what looks like a number or a word of YAML's would come back as something else.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# YAML takes these for ends of lines, and a block gives them back as others.
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_WIDE = 1_000_000  # no line is broken where its author did not


def read_interview(text: str, *, name: str) -> Interview:
    """Read the interview in `text`; raises FaultyFile with every fault. An ending `.json` of `name` asks for JSON."""
    return files.read(Interview, text, name=name).value


def write_interview(interview: Interview) -> str:
    """Write an interview as YAML that reads back as the same."""
    document = interview.model_dump(mode="json", exclude_none=True)
    document["questions"] = [{"type": question["type"]} | question for question in document["questions"]]
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDE)


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 - PyYAML's
        return super().increase_indent(flow, False)  # noqa: FBT003


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"'
    if "\n" in text and not _OTHER_BREAKS.search(text):
        style = "|"  # where a block cannot hold it, PyYAML takes quotes
    elif _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        style = ""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
