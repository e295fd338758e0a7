"""The recruiter's side: every event of the room, the calls beside it and the public stream, held against the documents."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from db.pool import Pool
from realtime.app import build
from realtime.settings import Settings, read_settings
from tests.ai_server import ai_server, fails
from tests.contract.forms import forms_of
from tests.contract.test_forms import body, has, join, started
from tests.contract.watch import Tab, Watch
from tests.integration.evaluation import consuming
from tests.integration.node import CODE, MCQ, SECRET, SHORT, Node, Person

COMMON = "feed session_id interview_id candidate_name"
# As the contract lists them, besides those that all have.
EVENTS: Mapping[str, str] = {
    "session_started": "attempt",
    "session_connected": "attempt",
    "session_disconnected": "attempt",
    "question_advanced": "question_index question_deadline",
    "answer_submitted": "question_index time_taken_seconds how late",
    "answer_evaluated": "question_index score points state graded_by",
    "session_ended": "status",
    "interview_completed": "score max_score percentage recommendation",
    "signal_reported": "kind detail server_time",
    "evaluation_failed": "question_index attempts reason",
}
SUMMARY = """id candidate_name interview_id interview_title attempt status current_question_index question_count connected
paused_at remaining_ms last_activity_at final_score max_score percentage recommendation evaluation_state flags"""
RESULTS = "interlock.evaluation.results"


async def test_a_session_as_its_recruiter_sees_it(
    watch: Watch, node: Node, candidate: Person, recruiter: Person, redis_url: str
) -> None:
    created = await watch.ok("POST", "/api/recruiter/interviews", recruiter, json=written(MCQ, MCQ, SHORT))
    interview = f"/api/recruiter/interviews/{created['id']}"
    await watch.ok(
        "POST", f"{interview}/invitations", recruiter, json={"email": candidate.email, "name": "Ada"}
    )
    room, tab = await watch.open(recruiter, "/recruiter"), await watch.open(candidate, "/candidate")
    assert set(await room.next("feed_position")) == {"feed"}
    await room.next("feed_position")

    async with consuming(node.settings), ai_server() as ai:
        session = await started(watch, candidate, created["id"])
        joined = await join(tab, session["id"])
        mine = {"session_id": session["id"], "lock_token": joined["lock_token"]}
        signal = {"kind": "paste", "detail": None, "client_time": "2026-11-22T10:15:00.123Z"}
        await tab.call("report_signal", **mine, **signal)
        path = f"/api/interviews/{session['id']}/answers"
        await watch.ok("POST", path, candidate, json=body(0, "404", lock_token=joined["lock_token"]))
        await watch.ok("POST", path, candidate, json=body(1, "301", lock_token=joined["lock_token"]))
        await watch.ok("POST", path, candidate, json=body(2, "writes", lock_token=joined["lock_token"]))
        await tab.client.disconnect()
        reviewed = await room.next("answer_evaluated", state="needs_review")
        assert reviewed["score"] == 5  # half of the half that keywords are worth; no AI is configured
        seen = await feed(watch, recruiter)
        answers = (await watch.ok("GET", f"/api/recruiter/sessions/{session['id']}", recruiter))["answers"]
        judged = {"score": 12.5, "reason": "It names both"}
        await watch.ok("POST", f"/api/recruiter/answers/{answers[2]['id']}/score", recruiter, json=judged)
        completed = await room.next("interview_completed")
        assert (completed["score"], completed["max_score"]) == (22.5, 40)
        assert ai.asked == []
        await conclude(watch, room, recruiter=recruiter, session_id=session["id"])
    released = (await watch.ok("GET", "/api/interviews/history", candidate))[0]["result"]
    assert has(released, "score strengths improvements")
    seen = await feed(watch, recruiter)
    assert [
        event for event in EVENTS if event not in {name for name, _ in seen} | {"evaluation_failed"}
    ] == []
    for name, payload in seen:
        assert has(payload, f"{COMMON} {EVENTS.get(name, SUMMARY)}")
    await check_stream(watch, redis_url, session["id"])


async def conclude(watch: Watch, room: Tab, *, recruiter: Person, session_id: str) -> None:
    """Grade it again, let that count, sign it and release it."""
    one = f"/api/recruiter/sessions/{session_id}"
    begun = await watch.ok("POST", f"{one}/regrade", recruiter)
    assert set(begun) == {"grading_version"}
    waiting = await watch.call("POST", f"{one}/promote", recruiter, json=begun)
    async with asyncio.timeout(10):
        while waiting.status == 409:  # no event tells of a grading in the shadow
            assert waiting.body["code"] == "not_ready"
            await asyncio.sleep(0.1)
            waiting = await watch.call("POST", f"{one}/promote", recruiter, json=begun)
    await watch.ok("POST", f"{one}/sign", recruiter, json={"recommendation": "hire"})
    await room.next("session_changed", recommendation="hire")
    await watch.ok("POST", f"{one}/release", recruiter)


async def feed(watch: Watch, recruiter: Person) -> list[tuple[str, dict[str, Any]]]:
    """All events of the room from its beginning, as the feed replays them, each checked like an event."""
    listed = await watch.ok("GET", "/api/recruiter/sessions", recruiter)
    assert has(listed["sessions"][0], SUMMARY)
    epoch = listed["feed"]["epoch"]
    replay = await watch.ok("GET", f"/api/recruiter/feed?after_epoch={epoch}&after_offset=0", recruiter)
    assert set(replay) == {"events", "feed", "has_more"}
    for entry in replay["events"]:
        watch.forms.check_message("/recruiter", entry["event"], entry["payload"])
    offsets = [entry["payload"]["feed"]["offset"] for entry in replay["events"]]
    assert offsets == list(range(1, len(offsets) + 1))
    return [(entry["event"], entry["payload"]) for entry in replay["events"]]


async def check_stream(watch: Watch, redis_url: str, session_id: str) -> None:
    """Check what other services were told of the session."""
    types = []
    async with Redis.from_url(redis_url) as redis:
        entries: Any = await redis.xrange(RESULTS)
        for _, fields in entries:
            assert list(fields) == [b"__data__"]
            event = orjson.loads(fields[b"__data__"])
            watch.forms.check_message(RESULTS, event["type"], event)
            assert event["subject"] == event["data"]["session_id"] == session_id
            types.append(event["type"])
    assert types[0] == "interlock.session.started"
    assert set(types) == {
        "interlock.session.started",
        "interlock.answer.evaluated",
        "interlock.session.ended",
        "interlock.session.evaluated",
    }


async def test_a_grading_that_fails_is_told_in_its_form(
    watch: Watch, node: Node, candidate: Person, recruiter: Person
) -> None:
    interview_id = await node.interview(recruiter, SHORT)
    await node.invite(recruiter, interview_id, candidate)
    room = await watch.open(recruiter, "/recruiter")
    await room.next("feed_position")
    async with ai_server() as ai:
        ai.otherwise = fails(400)
        settings = read_settings(
            env_file=None,
            database_url=node.settings.required_database_url,
            redis_url=node.settings.required_redis_url,
            jwt_secret=SECRET,
            ai_max_attempts=1,
            OPENAI_API_KEY="test-key",
            OPENAI_BASE_URL=ai.url,
        )
        async with consuming(settings):
            session = await started(watch, candidate, str(interview_id))
            await watch.ok(
                "POST", f"/api/interviews/{session['id']}/answers", candidate, json=body(0, "writes")
            )
            await room.next("answer_evaluated", state="needs_review")
            failed = await room.next("evaluation_failed")
            assert has(failed, f"{COMMON} {EVENTS['evaluation_failed']}")


async def test_interviews_and_invitations_in_their_forms(
    watch: Watch, candidate: Person, recruiter: Person
) -> None:
    wanted = written(MCQ, SHORT, CODE) | {"description": "About the back end", "pacing": "scheduled"}
    created = await watch.ok("POST", "/api/recruiter/interviews", recruiter, json=wanted)
    assert has(created, "id version")
    one = f"/api/recruiter/interviews/{created['id']}"
    read = await watch.ok("GET", one, recruiter)
    assert read == {"id": created["id"], "version": created["version"], "interview": wanted}
    await watch.ok("GET", "/api/recruiter/interviews", recruiter)
    replaced = await watch.ok(
        "PUT", one, recruiter, json={"version": read["version"], "interview": read["interview"]}
    )
    stale = {"version": read["version"], "interview": wanted}
    assert replaced["version"] > read["version"]
    await watch.refused(409, "stale_version", "PUT", one, recruiter, json=stale)
    wrong = await watch.refused(422, "invalid_body", "POST", "/api/recruiter/interviews", recruiter, json={})
    assert {error["path"] for error in wrong["errors"]} == {"title", "questions"}

    person = {"email": candidate.email, "name": "Ada"}
    invited = await watch.ok("POST", f"{one}/invitations", recruiter, json=person)
    assert has(invited, "id url expires_at")
    twice = await watch.refused(409, "already_invited", "POST", f"{one}/invitations", recruiter, json=person)
    assert twice["id"] == invited["id"]
    colleague = {"email": recruiter.email, "name": "Rita"}
    await watch.refused(422, "not_a_candidate", "POST", f"{one}/invitations", recruiter, json=colleague)
    await watch.ok("GET", f"{one}/invitations", recruiter)
    await watch.ok("PATCH", f"{one}/invitations/{invited['id']}", recruiter, json={"max_attempts": 2})
    renewed = await watch.ok("POST", f"{one}/invitations/{invited['id']}/link", recruiter)
    token = renewed["url"].rpartition("#")[2]
    signed_in = await watch.ok("POST", "/api/sign-in/link", json={"token": token.rpartition("=")[2]})
    assert set(signed_in) == {"token", "user"}
    assert set(signed_in["user"]) == {"id", "name", "email", "role"}
    await watch.refused(401, "link_not_valid", "POST", "/api/sign-in/link", json={"token": "rubbish"})
    assert (await watch.call("DELETE", f"{one}/invitations/{invited['id']}", recruiter)).status == 204
    await watch.refused(404, "not_found", "GET", f"/api/recruiter/interviews/{uuid4()}", recruiter)


async def test_sessions_and_the_export_in_their_forms(
    watch: Watch, node: Node, candidate: Person, recruiter: Person
) -> None:
    interview_id = await node.interview(recruiter, MCQ)
    await node.invite(recruiter, interview_id, candidate)
    session = await started(watch, candidate, str(interview_id))
    one = f"/api/recruiter/sessions/{session['id']}"
    listed = await watch.ok(
        "GET", "/api/recruiter/sessions?sort=-percentage&limit=1&status=in_progress", recruiter
    )
    assert has(listed, "sessions next_cursor feed")
    detail = await watch.ok("GET", one, recruiter)
    assert has(detail, f"{SUMMARY} answers timeline audit ai_summary")
    await watch.refused(422, "invalid_body", "GET", "/api/recruiter/sessions?limit=201", recruiter)
    await watch.refused(422, "invalid_body", "GET", "/api/recruiter/feed", recruiter)
    gone = f"/api/recruiter/feed?after_epoch={uuid4()}&after_offset=0"
    await watch.refused(410, "resync_required", "GET", gone, recruiter)
    await watch.refused(409, "not_ready", "POST", f"{one}/release", recruiter)
    exported = await watch.call("GET", "/api/recruiter/export.csv", recruiter)
    assert (exported.status, exported.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    await watch.ok("POST", f"/api/interviews/{session['id']}/answers", candidate, json=body(0, "404"))
    answer = (await watch.ok("GET", one, recruiter))["answers"][0]
    assert has(
        answer, "answer_text score points feedback evaluation_state graded_by provenance draft_history"
    )
    score = ("POST", f"/api/recruiter/answers/{answer['id']}/score", recruiter)
    out = await watch.refused(422, "invalid_score", *score, json={"score": 11, "reason": "More than all"})
    assert out["points"] == 10


async def test_signing_in_for_the_demo_in_its_form(settings: Settings, pool: Pool) -> None:
    demo = settings.model_copy(update={"demo": True})
    async with TestServer(build(demo)) as server, ClientSession() as session:
        node = Node(server=server, settings=demo, pool=pool, session=session)
        watch = Watch(node=node, forms=await forms_of(node))
        person = await node.person("candidate", name="Ada Lovelace")
        signed_in = await watch.ok("POST", "/api/demo/token", json={"email": person.email})
        assert signed_in["user"] == {
            "id": str(person.id),
            "name": "Ada Lovelace",
            "email": person.email,
            "role": "candidate",
        }
        await watch.ok("GET", "/api/demo/users")
        await watch.refused(404, "not_found", "POST", "/api/demo/token", json={"email": "nobody@demo.test"})


async def test_without_demo_mode_there_is_no_such_sign_in(watch: Watch, candidate: Person) -> None:
    await watch.refused(404, "not_found", "POST", "/api/demo/token", json={"email": candidate.email})
    await watch.refused(404, "not_found", "GET", "/api/demo/users")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_operators_calls_answer_in_their_forms(watch: Watch, path: str) -> None:
    assert (await watch.call("GET", path)).status == 200


def written(*questions: dict[str, Any]) -> dict[str, Any]:
    """An interview as a recruiter writes it."""
    return {"title": "Back end", "pacing": "self_paced", "questions": list(questions)}
