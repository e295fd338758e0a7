"""Writing interviews: a text is checked, versions are kept, questions are found again, and a table of people is invited."""

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from realtime.contracts.interview_file import read_interview, write_interview
from realtime.contracts.interviews import Interview
from realtime.usecases.demo import DEMO_INTERVIEW_FILE
from tests.integration.node import CODE, MCQ, SHORT, Node, Person
from tests.integration.test_interviews_http import INTERVIEW, INTERVIEWS, create

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
LINES = TEXTS.filter(lambda text: text.strip() != "")


@st.composite
def interviews(draw: st.DrawFn) -> Interview:
    """Any interview."""
    common = {"time_limit": 60, "points": 5}
    options = draw(st.lists(LINES, min_size=2, max_size=4, unique=True))
    questions = [
        {"type": "mcq", "question_text": draw(LINES), "options": options, "correct_answer": options[-1]}
        | common,
        {
            "type": "short_answer",
            "question_text": draw(LINES),
            "expected_keywords": draw(st.lists(LINES, max_size=3)),
        }
        | common,
        {
            "type": "code",
            "question_text": draw(LINES),
            "language": draw(LINES),
            "starter_code": draw(TEXTS),
            "sample_solution": draw(LINES),
            "evaluation_criteria": draw(st.lists(LINES, min_size=1, max_size=3)),
        }
        | common,
    ]
    return Interview.model_validate(
        {"title": draw(LINES), "description": draw(TEXTS), "questions": questions}
    )


def starting_with(code: str) -> Interview:
    """An interview with this starter code."""
    return Interview.model_validate({"title": "T", "questions": [CODE | {"starter_code": code}]})


@given(interviews())
@example(starting_with("a\n\x85"))
@example(starting_with("a\n\u2028b\n"))
@example(starting_with("a\r\nb\r"))
@example(starting_with("  a\n\tb \n\n"))
@settings(deadline=None)
def test_what_is_exported_is_imported_as_the_same(interview: Interview) -> None:
    assert read_interview(write_interview(interview), name="interview.yaml") == interview


def test_an_export_is_readable() -> None:
    written = write_interview(read_interview(DEMO_INTERVIEW_FILE.read_text("utf-8"), name="demo.yaml"))
    assert "    question_text: |-\n      A phone sends POST /orders" in written
    assert "\\n" not in written


async def check(node: Node, who: Person, text: str, **more: Any) -> dict[str, Any]:
    reply = await node.call("POST", f"{INTERVIEWS}/check", who, json={"text": text} | more)
    assert reply.status == 200, reply.body
    checked: dict[str, Any] = reply.body
    return checked


async def test_a_text_is_checked_and_nothing_is_stored(node: Node, recruiter: Person) -> None:
    good = await check(node, recruiter, json.dumps(INTERVIEW), name="draft.json")
    assert good == {"interview": INTERVIEW, "faults": []}
    bad = await check(
        node, recruiter, "title: T\nquestions:\n  - type: mcq\n    options: [a, a]\n    time_limit: 1\n"
    )
    assert bad["interview"] is None
    assert {(fault["line"], fault["path"], fault["message"]) for fault in bad["faults"]} >= {
        (4, "questions[0].options", "must differ from one another"),
        (5, "questions[0].time_limit", "must be at least 5"),
        (3, "questions[0].question_text", "is missing"),
    }
    assert (await check(node, recruiter, "title: ["))["faults"][0]["line"] is not None
    assert await node.pool.fetchval("SELECT count(*) FROM interviews") == 0


async def test_earlier_versions_can_be_read_and_exported(node: Node, recruiter: Person) -> None:
    interview_id = await create(node, recruiter)
    changed = INTERVIEW | {"title": "Front end", "pacing": "self_paced", "questions": [SHORT]}
    replaced = await node.call(
        "PUT", f"{INTERVIEWS}/{interview_id}", recruiter, json={"version": 1, "interview": changed}
    )
    assert replaced.body["version"] == 2
    listed = await node.call("GET", f"{INTERVIEWS}/{interview_id}/versions", recruiter)
    assert [(each["version"], each["title"], each["question_count"]) for each in listed.body["versions"]] == [
        (2, "Front end", 1),
        (1, "Back end", 3),
    ]
    assert all(each["written_at"] for each in listed.body["versions"])
    first = await node.call("GET", f"{INTERVIEWS}/{interview_id}", recruiter, params={"version": "1"})
    assert first.body == {"id": interview_id, "version": 1, "interview": INTERVIEW}
    for params, version in (({}, 2), ({"version": "1"}, 1)):
        file = await node.call("GET", f"{INTERVIEWS}/{interview_id}/export.yaml", recruiter, params=params)
        assert f'filename="interview-{interview_id}-{version}.yaml"' in file.headers["Content-Disposition"]
    missing = await node.call("GET", f"{INTERVIEWS}/{interview_id}", recruiter, params={"version": "3"})
    assert (missing.status, missing.body["code"]) == (404, "not_found")


async def test_the_bank_has_each_question_once(node: Node, recruiter: Person) -> None:
    await create(node, recruiter, {"title": "One", "questions": [MCQ | {"difficulty": "easy"}, SHORT]})
    await create(node, recruiter, {"title": "Two", "questions": [SHORT, CODE]})
    stranger = await node.person("recruiter")
    await create(node, stranger, {"title": "Three", "questions": [MCQ, SHORT | {"question_text": "Whose?"}]})

    async def texts(**query: str) -> list[str]:
        reply = await node.call("GET", "/api/recruiter/questions", recruiter, params=query)
        assert reply.status == 200, reply.body
        return [each["question"]["question_text"] for each in reply.body["questions"]]

    everything = sorted(each["question_text"] for each in (MCQ, SHORT, CODE))
    assert await texts() == everything
    assert await texts(type="code") == [CODE["question_text"]]
    assert await texts(difficulty="easy") == [MCQ["question_text"]]
    assert await texts(q=SHORT["question_text"][:8].upper()) == [SHORT["question_text"]]
    assert await texts(q="%") == []
    paged: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await node.call(
            "GET", "/api/recruiter/questions", recruiter, params={"limit": "1", "after": after}
        )
        paged += [each["question"]["question_text"] for each in page.body["questions"]]
        after = page.body["next_after"]
    assert paged == everything
    [again] = [
        each["question"]
        for each in (
            await node.call("GET", "/api/recruiter/questions", recruiter, params={"type": "code"})
        ).body["questions"]
    ]
    assert again == CODE


async def test_another_recruiters_interview_is_not_there(node: Node, recruiter: Person) -> None:
    stranger = await node.person("recruiter")
    interview_id = await create(node, recruiter)
    for path in ("versions", "export.yaml"):
        for one in (interview_id, str(uuid4())):
            reply = await node.call("GET", f"{INTERVIEWS}/{one}/{path}", stranger)
            assert (reply.status, reply.body["code"]) == (404, "not_found")
    reply = await node.call(
        "POST",
        f"{INTERVIEWS}/{interview_id}/invitations/csv",
        stranger,
        json={"csv": "email,name\na@b.test,A"},
    )
    assert (reply.status, reply.body["code"]) == (404, "not_found")


WRONG_TERMS = (
    "extra_time_percent must be a whole number; "
    "expires_at must be a time with its zone, such as 2030-12-24T18:00:00Z"
)
TABLE = """\ufeffName; Email ;extra_time_percent;expires_at
Ada Lovelace;ada@people.test;25;2099-01-01T00:00:00Z
"Hopper; Grace";grace@people.test;;

Linus;not an address;;
Rita;{recruiter};;
Ada again;ADA@people.test;;
Alan;alan@people.test;lots;24.12.2030
"""


async def test_a_table_invites_every_good_line_and_names_every_bad_one(node: Node, recruiter: Person) -> None:
    interview_id = await create(node, recruiter)
    table = TABLE.replace("{recruiter}", recruiter.email)

    async def send(text: str) -> list[dict[str, Any]]:
        reply = await node.call(
            "POST", f"{INTERVIEWS}/{interview_id}/invitations/csv", recruiter, json={"csv": text}
        )
        assert reply.status == 200, reply.body
        lines: list[dict[str, Any]] = reply.body["lines"]
        return lines

    lines = await send(table)
    assert [(each["line"], each["status"]) for each in lines] == [
        (2, "invited"),
        (3, "invited"),
        (5, "refused"),
        (6, "refused"),
        (7, "already_invited"),
        (8, "refused"),
    ]
    assert [each["url"] is not None for each in lines] == [True, True, False, False, False, False]
    assert lines[0]["expires_at"] == "2099-01-01T00:00:00.000Z"
    assert lines[4]["id"] == lines[0]["id"]
    assert [each["message"] for each in lines if each["message"]] == [
        "email must be an email address of at most 254 characters",
        "This email is a recruiter's",
        WRONG_TERMS,
    ]
    again = await send(table)
    assert [each["status"] for each in again][:2] == ["already_invited"] * 2
    kept = await node.call("GET", f"{INTERVIEWS}/{interview_id}/invitations", recruiter)
    assert [(each["name"], each["extra_time_percent"]) for each in kept.body["invitations"]] == [
        ("Ada Lovelace", 25),
        ("Hopper; Grace", 0),
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "missing: email, name"),
        ("email\na@b.test", "missing: name"),
        ("email,name,phone\na@b.test,A,1", "unknown columns: 'phone'"),
        ("email,name,email\na@b.test,A,b", "names a column twice"),
        ("email,name\n" + "a@b.test,A\n" * 2_001, "at most 2000 people"),
        ("email,name\x00", "NUL"),
    ],
)
async def test_what_is_no_table_is_refused_and_invites_nobody(
    node: Node, recruiter: Person, table: str, message: str
) -> None:
    interview_id = await create(node, recruiter)
    reply = await node.call(
        "POST", f"{INTERVIEWS}/{interview_id}/invitations/csv", recruiter, json={"csv": table}
    )
    assert (reply.status, reply.body["code"]) == (422, "invalid_body")
    [error] = reply.body["errors"]
    assert error["path"] == "csv"
    assert message in error["message"]
    assert await node.pool.fetchval("SELECT count(*) FROM invitations") == 0


async def test_a_line_with_too_many_cells_is_refused(node: Node, recruiter: Person) -> None:
    interview_id = await create(node, recruiter)
    reply = await node.call(
        "POST",
        f"{INTERVIEWS}/{interview_id}/invitations/csv",
        recruiter,
        json={"csv": "email,name\na@b.test,A,B"},
    )
    assert [(each["status"], each["message"]) for each in reply.body["lines"]] == [
        ("refused", "has more cells than the first line")
    ]
