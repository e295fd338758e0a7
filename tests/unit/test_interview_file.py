"""Interviews from files: YAML and JSON mean the same, and every fault is named with its place, all at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.contracts import documents
from realtime.contracts.files import FaultyFile
from realtime.contracts.interview_file import read_interview
from realtime.contracts.interviews import CodeQuestion, McqQuestion, ShortAnswerQuestion
from realtime.usecases.demo import DEMO_INTERVIEW_FILE

GOOD = """\
title: Backend
questions:
  - type: mcq
    question_text: Is it?
    time_limit: 60
    points: 5
    options: [yes, no, 12:30, 2026-11-22]
    correct_answer: no
  - type: code
    question_text: |-
      First line

      Second line
    time_limit: 600
    points: 20
    language: go
    starter_code: |
      func main() {
      \treturn
      }
    sample_solution: x
    evaluation_criteria:
      - &same It compiles
"""


def faults(text: str, *, name: str = "interview.yaml") -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        read_interview(text, name=name)
    return [str(fault) for fault in caught.value.faults]


def test_yaml_is_read_as_it_looks() -> None:
    mcq, code = read_interview(GOOD, name="interview.yaml").questions
    assert isinstance(mcq, McqQuestion)
    assert mcq.options == ("yes", "no", "12:30", "2026-11-22")
    assert mcq.correct_answer == "no"
    assert isinstance(code, CodeQuestion)
    assert code.question_text == "First line\n\nSecond line"
    assert code.starter_code == "func main() {\n\treturn\n}\n"


@pytest.mark.parametrize("name", ["interview.json", "interview.yaml", "INTERVIEW.JSON"])
@pytest.mark.parametrize(("indent", "ascii_only"), [(None, True), ("\t", False), (2, True)])
def test_json_and_yaml_mean_the_same(name: str, indent: Any, ascii_only: bool) -> None:
    interview = read_interview(GOOD.replace("Backend", "Back 😀 end\u2028"), name="interview.yaml")
    as_json = json.dumps(json.loads(interview.model_dump_json()), indent=indent, ensure_ascii=ascii_only)
    assert read_interview(as_json, name=name) == interview


def test_braces_alone_do_not_make_it_json() -> None:
    text = "{title: T, questions: [{type: short_answer, question_text: Why, time_limit: 60, points: 1}]}"
    assert read_interview(text, name="interview.yaml").title == "T"


def test_a_byte_order_mark_is_no_part_of_it() -> None:
    assert read_interview("\ufeff" + GOOD, name="interview.yaml").title == "Backend"


def test_every_fault_is_named_with_its_line_and_path() -> None:
    assert faults("""\
title: Backend
colour: red
questions:
  - type: mcq
    question_text: Is it?
    time_limit: 3
    points: "5"
    options: [yes, 42]
    correct_answer: perhaps
  - type: essay
  - question_text: x
  - type: code
    question_text: a
    question_text: b
    time_limit: 60
    points: 1.5
    language: !!python/object:os.system go
    sample_solution: x
    evaluation_criteria: []
  - 5
""") == [
        "line 2: colour: is not a known field",
        "line 6: questions[0].time_limit: must be at least 5",
        "line 7: questions[0].points: must be a whole number",
        "line 8: questions[0].options[1]: must be text: put it in quotes",
        "line 10: questions[1].type: must be one of 'mcq', 'short_answer', 'code'",
        "line 11: questions[2].type: is missing",
        "line 14: questions[3].question_text: stands twice: on line 13 already",
        "line 16: questions[3].points: must be a whole number",
        "line 17: questions[3].language: the tag 'tag:yaml.org,2002:python/object:os.system' is not allowed",
        "line 19: questions[3].evaluation_criteria: must have at least 1 entries",
        "line 20: questions[4]: must be a mapping of fields",
    ]


def test_faults_of_json_have_lines_too() -> None:
    text = '{"title": "T",\n "questions": [\n  {"type": "short_answer",\n   "points": 1, "points": 2}]}'
    assert faults(text, name="x.json") == [
        "line 3: questions[0].question_text: is missing",
        "line 3: questions[0].time_limit: is missing",
        "line 4: questions[0].points: stands twice: on line 4 already",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("just words", "line 1: must be a mapping of fields"),
        ("title: [", "line 2: not valid YAML: did not find expected node content"),
        ("title: a\n b: c", "line 2: not valid YAML: mapping values are not allowed in this context"),
        ("title: a\n---\ntitle: b", "line 2: holds more than one document"),
        ("title: \x01", "line 1: not valid YAML: control characters are not allowed"),
        ("? [a]\n: b", "line 1: the name of a field must be plain text"),
        ("title: *nothing", "line 1: *nothing stands for nothing before it"),
        ("title: &a [*a]", "line 1: *a stands for nothing before it"),
        ("title: \ud800", "the file is not UTF-8 text"),
    ],
)
def test_what_is_no_yaml_is_said_so(text: str, fault: str) -> None:
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "line 1: not valid JSON: Expecting property name enclosed in double quotes"),
        ('{"title": NaN}', "not valid JSON: NaN is no number there"),
        ('{"title": ' + "9" * 5000 + "}", "a number is too long"),
        ("title: YAML", "line 1: not valid JSON: Expecting value"),
    ],
)
def test_what_is_no_json_is_said_so(text: str, fault: str) -> None:
    assert faults(text, name="interview.json") == [fault]


def bomb() -> str:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("text", "name", "fault"),
    [
        (bomb(), "bomb.yaml", "line 5: holds more than 50000 values"),
        ("[" * 100_000, "deep.yaml", "line 1: nested too deeply"),
        ("[" * 100_000, "deep.json", "nested too deeply"),
        ("[" * 30 + "]" * 30, "deep.json", "line 1: nested too deeply"),
        ("- x\n" * 60_000, "long.yaml", "line 50000: holds more than 50000 values"),
        ("a: &a x\nb: [" + "*a," * 1_001 + "]", "aliases.yaml", "line 2: uses more than 1000 aliases"),
        ("x" * (documents.MAX_BYTES + 1), "large.yaml", "the file is larger than 8 MiB"),
    ],
    ids=["bomb", "deep yaml", "deeper json", "deep json", "long", "aliases", "large"],
)
def test_a_hostile_file_is_refused_early(text: str, name: str, fault: str) -> None:
    assert faults(text, name=name) == [fault]


def test_an_alias_repeats_what_it_names() -> None:
    text = GOOD + "      - *same\n"
    code = read_interview(text, name="interview.yaml").questions[1]
    assert isinstance(code, CodeQuestion)
    assert code.evaluation_criteria == ("It compiles", "It compiles")


@given(
    st.text(max_size=300) | st.text("[]{}&*!|>'\"%@`:-?, \n\tab12", max_size=120),
    st.sampled_from(["x.json", "x.yaml"]),
)
def test_any_text_is_an_interview_or_faulty(text: str, name: str) -> None:
    faulty: FaultyFile | None = None
    try:
        read_interview(text, name=name)
    except FaultyFile as error:
        faulty = error
    assert faulty is None or faulty.faults


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)))  # fmt: skip
def test_json_values_survive_unchanged(value: Any) -> None:
    document = documents.read(json.dumps({"value": value}), name="x.json")
    assert json.loads(json.dumps(document.value)) == {"value": value}


def test_the_demo_interview_is_what_it_says() -> None:
    interview = read_interview(DEMO_INTERVIEW_FILE.read_text("utf-8"), name=DEMO_INTERVIEW_FILE.name)
    kinds = [McqQuestion, McqQuestion, ShortAnswerQuestion, ShortAnswerQuestion, CodeQuestion, CodeQuestion]
    assert [type(question) for question in interview.questions] == kinds
    assert sum(question.points for question in interview.questions) == 100
    for question in interview.questions:
        assert question.difficulty is not None
        if isinstance(question, ShortAnswerQuestion):
            # our own sample answer has to earn all the keywords
            words = (question.sample_answer or "").casefold()
            assert all(keyword.casefold() in words for keyword in question.expected_keywords or ())


def test_every_interview_we_ship_can_be_imported() -> None:
    shipped = [file for file in Path(DEMO_INTERVIEW_FILE).parent.iterdir() if ".answers." not in file.name]
    assert shipped
    for file in shipped:
        read_interview(file.read_text("utf-8"), name=file.name)
