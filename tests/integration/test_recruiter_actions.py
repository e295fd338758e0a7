"""What a recruiter does to a session: each act reaches the clock, the candidate, the audit and the dashboards."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.node import CODE, MCQ, SHORT, Node, Person
from tests.integration.recruiting import Desk, joined

WHY = "The fire alarm went off"


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """Three questions, self-paced."""
    interview_id = await node.interview(recruiter)
    await node.invite(recruiter, interview_id, candidate)
    return Desk(node, recruiter, candidate, interview_id)


@pytest.fixture
async def scheduled(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """Two questions at fixed times."""
    interview_id = await node.interview(recruiter, MCQ, SHORT, pacing="scheduled")
    await node.invite(recruiter, interview_id, candidate)
    return Desk(node, recruiter, candidate, interview_id)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_extending_moves_the_deadline_and_everybody_hears_of_it(desk: Desk) -> None:
    session_id = await desk.start()
    heard = await joined(desk, session_id)
    before = await desk.active()
    summary = await desk.done(session_id, "extend", seconds=30, reason=WHY)
    after = await desk.active()
    gained = moment(after["question_deadline"]) - moment(before["question_deadline"])
    assert gained == timedelta(seconds=30)
    assert after["revision"] == before["revision"] + 1
    assert 88_000 < summary["remaining_ms"] <= 90_000

    _, changed = await heard.next("deadline_changed")
    assert (changed["reason"], changed["revision"]) == ("extended", after["revision"])
    assert changed["question_deadline"] == after["question_deadline"]
    assert (await desk.audit(session_id))[-1] == {
        "action": "extended",
        "actor": "Rita Recruiter",
        "reason": WHY,
        "detail": {"seconds": 30},
    }
    kind, payload = (await desk.told(session_id))[-1]
    assert kind == "session_changed"
    assert payload == summary


async def test_extending_a_scheduled_session_moves_the_later_opening(scheduled: Desk) -> None:
    session_id = await scheduled.start()
    before = await scheduled.row(session_id)
    await scheduled.done(session_id, "extend", seconds=45, reason=WHY)
    await scheduled.node.answer(scheduled.candidate, session_id, 0, "404")
    after = await scheduled.row(session_id)
    assert after["question_started_at"] == before["question_deadline"] + timedelta(seconds=45)


async def test_extending_a_paused_session_keeps_it_paused_with_more_time(desk: Desk) -> None:
    session_id = await desk.start()
    paused = await desk.done(session_id, "pause", reason=WHY)
    extended = await desk.done(session_id, "extend", seconds=30, reason=WHY)
    assert extended["remaining_ms"] == paused["remaining_ms"] + 30_000
    assert extended["paused_at"] == paused["paused_at"]


async def test_no_extension_beyond_the_limits(desk: Desk) -> None:
    session_id = await desk.start()
    before = await desk.row(session_id)
    for seconds in (0, -1, 7_201, 1.5, "60", None, True):
        reply = await desk.act(session_id, "extend", seconds=seconds, reason=WHY)
        assert (reply.status, reply.body["code"]) == (422, "invalid_body"), seconds
        assert reply.body["errors"][0]["path"] == "seconds"
    assert await desk.row(session_id) == before
    for seconds in (1, 7_200):
        assert (await desk.act(session_id, "extend", seconds=seconds, reason=WHY)).status == 200


@pytest.mark.parametrize("verb", ["extend", "pause", "terminate"])
async def test_a_reason_is_needed(desk: Desk, verb: str) -> None:
    session_id = await desk.start()
    more = {"seconds": 30} if verb == "extend" else {}
    before = await desk.row(session_id)
    for reason in ("", "  \n", "x" * 501, None, 7, "a\x00b"):
        reply = await desk.act(session_id, verb, reason=reason, **more)
        assert (reply.status, reply.body["code"]) == (422, "invalid_body"), reason
    assert (await desk.act(session_id, verb, **more)).status == 422
    assert (await desk.act(session_id, verb, reason=WHY, surprise=1, **more)).status == 422
    assert await desk.row(session_id) == before
    assert (await desk.act(session_id, verb, reason="x" * 500, **more)).status == 200


async def test_a_pause_freezes_the_clock_and_a_resumption_lets_it_run_on(desk: Desk) -> None:
    session_id = await desk.start()
    heard = await joined(desk, session_id)
    paused = await desk.done(session_id, "pause", reason=WHY)
    assert paused["paused_at"] is not None
    _, told = await heard.next("session_paused")
    assert told["reason"] == WHY
    held = await desk.active()
    assert (held["question_deadline"], held["remaining_ms"]) == (None, paused["remaining_ms"])
    refused = await desk.node.answer(desk.candidate, session_id, 0, "404")
    assert (refused.status, refused.body["code"]) == (409, "locked_elsewhere")

    again = await desk.act(session_id, "pause", reason=WHY)
    assert (again.status, again.body["code"]) == (409, "session_paused")

    resumed = await desk.done(session_id, "resume")
    assert resumed["paused_at"] is None
    assert paused["remaining_ms"] - 1_000 < resumed["remaining_ms"] <= paused["remaining_ms"]
    events = [await heard.next("session_resumed", "deadline_changed") for _ in range(2)]
    assert [event for event, _ in events] == ["session_resumed", "deadline_changed"]
    assert events[1][1]["reason"] == "resumed"
    assert [entry["action"] for entry in await desk.audit(session_id)][-2:] == ["paused", "resumed"]


async def test_resuming_what_runs_changes_nothing(desk: Desk) -> None:
    session_id = await desk.start()
    before, told = await desk.row(session_id), await desk.told(session_id)
    summary = await desk.done(session_id, "resume")
    assert summary["paused_at"] is None
    assert await desk.row(session_id) == before
    assert await desk.told(session_id) == told
    refused = await desk.act(session_id, "resume", reason=WHY)
    assert refused.status == 422


async def test_a_message_reaches_the_candidate(desk: Desk) -> None:
    session_id = await desk.start()
    heard = await joined(desk, session_id)
    before = await desk.active()
    await desk.done(session_id, "message", text="You may use <b>notes</b>")
    _, told = await heard.next("message")
    assert told == {"session_id": session_id, "text": "You may use <b>notes</b>", "from": "Rita Recruiter"}
    after = await desk.active()
    assert after["revision"] == before["revision"] + 1
    assert after["question_deadline"] == before["question_deadline"]
    assert (await desk.audit(session_id))[-1]["detail"] == {"text": "You may use <b>notes</b>"}


async def test_a_message_says_something_and_not_too_much(desk: Desk) -> None:
    session_id = await desk.start()
    for text in ("", " ", "x" * 2_001, None):
        assert (await desk.act(session_id, "message", text=text)).status == 422
    assert (await desk.act(session_id, "message", text="x" * 2_000)).status == 200


async def test_terminating_keeps_the_open_draft_as_the_answer(desk: Desk) -> None:
    session_id = await desk.start()
    await desk.node.answer(desk.candidate, session_id, 0, "404")
    await desk.draft(session_id, 1, "writes get slow")
    heard = await joined(desk, session_id)
    summary = await desk.done(session_id, "terminate", reason=WHY)
    assert (summary["status"], summary["remaining_ms"], summary["current_question_index"]) == (
        "terminated",
        None,
        1,
    )
    _, told = await heard.next("session_terminated")
    assert told["reason"] == WHY

    detail = await desk.detail(session_id)
    kept = [(answer["question_index"], answer["how"], answer["answer"]) for answer in detail["answers"]]
    assert kept == [(0, "submitted", "404"), (1, "terminated", "writes get slow")]
    assert detail["ended_at"] is not None
    jobs = await desk.node.pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'answer'")
    assert jobs == 2
    kinds = [kind for kind, _ in await desk.told(session_id)]
    assert kinds[-3:] == ["answer_submitted", "session_ended", "session_changed"]
    ended = [data for kind, data in await desk.published(session_id) if kind == "session.ended"]
    assert [data["status"] for data in ended] == ["terminated"]
    assert (await desk.audit(session_id))[-1]["reason"] == WHY


async def test_terminating_a_paused_session_counts_no_paused_time(desk: Desk) -> None:
    session_id = await desk.start()
    await desk.node.pool.execute(
        "UPDATE interview_sessions SET question_started_at = question_started_at - interval '20 s'"
    )
    await desk.done(session_id, "pause", reason=WHY)
    await desk.node.pool.execute("UPDATE interview_sessions SET paused_at = paused_at - interval '10 s'")
    await desk.done(session_id, "terminate", reason=WHY)
    [answer] = (await desk.detail(session_id))["answers"]
    assert (answer["answer"], answer["how"]) == (None, "terminated")
    assert 10 <= answer["time_taken_seconds"] < 12


async def test_terminating_while_waiting_makes_no_answer_of_what_never_opened(scheduled: Desk) -> None:
    session_id = await scheduled.start()
    await scheduled.node.answer(scheduled.candidate, session_id, 0, "404")
    [answer] = (await scheduled.detail(session_id))["answers"]
    assert (await scheduled.score(answer["id"], 10)).status == 200
    summary = await scheduled.done(session_id, "terminate", reason=WHY)
    assert len((await scheduled.detail(session_id))["answers"]) == 1
    # everything that was asked is scored already: the totals come at once, without a text or a recommendation
    assert (summary["final_score"], summary["percentage"], summary["recommendation"]) == (10.0, 33.33, None)
    kinds = [kind for kind, _ in await scheduled.told(session_id)]
    assert kinds[-3:] == ["session_ended", "interview_completed", "session_changed"]
    assert await scheduled.node.pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'summary'") == 0


async def test_an_answer_against_a_termination_ends_in_one_of_two_ways(desk: Desk) -> None:
    session_id = await desk.start()
    replies = await asyncio.gather(
        *(desk.node.answer(desk.candidate, session_id, 0, "404") for _ in range(4)),
        *(desk.act(session_id, "terminate", reason=WHY) for _ in range(4)),
    )
    assert {(reply.status, reply.body.get("code")) for reply in replies} <= {
        (200, None),
        (409, "session_ended"),
    }
    assert [reply.status for reply in replies[4:]].count(200) == 1
    detail = await desk.detail(session_id)
    assert (detail["status"], detail["answers"][-1]["how"]) == ("terminated", "terminated")
    kinds = [kind for kind, _ in await desk.told(session_id)]
    assert kinds.count("session_ended") == 1
    assert kinds.count("answer_submitted") == len(detail["answers"])


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("extend", {"seconds": 30, "reason": WHY}),
        ("pause", {"reason": WHY}),
        ("resume", {}),
        ("terminate", {"reason": WHY}),
        ("message", {"text": "Hello?"}),
    ],
)
@pytest.mark.parametrize("how", ["completed", "terminated"])
async def test_nothing_of_this_once_it_has_ended(
    desk: Desk, verb: str, body: dict[str, Any], how: str
) -> None:
    if how == "completed":
        session_id = await desk.finish("404", "writes", CODE["starter_code"])
    else:
        session_id = await desk.start()
        await desk.done(session_id, "terminate", reason=WHY)
    before, told = await desk.row(session_id), await desk.told(session_id)
    reply = await desk.act(session_id, verb, **body)
    assert (reply.status, reply.body["code"], reply.body["error"]) == (
        409,
        "session_ended",
        "Interview has ended",
    )
    assert await desk.row(session_id) == before
    assert await desk.told(session_id) == told


@pytest.mark.parametrize(
    ("verb", "body", "action"),
    [
        ("extend", {"seconds": 30, "reason": WHY}, "extended"),
        ("pause", {"reason": WHY}, "paused"),
        ("terminate", {"reason": WHY}, "terminated"),
    ],
)
async def test_an_outage_is_credited_before_a_recruiter_acts(
    desk: Desk, verb: str, body: dict[str, Any], action: str
) -> None:
    session_id = await desk.start()
    await desk.node.pool.execute("UPDATE liveness SET last_alive = last_alive - interval '30 s'")
    await desk.done(session_id, verb, **body)
    assert [entry["action"] for entry in await desk.audit(session_id)] == ["started", "outage", action]
