"""Start, answer, resume over HTTP: the contract's forms, its refusals and their order."""

import asyncio
import hashlib
from uuid import uuid4

import pytest

from tests.integration.node import CODE, MCQ, SHORT, Node, Person


@pytest.fixture
async def interview(node: Node, recruiter: Person, candidate: Person) -> str:
    """Three questions, and an invitation for two attempts."""
    interview_id = await node.interview(recruiter)
    await node.invite(recruiter, interview_id, candidate, max_attempts=2)
    return str(interview_id)


async def test_available_start_and_answer_to_the_end(node: Node, candidate: Person, interview: str) -> None:
    listed = await node.call("GET", "/api/interviews/available", candidate)
    assert listed.body == [
        {
            "interview_id": interview,
            "title": "Back end",
            "description": None,
            "question_count": 3,
            "total_seconds": 480,
            "attempts_left": 2,
        }
    ]
    session = await node.start(candidate, interview)
    assert session["status"] == "in_progress"
    assert session["attempts_left"] == 1
    assert session["time_limits"] == [60, 120, 300]
    assert session["questions"][0]["options"] == MCQ["options"]
    assert "question_text" not in session["questions"][1]
    assert 59_000 < session["remaining_ms"] <= 60_000

    first = await node.answer(candidate, session["id"], 0, "404")
    assert first.status == 200
    assert first.body["next_question_index"] == 1
    assert first.body["next_question"]["question_text"] == SHORT["question_text"]
    question_id = session["questions"][0]["id"]
    expected = hashlib.sha256(f"{session['id']}\n{question_id}\n404".encode()).hexdigest()
    assert first.body["receipt"]["sha256"] == expected
    assert first.body["revision"] > session["revision"]

    await node.answer(candidate, session["id"], 1, "writes get slower")
    last = await node.answer(candidate, session["id"], 2, CODE["starter_code"])
    assert last.body["completed"] is True
    assert last.body["message"] == "Interview completed! Results will be available soon."
    assert (await node.call("GET", "/api/interviews/active", candidate)).body == {"active_session": None}
    past = (await node.call("GET", "/api/interviews/history", candidate)).body
    assert [answer["answer"] for answer in past[0]["answers"]] == [
        "404",
        "writes get slower",
        CODE["starter_code"],
    ]
    assert past[0]["result"] is None


async def test_a_repeat_gets_the_first_receipt_and_changes_nothing(
    node: Node, candidate: Person, interview: str
) -> None:
    session = await node.start(candidate, interview)
    first = await node.answer(candidate, session["id"], 0, "404")
    again = await node.answer(candidate, session["id"], 0, "200")
    assert again.status == 200
    assert again.body["duplicate"] is True
    assert again.body["receipt"] == first.body["receipt"]
    assert again.body["next_question_index"] == 1
    active = (await node.call("GET", "/api/interviews/active", candidate)).body["active_session"]
    assert [answer["answer"] for answer in active["answers"]] == ["404"]


async def test_fifty_answers_at_once_store_one(node: Node, candidate: Person, interview: str) -> None:
    session = await node.start(candidate, interview)
    replies = await asyncio.gather(*(node.answer(candidate, session["id"], 0, "404") for _ in range(50)))
    assert {reply.status for reply in replies} == {200}
    assert sum("duplicate" not in reply.body or not reply.body["duplicate"] for reply in replies) == 1
    assert len({reply.body["receipt"]["answer_id"] for reply in replies}) == 1


async def test_fifty_starts_at_once_make_one_session(node: Node, candidate: Person, interview: str) -> None:
    path = f"/api/interviews/{interview}/start"
    replies = await asyncio.gather(*(node.call("POST", path, candidate) for _ in range(50)))
    assert sorted(reply.status for reply in replies) == [201] + [409] * 49
    started = next(reply.body["id"] for reply in replies if reply.status == 201)
    refused = [reply.body for reply in replies if reply.status == 409]
    assert {body["code"] for body in refused} == {"already_in_progress"}
    assert {body["error"] for body in refused} == {"Interview already in progress"}
    assert {body["session_id"] for body in refused} == {started}
    assert {body["interview_title"] for body in refused} == {"Back end"}


@pytest.mark.parametrize(
    ("index", "code", "error"),
    [
        (1, "invalid_question_index", "Invalid question index"),
        (-1, "invalid_question_index", "Invalid question index"),
    ],
)
async def test_another_index_is_refused(
    node: Node, candidate: Person, interview: str, index: int, code: str, error: str
) -> None:
    session = await node.start(candidate, interview)
    reply = await node.answer(candidate, session["id"], index, "404")
    assert (reply.status, reply.body["code"], reply.body["error"]) == (400, code, error)
    assert reply.body["current_question_index"] == 0
    assert reply.headers["Content-Type"] == "application/problem+json"


async def test_an_answer_that_is_no_option_is_refused_and_nothing_is_lost(
    node: Node, candidate: Person, interview: str
) -> None:
    session = await node.start(candidate, interview)
    reply = await node.answer(candidate, session["id"], 0, "405")
    assert reply.status == 422
    assert reply.body["errors"][0]["path"] == "answer"
    assert (await node.answer(candidate, session["id"], 0, "404")).status == 200


async def test_drafts_are_compared_by_revision_and_come_back(
    node: Node, candidate: Person, interview: str
) -> None:
    session = await node.start(candidate, interview)
    path = f"/api/interviews/{session['id']}/draft"
    await node.answer(candidate, session["id"], 0, None)
    for revision, text, stored in [(1, "a", 1), (3, "abc", 3), (2, "ab", 3), (3, "other", 3)]:
        body = {"question_index": 1, "revision": revision, "answer": text}
        assert (await node.call("PUT", path, candidate, json=body)).body == {"revision": stored}
    active = (await node.call("GET", "/api/interviews/active", candidate)).body["active_session"]
    assert active["draft"] == {"question_index": 1, "revision": 3, "answer": "abc"}
    assert active["interview"] == {"id": interview, "title": "Back end"}


async def test_start_over_ends_the_attempt_and_begins_the_next(
    node: Node, candidate: Person, interview: str
) -> None:
    first = await node.start(candidate, interview)
    over = await node.call("POST", f"/api/interviews/{first['id']}/start-over", candidate)
    assert over.status == 201
    assert (over.body["attempt"], over.body["attempts_left"]) == (2, 0)
    late = await node.answer(candidate, first["id"], 0, "404")
    assert (late.status, late.body["code"]) == (409, "session_ended")
    none_left = await node.call("POST", f"/api/interviews/{over.body['id']}/start-over", candidate)
    assert (none_left.status, none_left.body["code"]) == (409, "no_attempts_left")
    assert (await node.call("GET", "/api/interviews/active", candidate)).body["active_session"][
        "id"
    ] == over.body["id"]


async def test_anothers_session_looks_like_none(node: Node, candidate: Person, interview: str) -> None:
    session = await node.start(candidate, interview)
    stranger = await node.person("candidate")
    theirs = await node.answer(stranger, session["id"], 0, "404")
    nobodys = await node.answer(stranger, str(uuid4()), 0, "404")
    assert theirs.status == nobodys.status == 404
    assert theirs.body == nobodys.body


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"[]", 422, "invalid_body"),
        (b'{"question_index": "0"}', 422, "invalid_body"),
        (
            b'{"question_index":0,"answer":"404","submitted_at":"2026-11-22T10:15:00.123Z","time_expired":false,"x":1}',
            422,
            "invalid_body",
        ),
        (
            b'{"question_index":0,"answer":"a\\u0000b","submitted_at":"2026-11-22T10:15:00Z","time_expired":false}',
            422,
            "invalid_body",
        ),
        (b'{"answer":"' + b"x" * 200_000 + b'"}', 413, "too_large"),
    ],
)
async def test_bad_bodies_are_refused_and_change_nothing(
    node: Node, candidate: Person, interview: str, body: bytes, status: int, code: str
) -> None:
    session = await node.start(candidate, interview)
    reply = await node.call("POST", f"/api/interviews/{session['id']}/answers", candidate, data=body)
    assert (reply.status, reply.body["code"]) == (status, code)
    active = (await node.call("GET", "/api/interviews/active", candidate)).body["active_session"]
    assert (active["revision"], active["answers"]) == (session["revision"], [])


async def test_calls_without_a_body_take_none_or_an_empty_object(
    node: Node, candidate: Person, interview: str
) -> None:
    path = f"/api/interviews/{interview}/start"
    refused = await node.call("POST", path, candidate, json={"surprise": 1})
    assert (refused.status, refused.body["code"]) == (422, "invalid_body")
    typed = {"Content-Type": "application/json"}
    assert (await node.call("POST", path, candidate, data=b"", headers=typed)).status == 201


async def test_extra_time_multiplies_every_limit(node: Node, recruiter: Person, candidate: Person) -> None:
    interview_id = await node.interview(recruiter, MCQ | {"time_limit": 7}, MCQ | {"time_limit": 60})
    await node.invite(recruiter, interview_id, candidate, extra_time_percent=25)
    session = await node.start(candidate, str(interview_id))
    assert session["time_limits"] == [9, 75]
    assert 8_000 < session["remaining_ms"] <= 9_000
    assert (await node.call("GET", "/api/interviews/available", candidate)).body[0]["total_seconds"] == 84


async def test_scheduled_pacing_waits_for_the_opening(
    node: Node, recruiter: Person, candidate: Person
) -> None:
    interview_id = await node.interview(recruiter, MCQ, SHORT, pacing="scheduled")
    await node.invite(recruiter, interview_id, candidate)
    session = await node.start(candidate, str(interview_id))
    done = await node.answer(candidate, session["id"], 0, "404")
    assert done.body["waiting"] is True
    assert done.body["question_opens_at"] == session["question_deadline"]
    assert "question_text" not in done.body["next_question"]
    early = await node.answer(candidate, session["id"], 1, "too soon")
    assert (early.status, early.body["error"]) == (400, "Invalid submission time")
    active = (await node.call("GET", "/api/interviews/active", candidate)).body["active_session"]
    assert active["waiting"] is True
    assert "question_text" not in active["questions"][1]
