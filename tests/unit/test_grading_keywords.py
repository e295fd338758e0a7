"""Keywords: whole words, whatever the case, the script, the hyphens and the simple plural."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.grading import keywords


@pytest.mark.parametrize(
    ("keyword", "answer"),
    [
        ("index", "An INDEX helps."),
        ("index", "index"),
        ("index", "Use (an) index, please."),
        ("index", "it's the index's fault"),
        ("write-ahead log", "The write ahead log comes first"),
        ("write ahead log", "the Write-Ahead\n   LOG comes first"),
        ("write-ahead log", "a write\u2011ahead log"),  # non-breaking hyphen
        ("non-blocking", "nonblocking I/O"),
        ("snake case", "snake_case"),
        ("deadlock", "Two deadlocks"),
        ("deadlocks", "one deadlock"),
        ("query", "queries are slow"),
        ("queries", "a query is slow"),
        ("index", "indexes"),
        ("class", "classes"),
        ("race condition", "race conditions"),
        ("C++", "I like C++."),
        ("C#", "in C# we"),
        (".NET", "on .NET"),
        ("O(n)", "it is o(n) at worst"),
        ("O(n²)", "about O(n2)"),  # compatibility forms are one
        ("N+1", "the N+1 problem"),
        ("node.js", "with Node.js"),
        ("async/await", "uses async/await"),
        ("straße", "STRASSE"),
        ("Schlüssel", "ein schlüssel"),
        ("Schlu\u0308ssel", "ein Schlüssel"),  # decomposed
        ("индекс", "Нужен ИНДЕКС."),
        ("数据库", "这个数据库很快"),
        ("index", "in\u00addex"),  # soft hyphen
        ("TLS", "TLS1.3? no: TLS"),
    ],
)
def test_keyword_is_found(keyword: str, answer: str) -> None:
    assert keywords.find(answer, [keyword]).found == (keyword,)


@pytest.mark.parametrize(
    ("keyword", "answer"),
    [
        ("index", "reindexing"),
        ("index", "indexing"),
        ("index", "noindex"),
        ("C", "C++ and C#"),
        ("Java", "JavaScript"),
        ("log", "catalog"),
        ("is", "this"),
        ("bus", "bu"),  # "us" is no plural
        ("class", "clas"),
        ("write-ahead log", "write the log ahead"),
        ("race condition", "the race, and the condition"),
        ("индекс", "индексация"),
        ("के", "केला"),  # a vowel sign belongs to its word
        ("index", ""),
    ],
)
def test_part_of_another_word_is_not_found(keyword: str, answer: str) -> None:
    assert keywords.find(answer, [keyword]).missing == (keyword,)


def test_found_and_missing_are_told_as_the_recruiter_wrote_them() -> None:
    found = keywords.find("TCP and the Three-Way handshake", ["tcp", "Three way handshake", "UDP"])
    assert (found.found, found.missing) == (("tcp", "Three way handshake"), ("UDP",))
    assert found.total == 3
    assert found.share == pytest.approx(2 / 3)


def test_blank_and_repeated_keywords_do_not_count() -> None:
    assert keywords.expected(["Index", " ", "index", "INDEX ", "\u200b"]) == ("Index",)


def test_a_match_that_is_part_of_a_word_hides_no_later_one() -> None:
    assert keywords.find("xa a a", ["a a"]).found == ("a a",)


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=6))
def test_anything_is_either_found_or_missing(answer: str, wanted: list[str]) -> None:
    found = keywords.find(answer, wanted)
    assert set(found.found) | set(found.missing) == set(keywords.expected(wanted))
    assert 0 <= found.share <= 1


@given(st.lists(st.from_regex(r"[a-z]{3,12}", fullmatch=True), min_size=1, max_size=5, unique=True))
def test_every_word_of_a_text_is_found_in_it(words: list[str]) -> None:
    assert keywords.find(" ".join(words), words).missing == ()
