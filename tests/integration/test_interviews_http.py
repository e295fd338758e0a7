"""Interviews over HTTP and from files: written, read, replaced by their owner, and invisible to everybody else."""

import asyncio
import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from db.pool import Connection
from realtime.contracts.files import FaultyFile
from realtime.domain.errors import NotFound
from realtime.usecases import interviews, people
from tests.integration.node import CODE, MCQ, SHORT, Node, Person, Reply

INTERVIEWS = "/api/recruiter/interviews"
INTERVIEW: dict[str, Any] = {
    "title": "Back end",
    "description": "What the candidate reads first",
    "pacing": "scheduled",
    "questions": [MCQ | {"difficulty": "easy"}, SHORT, CODE],
}


@pytest.fixture
async def other(node: Node) -> Person:
    """Another recruiter."""
    return await node.person("recruiter", name="Ron Recruiter")


async def create(node: Node, owner: Person, interview: dict[str, Any] = INTERVIEW) -> str:
    reply = await node.call("POST", INTERVIEWS, owner, json=interview)
    assert reply.status == 201, reply.body
    assert reply.body == {"id": reply.body["id"], "version": 1}
    created: str = reply.body["id"]
    return created


def problem(reply: Reply) -> tuple[int, str]:
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.body["status"] == reply.status
    return reply.status, reply.body["code"]


async def test_what_was_created_reads_back_the_same(node: Node, recruiter: Person) -> None:
    interview_id = await create(node, recruiter)
    read = await node.call("GET", f"{INTERVIEWS}/{interview_id}", recruiter)
    assert read.status == 200
    assert read.body == {"id": interview_id, "version": 1, "interview": INTERVIEW}


async def test_the_least_that_an_interview_needs(node: Node, recruiter: Person) -> None:
    least = {
        "title": "T",
        "questions": [{"type": "short_answer", "question_text": "?", "time_limit": 5, "points": 1}],
    }
    interview_id = await create(node, recruiter, least)
    read = await node.call("GET", f"{INTERVIEWS}/{interview_id}", recruiter)
    assert read.body["interview"] == least | {"pacing": "self_paced"}


async def test_a_large_interview_is_welcome(node: Node, recruiter: Person) -> None:
    large = INTERVIEW | {
        "questions": [SHORT | {"question_text": "ß" * 20_000, "sample_answer": "ß" * 20_000}] * 100
    }
    assert len(json.dumps(large, ensure_ascii=False).encode()) > 7_000_000
    body = json.dumps(large, ensure_ascii=False).encode()
    reply = await node.call(
        "POST", INTERVIEWS, recruiter, data=body, headers={"Content-Type": "application/json"}
    )
    assert reply.status == 201
    assert problem(await node.call("POST", INTERVIEWS, recruiter, data=b" " * (8 * 1024 * 1024 + 1))) == (
        413,
        "too_large",
    )


async def test_interviews_are_listed_newest_first_and_titles_may_repeat(
    node: Node, recruiter: Person, other: Person
) -> None:
    first = await create(node, recruiter)
    second = await create(node, recruiter, INTERVIEW | {"questions": [SHORT]})
    await create(node, other)
    listed = (await node.call("GET", INTERVIEWS, recruiter)).body["interviews"]
    assert [(one["id"], one["question_count"]) for one in listed] == [(second, 1), (first, 3)]
    assert listed[1] == {
        "id": first,
        "title": "Back end",
        "description": "What the candidate reads first",
        "pacing": "scheduled",
        "version": 1,
        "question_count": 3,
        "created_at": listed[1]["created_at"],
    }
    assert listed[1]["created_at"].endswith("Z")


async def test_a_replacement_is_a_new_version(node: Node, recruiter: Person) -> None:
    interview_id = await create(node, recruiter)
    changed = {"title": "Front end", "pacing": "self_paced", "questions": [CODE]}
    path = f"{INTERVIEWS}/{interview_id}"
    reply = await node.call("PUT", path, recruiter, json={"version": 1, "interview": changed})
    assert (reply.status, reply.body) == (200, {"id": interview_id, "version": 2})
    assert (await node.call("GET", path, recruiter)).body == {
        "id": interview_id,
        "version": 2,
        "interview": changed,
    }
    stale = await node.call("PUT", path, recruiter, json={"version": 1, "interview": INTERVIEW})
    assert problem(stale) == (409, "stale_version")
    assert stale.body["version"] == 2
    assert (await node.call("GET", path, recruiter)).body["interview"] == changed


async def test_of_many_replacements_of_one_version_one_wins(
    node: Node, recruiter: Person, conn: Connection
) -> None:
    interview_id = await create(node, recruiter)
    replies = await asyncio.gather(
        *(
            node.call(
                "PUT",
                f"{INTERVIEWS}/{interview_id}",
                recruiter,
                json={"version": 1, "interview": INTERVIEW | {"title": f"T{n}"}},
            )
            for n in range(12)
        )
    )
    assert sorted(reply.status for reply in replies) == [200] + [409] * 11
    assert await conn.fetchval("SELECT max(version) FROM questions") == 2


async def test_a_running_session_keeps_its_questions(
    node: Node, recruiter: Person, candidate: Person
) -> None:
    interview_id = await create(node, recruiter, INTERVIEW | {"pacing": "self_paced"})
    await node.invite(recruiter, UUID(interview_id), candidate, max_attempts=2)
    session = await node.start(candidate, UUID(interview_id))
    replacement = {"version": 1, "interview": INTERVIEW | {"questions": [SHORT | {"question_text": "New?"}]}}
    await node.call("PUT", f"{INTERVIEWS}/{interview_id}", recruiter, json=replacement)
    answered = await node.answer(candidate, session["id"], 0, "404")
    assert answered.body["next_question"]["question_text"] == SHORT["question_text"]
    active = (await node.call("GET", "/api/interviews/active", candidate)).body["active_session"]
    assert [question["id"] for question in active["questions"]] == [
        question["id"] for question in session["questions"]
    ]


async def test_questions_are_never_changed_or_removed(
    node: Node, recruiter: Person, conn: Connection
) -> None:
    await create(node, recruiter)
    for statement in ("UPDATE questions SET points = 1", "DELETE FROM questions"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await conn.execute(statement)


async def test_another_recruiters_interview_does_not_exist(
    node: Node, recruiter: Person, other: Person
) -> None:
    theirs = await create(node, recruiter)
    for method, body in (("GET", None), ("PUT", {"version": 1, "interview": INTERVIEW})):
        replies = [
            await node.call(method, f"{INTERVIEWS}/{which}", other, json=body)
            for which in (theirs, uuid4(), "no-id")
        ]
        assert problem(replies[0]) == (404, "not_found")
        assert replies[0].body == replies[1].body == replies[2].body
    assert (await node.call("GET", INTERVIEWS, other)).body == {"interviews": []}
    assert (await node.call("GET", f"{INTERVIEWS}/{theirs}", recruiter)).body["version"] == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", ""),
        ("GET", "/{id}"),
        ("PUT", "/{id}"),
        ("GET", "/{id}/invitations"),
        ("POST", "/{id}/invitations"),
    ],
)
async def test_only_recruiters_come_in(
    node: Node, recruiter: Person, candidate: Person, method: str, path: str
) -> None:
    where = INTERVIEWS + path.format(id=await create(node, recruiter))
    assert problem(await node.call(method, where)) == (401, "unauthenticated")
    forbidden = await node.call(method, where, candidate)
    assert problem(forbidden) == (403, "wrong_role")
    assert "CANARY" not in json.dumps(forbidden.body)


async def test_a_token_makes_nothing_for_one_who_is_no_recruiter(node: Node, candidate: Person) -> None:
    for user_id in (uuid4(), candidate.id):
        forged = Person(user_id, "nobody@people.test", node.token(user_id, "recruiter"))
        reply = await node.call("POST", INTERVIEWS, forged, json=INTERVIEW)
        assert problem(reply) == (401, "unauthenticated")


async def test_every_fault_of_a_body_is_named_and_nothing_is_stored(node: Node, recruiter: Person) -> None:
    wrong = deepcopy(INTERVIEW)
    wrong["questions"][0] |= {"time_limit": 4, "correct_answer": "500", "hint": "x"}
    wrong["questions"][1]["points"] = "20"
    wrong["colour"] = "red"
    reply = await node.call("POST", INTERVIEWS, recruiter, json=wrong)
    assert problem(reply) == (422, "invalid_body")
    assert {(error["path"], error["message"]) for error in reply.body["errors"]} == {
        ("questions[0].time_limit", "must be at least 5"),
        ("questions[0].correct_answer", "must be one of the options"),
        ("questions[0].hint", "is not a known field"),
        ("questions[1].points", "must be a whole number"),
        ("colour", "is not a known field"),
    }
    assert (await node.call("GET", INTERVIEWS, recruiter)).body == {"interviews": []}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (400, "malformed_json")),
        (b"", (422, "invalid_body")),
        (b"[]", (422, "invalid_body")),
        (b'{"title": "T", "questions": [{"type": "mcq", "type": "code"}]}', (422, "invalid_body")),
        (b'{"title": "T", "questions": ' + b"[" * 100_000, (400, "malformed_json")),
        (b'{"title": "T", "questions": [' + b"{}," * 500_000 + b"{}]}", (422, "invalid_body")),
        (b"\xff\xfe", (400, "malformed_json")),
    ],
    ids=["cut off", "empty", "a list", "wrong parts", "deep", "half a million questions", "not UTF-8"],
)
async def test_hostile_bodies_are_refused(
    node: Node, recruiter: Person, body: bytes, expected: tuple[int, str]
) -> None:
    reply = await node.call(
        "POST", INTERVIEWS, recruiter, data=body, headers={"Content-Type": "application/json"}
    )
    assert problem(reply) == expected
    assert len(json.dumps(reply.body)) < 2_000


# From files -----------------------------------------------------------------------------------------------------

GOOD = Path(__file__).parents[2] / "deploy" / "interviews" / "full-stack-developer.yaml"


async def test_a_file_is_imported_for_its_owner(conn: Connection) -> None:
    owner = await people.add_user(conn, email="rita@people.test", name="Rita", role="recruiter")
    made = await interviews.import_interview(
        conn, text=GOOD.read_text("utf-8"), name=GOOD.name, owner_email="Rita@People.test"
    )
    read = await interviews.read(conn, owner_id=owner.id, interview_id=made)
    assert read.interview.title == "Full-Stack Developer"
    as_json = read.interview.model_dump_json()
    again = await interviews.import_interview(
        conn, text=as_json, name="copy.json", owner_email="rita@people.test"
    )
    assert (await interviews.read(conn, owner_id=owner.id, interview_id=again)).interview == read.interview


async def test_a_faulty_file_stores_nothing(conn: Connection) -> None:
    await people.add_user(conn, email="rita@people.test", name="Rita", role="recruiter")
    text = GOOD.read_text("utf-8").replace("points: 10", "points: 0")
    with pytest.raises(FaultyFile) as caught:
        await interviews.import_interview(conn, text=text, name="x.yaml", owner_email="rita@people.test")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "points: 0" in line]
    assert [fault.line for fault in caught.value.faults] == lines
    assert await conn.fetchval("SELECT count(*) FROM interviews") == 0


async def test_only_a_recruiter_can_own_an_imported_interview(conn: Connection) -> None:
    await people.add_user(conn, email="ada@people.test", name="Ada", role="candidate")
    for email in ("ada@people.test", "nobody@people.test"):
        with pytest.raises(NotFound, match=email.replace(".", r"\.")):
            await interviews.import_interview(
                conn, text=GOOD.read_text("utf-8"), name="x.yaml", owner_email=email
            )
    assert await conn.fetchval("SELECT count(*) FROM interviews") == 0
