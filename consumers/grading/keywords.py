"""Expected keywords in prose: whole words in any script, hyphens or spaces, one or many."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# Between the words of a phrase: "write-ahead log", "write ahead log" and a line break are the same.
_GAP = r"[\s\-\u2010-\u2015_]+"
_SPLIT = re.compile(_GAP)
# Soft hyphens and zero-width characters are there for the eye only.
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
# Scripts that are written without spaces have no visible ends of words.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
# "C" is found in neither "C++" nor "C#".
_PART_OF_A_NAME = frozenset("+#")


@dataclass(frozen=True, slots=True)
class Found:
    """Which keywords an answer has and which not, as the recruiter wrote them."""

    found: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many were expected."""
        return len(self.found) + len(self.missing)

    @property
    def share(self) -> float:
        """The share found, 0…1."""
        return len(self.found) / self.total if self.total else 0.0


def expected(keywords: Iterable[str]) -> tuple[str, ...]:
    """The keywords that count: blank ones and repetitions do not."""
    kept: dict[str, str] = {}
    for keyword in keywords:
        if normal := _normal(keyword).strip():
            kept.setdefault(normal, keyword.strip())
    return tuple(kept.values())


def find(answer: str, keywords: Iterable[str]) -> Found:
    """Look for each keyword in the answer."""
    text = _normal(answer)
    counting = expected(keywords)
    found = tuple(keyword for keyword in counting if _contains(text, _normal(keyword)))
    return Found(found=found, missing=tuple(keyword for keyword in counting if keyword not in found))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold())


def _contains(text: str, keyword: str) -> bool:
    return any(_stands_alone(text, *match.span(1)) for match in _pattern(keyword).finditer(text))


@lru_cache(maxsize=4096)
def _pattern(keyword: str) -> re.Pattern[str]:
    *first, last = [part for part in _SPLIT.split(keyword) if part] or [keyword]
    forms = "|".join(re.escape(form) for form in _forms(last))
    phrase = "".join(re.escape(part) + _GAP for part in first) + f"(?:{forms})"
    if first and "-" in keyword:  # "non-blocking" is written "nonblocking" too
        phrase += "|" + re.escape("".join([*first, last]))
    # a lookahead, so that a match that does not stand alone hides no later one
    return re.compile(f"(?=({phrase}))")


def _forms(word: str) -> Iterator[str]:
    """The word with its simple plural or singular, longest first: matching is by the first that fits."""
    forms = {word}
    if len(word) > 2 and word.isalpha():
        forms |= {word + "s", word + "es"}
        if word.endswith("y"):
            forms.add(word[:-1] + "ies")
        if word.endswith("ies") and len(word) > 4:
            forms.add(word[:-3] + "y")
        if word.endswith("es") and len(word) > 4:
            forms.add(word[:-2])
        if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
            forms.add(word[:-1])
    yield from sorted(forms, key=len, reverse=True)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    return not (_joined(before, text[start]) or _joined(after, text[end - 1]) or after in _PART_OF_A_NAME)


def _joined(neighbour: str, edge: str) -> bool:
    return bool(neighbour) and _is_word(neighbour) and _is_word(edge) and not _is_unspaced(edge)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")


def _is_unspaced(char: str) -> bool:
    return unicodedata.name(char, "").startswith(_UNSPACED)
