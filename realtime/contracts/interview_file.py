"""An interview from a YAML or JSON file."""

from realtime.contracts import files
from realtime.contracts.interviews import Interview


def read_interview(text: str, *, name: str) -> Interview:
    """Read the interview in `text`; raises FaultyFile with every fault. An ending `.json` of `name` asks for JSON."""
    return files.read(Interview, text, name=name).value
