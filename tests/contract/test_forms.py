"""Whole sessions over HTTP and Socket.IO, every message held against the documents, and the contract's own lists of fields."""

from typing import Any
from uuid import uuid4

import pytest

from tests.contract.forms import TIME
from tests.contract.watch import Tab, Watch
from tests.integration.node import CODE, MCQ, SHORT, Node, Person

# As the contract lists them; more may be there, as long as the documents know it.
SESSION = """id interview_id attempt attempts_left status pacing started_at current_question_index question_started_at
question_deadline remaining_ms waiting question_opens_at paused_at questions time_limits server_time revision"""
CLOSED_QUESTION = "id index type time_limit points"
ANSWER = "id question_id question_index answer how late submitted_at receipt"
RECEIPT = "answer_id sha256 server_time"
SUBMITTED = (
    "success next_question_index next_question time_limit question_deadline server_time revision receipt"
)
SUBMITTED_LAST = "success completed message revision receipt"
PROBLEM = "type title status detail code error"
TICK = "session_id question_index remaining_ms server_time_ms revision"
QUESTION_OPENED = (
    "session_id question_index question time_limit question_deadline remaining_ms server_time_ms revision"
)
DEADLINE_CHANGED = "session_id question_index question_deadline remaining_ms reason revision"


def has(body: dict[str, Any], fields: str) -> bool:
    """Whether all these fields are there."""
    missing = set(fields.split()) - body.keys()
    assert not missing, f"{missing} missing in {body}"
    return True


@pytest.fixture
async def interview(node: Node, recruiter: Person, candidate: Person) -> str:
    """One question of each type, and an invitation."""
    interview_id = await node.interview(recruiter, MCQ, SHORT, CODE)
    await node.invite(recruiter, interview_id, candidate, max_attempts=3)
    return str(interview_id)


def body(index: int, answer: str | None, **fields: Any) -> dict[str, Any]:
    """The body of a submission."""
    return {
        "question_index": index,
        "answer": answer,
        "submitted_at": "2026-11-22T10:15:00.123Z",
        "time_expired": False,
    } | fields


async def started(watch: Watch, who: Person, interview: str) -> dict[str, Any]:
    """A session that has just begun."""
    session: dict[str, Any] = await watch.ok("POST", f"/api/interviews/{interview}/start", who)
    return session


async def test_a_session_over_http(watch: Watch, candidate: Person, interview: str) -> None:
    listed = await watch.ok("GET", "/api/interviews/available", candidate)
    assert has(listed[0], "interview_id title description question_count total_seconds attempts_left")
    assert await watch.ok("GET", "/api/interviews/active", candidate) == {"active_session": None}

    session = await started(watch, candidate, interview)
    assert has(session, SESSION + " token")
    assert TIME.fullmatch(session["started_at"])
    assert set(session["questions"][0]) == set(CLOSED_QUESTION.split()) | {"question_text", "options"}
    assert set(session["questions"][1]) == set(CLOSED_QUESTION.split())

    path = f"/api/interviews/{session['id']}"
    first = await watch.ok("POST", f"{path}/answers", candidate, json=body(0, "404"))
    assert has(first, SUBMITTED)
    assert has(first["receipt"], RECEIPT)
    assert set(first["next_question"]) == set(CLOSED_QUESTION.split()) | {"question_text"}
    draft = {"question_index": 1, "revision": 1, "answer": "wri"}
    assert await watch.ok("PUT", f"{path}/draft", candidate, json=draft) == {"revision": 1}
    active = (await watch.ok("GET", "/api/interviews/active", candidate))["active_session"]
    assert has(active, SESSION + " answers draft interview")
    assert active["draft"] == draft
    assert set(active["answers"][0]) == set(ANSWER.split())
    assert set(active["interview"]) == {"id", "title"}

    second = await watch.ok("POST", f"{path}/answers", candidate, json=body(1, "writes"))
    assert set(second["next_question"]) == set(CLOSED_QUESTION.split()) | {
        "question_text",
        "language",
        "starter_code",
    }
    last = await watch.ok("POST", f"{path}/answers", candidate, json=body(2, None))
    assert has(last, SUBMITTED_LAST)
    assert last["message"] == "Interview completed! Results will be available soon."
    again = await watch.ok("POST", f"{path}/answers", candidate, json=body(0, "200"))
    assert (again["duplicate"], again["completed"], again["receipt"]) == (True, True, first["receipt"])
    history = await watch.ok("GET", "/api/interviews/history", candidate)
    assert set(history[0]["answers"][0]) == set(ANSWER.split())
    assert history[0]["result"] is None


async def test_refusals_over_http(watch: Watch, candidate: Person, recruiter: Person, interview: str) -> None:
    start = f"/api/interviews/{interview}/start"
    session = await started(watch, candidate, interview)
    path = f"/api/interviews/{session['id']}"
    answers = ("POST", f"{path}/answers", candidate)
    running = await watch.refused(409, "already_in_progress", "POST", start, candidate)
    assert running["session_id"] == session["id"]
    assert running["interview_title"] == "Back end"
    assert set(running) >= set(PROBLEM.split())

    await watch.refused(400, "malformed_json", *answers, data=b"{")
    wrong = await watch.refused(422, "invalid_body", *answers, json=body(0, "404", surprise=1))
    assert set(wrong["errors"][0]) == {"path", "message"}
    await watch.refused(422, "invalid_body", *answers, json=body(0, "no option"))
    await watch.refused(413, "too_large", *answers, data=b'{"answer":"' + b"x" * 200_000 + b'"}')
    far = await watch.refused(400, "invalid_question_index", *answers, json=body(2, None))
    assert far["current_question_index"] == 0
    old = await watch.refused(
        409, "locked_elsewhere", "PUT", f"{path}/draft", candidate,
        json={"question_index": 0, "revision": 1, "answer": "x", "lock_token": "old"},
    )  # fmt: skip
    assert old["current_question_index"] == 0
    await watch.refused(401, "unauthenticated", "GET", "/api/interviews/active")
    await watch.refused(403, "wrong_role", "GET", "/api/interviews/active", recruiter)
    await watch.refused(422, "invalid_body", "GET", "/api/interviews/active?surprise=1", candidate)
    await watch.refused(404, "not_found", "POST", f"/api/interviews/{uuid4()}/start", candidate)
    await watch.refused(404, "not_found", "POST", "/api/interviews/no-uuid/start", candidate)

    over = await watch.ok("POST", f"{path}/start-over", candidate, json={})
    assert has(over, SESSION + " token")
    ended = await watch.refused(409, "session_ended", *answers, json=body(0, "404"))
    assert ended["error"] == "Interview has ended"


async def test_pauses_closes_and_early_answers_are_refused_in_their_forms(
    watch: Watch, node: Node, candidate: Person, recruiter: Person
) -> None:
    interview_id = await node.interview(recruiter, MCQ, SHORT, SHORT, pacing="scheduled")
    await node.invite(recruiter, interview_id, candidate)
    session = await started(watch, candidate, str(interview_id))
    path, steer = f"/api/interviews/{session['id']}", f"/api/recruiter/sessions/{session['id']}"
    waiting = await watch.ok("POST", f"{path}/answers", candidate, json=body(0, "404"))
    assert waiting["waiting"] is True
    assert TIME.fullmatch(waiting["question_opens_at"])
    assert set(waiting["next_question"]) == set(CLOSED_QUESTION.split())
    await watch.refused(
        400, "invalid_submission_time", "POST", f"{path}/answers", candidate, json=body(1, "x")
    )
    await watch.ok("POST", f"{steer}/pause", recruiter, json={"reason": "A fire alarm"})
    held = (await watch.ok("GET", "/api/interviews/active", candidate))["active_session"]
    assert held["question_deadline"] is None
    assert TIME.fullmatch(held["paused_at"])
    await watch.refused(409, "session_paused", "POST", f"{path}/answers", candidate, json=body(1, "x"))
    await watch.refused(
        409, "session_paused", "POST", f"{steer}/pause", recruiter, json={"reason": "Once more"}
    )
    await watch.ok("POST", f"{steer}/resume", recruiter)
    await let_time_pass(node, session["id"], seconds=200)
    late = await watch.refused(
        400, "time_limit_exceeded", "POST", f"{path}/answers", candidate, json=body(1, "x")
    )
    assert late["error"] == "Time limit exceeded"


async def join(tab: Tab, session_id: str, **more: Any) -> dict[str, Any]:
    """Hold a session with a connection."""
    ack = await tab.call("join_session", session_id=session_id, **more)
    assert ack["ok"], ack
    return ack


async def let_time_pass(node: Node, session_id: str, *, seconds: float) -> None:
    """Move the current question into the past: the test's way to wait."""
    async with node.pool.acquire() as conn:
        await conn.execute(
            "UPDATE interview_sessions SET question_started_at = question_started_at - make_interval(secs => $2),"
            " question_deadline = question_deadline - make_interval(secs => $2) WHERE id = $1",
            session_id,
            seconds,
        )


async def test_a_session_over_a_socket(watch: Watch, node: Node, candidate: Person, interview: str) -> None:
    session = await started(watch, candidate, interview)
    tab = await watch.open(candidate, "/candidate")
    joined = await join(tab, session["id"])
    assert has(joined, "ok lock_token resume_token token session")
    assert has(joined["session"], SESSION + " draft answers interview")
    mine = {"session_id": session["id"], "lock_token": joined["lock_token"]}
    tick = await tab.next("tick")
    assert set(tick) == set(TICK.split())
    assert isinstance(tick["server_time_ms"], int)
    clock = await tab.call("sync_clock", client_time_ms=1795000000000)
    assert has(clock, "ok client_time_ms server_time_ms")
    signal = {"kind": "paste", "detail": {"characters": 12}, "client_time": "2026-11-22T10:15:00.123Z"}
    assert await tab.call("report_signal", **mine, **signal) == {"ok": True}

    submitted = await tab.call("submit_answer", **mine, question_index=0, answer="404", time_expired=False)
    assert has(submitted, "ok " + SUBMITTED)
    opened = await tab.next("question_opened", question_index=1)
    assert has(opened, QUESTION_OPENED)
    assert opened["revision"] == submitted["revision"]
    draft = {"question_index": 1, "revision": 3, "answer": "writes"}
    assert await tab.call("save_draft", **mine, **draft) == {"ok": True, "revision": 3}
    await let_time_pass(node, session["id"], seconds=200)
    expired = await tab.next("question_expired")
    assert set(expired) == {"session_id", "question_index", "submitted", "revision"}
    assert (expired["question_index"], expired["submitted"]) == (1, "draft")
    await tab.next("question_opened", question_index=2)
    last = await tab.call("submit_answer", **mine, question_index=2, answer=None, time_expired=True)
    assert has(last, "ok " + SUBMITTED_LAST)
    completed = await tab.next("session_completed")
    assert set(completed) == {"session_id", "revision"}


async def test_refusals_on_a_socket(watch: Watch, candidate: Person, interview: str) -> None:
    session = await started(watch, candidate, interview)
    tab, other = await watch.open(candidate, "/candidate"), await watch.open(candidate, "/candidate")
    joined = await join(tab, session["id"])
    mine = {"session_id": session["id"], "lock_token": joined["lock_token"]}
    answer = {"question_index": 0, "answer": "404", "time_expired": False}
    held = await other.call("join_session", session_id=session["id"])
    assert (held["code"], held["can_take_over"]) == ("locked_elsewhere", True)
    for code, event, payload in [
        ("invalid_body", "submit_answer", {"surprise": 1}),
        ("invalid_question_index", "submit_answer", mine | answer | {"question_index": 2}),
        ("locked_elsewhere", "submit_answer", mine | answer | {"lock_token": "old"}),
        ("locked_elsewhere", "save_draft", mine | {"lock_token": "old", "question_index": 0, "revision": 1, "answer": ""}),
        ("not_found", "join_session", {"session_id": str(uuid4())}),
        ("invalid_body", "sync_clock", {"client_time_ms": "now"}),
        ("invalid_body", "report_signal", mine | {"kind": "sneezed", "client_time": "2026-11-22T10:15:00.123Z"}),
    ]:  # fmt: skip
        refused = await tab.call(event, **payload)
        assert (refused["ok"], refused["code"]) == (False, code)
        assert isinstance(refused["message"], str)

    await join(other, session["id"], takeover=True)
    superseded = await tab.next("session_superseded")
    assert superseded == {"session_id": session["id"], "reason": "taken_over"}
    await tab.gone.wait()


async def test_what_a_recruiter_does_reaches_the_candidate_in_its_form(
    watch: Watch, candidate: Person, recruiter: Person, interview: str
) -> None:
    session = await started(watch, candidate, interview)
    steer = f"/api/recruiter/sessions/{session['id']}"
    tab, room = await watch.open(candidate, "/candidate"), await watch.open(recruiter, "/recruiter")
    await room.next("feed_position")
    await join(tab, session["id"])
    connected = await room.next("session_connected")
    assert has(connected, "feed session_id interview_id candidate_name attempt")

    await watch.ok("POST", f"{steer}/extend", recruiter, json={"seconds": 60, "reason": "A slow machine"})
    extended = await tab.next("deadline_changed")
    assert set(extended) == set(DEADLINE_CHANGED.split())
    assert extended["reason"] == "extended"
    await watch.ok("POST", f"{steer}/pause", recruiter, json={"reason": "A fire alarm"})
    paused = await tab.next("session_paused")
    assert set(paused) == {"session_id", "revision", "reason"}
    assert paused["reason"] == "A fire alarm"
    await watch.ok("POST", f"{steer}/resume", recruiter)
    await tab.next("session_resumed")
    assert (await tab.next("deadline_changed"))["reason"] == "resumed"
    await watch.ok("POST", f"{steer}/message", recruiter, json={"text": "Take your time"})
    told = await tab.next("message")
    assert told == {"session_id": session["id"], "text": "Take your time", "from": "Rita Recruiter"}
    changed = await room.next("session_changed")
    summary = (await watch.ok("GET", "/api/recruiter/sessions", recruiter))["sessions"][0]
    assert changed.keys() == summary.keys() | {"feed", "session_id"}
    await watch.ok("POST", f"{steer}/terminate", recruiter, json={"reason": "Enough"})
    terminated = await tab.next("session_terminated")
    assert set(terminated) == {"session_id", "revision", "reason"}
    assert (await room.next("session_ended"))["status"] == "terminated"
    await watch.refused(409, "session_ended", "POST", f"{steer}/extend", recruiter, json={"seconds": 60, "reason": "x"})  # fmt: skip
