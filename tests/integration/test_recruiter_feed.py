"""The feed replayed over HTTP: the room's own events, without a gap, or 410."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from db.sql import load
from tests.integration.node import CODE, Node, Person
from tests.integration.recruiting import Desk, Heard, steps

FEED = "/api/recruiter/feed"


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """Three questions, self-paced."""
    interview_id = await node.interview(recruiter)
    await node.invite(recruiter, interview_id, candidate)
    return Desk(node, recruiter, candidate, interview_id)


async def watched(desk: Desk) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """A whole session as the recruiter's socket heard it, and the position before it."""
    before = (await desk.page())["feed"]
    socket = await desk.node.connect(desk.recruiter, "/recruiter")
    heard = Heard(socket, "/recruiter")
    await desk.finish("404", "writes", CODE["starter_code"])
    events: dict[int, tuple[str, Any]] = {}
    while "session_ended" not in {event for event, _ in events.values()}:
        event, payload = await heard.next(
            "session_started", "answer_submitted", "question_advanced", "session_ended"
        )
        events[payload["feed"]["offset"]] = (event, payload)
    return before, [events[offset] for offset in sorted(events)]


async def test_a_replay_is_what_the_room_heard(desk: Desk) -> None:
    before, heard = await watched(desk)
    reply = await desk.get(FEED, after_epoch=before["epoch"], after_offset=before["offset"])
    assert reply.status == 200
    assert [(entry["event"], entry["payload"]) for entry in reply.body["events"]] == heard
    assert heard[0][0] == "session_started"
    assert reply.body["feed"] == {"epoch": before["epoch"], "offset": before["offset"] + len(heard)}
    assert reply.body["has_more"] is False


async def test_pages_of_a_replay_join_without_a_gap(desk: Desk) -> None:
    position, heard = await watched(desk)
    replayed: list[Any] = []
    more = True
    while more:
        reply = await desk.get(FEED, after_epoch=position["epoch"], after_offset=position["offset"], limit=2)
        replayed += reply.body["events"]
        position, more = reply.body["feed"], reply.body["has_more"]
    assert [entry["payload"]["feed"]["offset"] for entry in replayed] == list(range(1, len(heard) + 1))


async def test_from_the_top_there_is_nothing(desk: Desk) -> None:
    await watched(desk)
    top = (await desk.page())["feed"]
    reply = await desk.get(FEED, after_epoch=top["epoch"], after_offset=top["offset"])
    assert reply.body == {"events": [], "feed": top, "has_more": False}


async def test_history_that_is_gone_is_never_answered_in_part(desk: Desk) -> None:
    _, heard = await watched(desk)
    top = (await desk.page())["feed"]
    pool = desk.node.pool
    await pool.execute("UPDATE feeds SET pruned_offset = 2")
    await pool.execute("DELETE FROM feed_events WHERE feed_offset <= 2")

    async def status(epoch: str, offset: int) -> tuple[int, str | None]:
        reply = await desk.get(FEED, after_epoch=epoch, after_offset=offset)
        return reply.status, reply.body.get("code")

    assert await status(top["epoch"], 1) == (410, "resync_required")
    assert await status(top["epoch"], 2) == (200, None)
    assert await status(top["epoch"], top["offset"] + 1) == (410, "resync_required")
    assert await status(str(uuid4()), 2) == (410, "resync_required")
    assert await status("of another time", 2) == (410, "resync_required")

    # pruned between the look at the position and the look at the events: a hole, and no position that tells of it
    await pool.execute("DELETE FROM feed_events WHERE feed_offset = 3")
    assert await status(top["epoch"], 2) == (410, "resync_required")
    assert await status(top["epoch"], 3) == (200, None)
    await pool.execute("DELETE FROM feed_events WHERE feed_offset = 5")
    assert await status(top["epoch"], 3) == (410, "resync_required")
    await pool.execute("DELETE FROM feed_events")
    assert await status(top["epoch"], len(heard) - 1) == (410, "resync_required")


async def test_the_position_has_to_be_said(desk: Desk) -> None:
    epoch = (await desk.page())["feed"]["epoch"]
    for wrong in (
        {},
        {"after_epoch": epoch},
        {"after_offset": 0},
        {"after_epoch": "", "after_offset": 0},
        {"after_epoch": epoch, "after_offset": -1},
        {"after_epoch": epoch, "after_offset": "first"},
        {"after_epoch": epoch, "after_offset": 2**63},
        {"after_epoch": epoch, "after_offset": 0, "limit": 0},
        {"after_epoch": epoch, "after_offset": 0, "limit": 1_001},
    ):
        reply = await desk.get(FEED, **wrong)
        assert (reply.status, reply.body["code"]) == (422, "invalid_body"), wrong


async def test_each_recruiter_has_a_feed_of_their_own(desk: Desk) -> None:
    await watched(desk)
    stranger = Desk(desk.node, await desk.node.person("recruiter"), desk.candidate, desk.interview_id)
    theirs = (await stranger.page())["feed"]
    mine = (await desk.page())["feed"]
    assert theirs["epoch"] != mine["epoch"]
    reply = await stranger.get(FEED, after_epoch=theirs["epoch"], after_offset=0)
    assert reply.body["events"] == []
    reply = await stranger.get(FEED, after_epoch=mine["epoch"], after_offset=0)
    assert reply.status == 410


async def test_the_tail_reads_no_more_than_is_new(desk: Desk) -> None:
    """Every node asks for it every second, and a feed may be millions of events long."""
    session_id, pool = await desk.start(), desk.node.pool
    await pool.execute(
        "INSERT INTO feed_events (recruiter_id, session_id, kind, payload, feed_offset)"
        " SELECT $1, $2, 'answer_submitted', '{}', number FROM generate_series(1001, 4000) AS number",
        desk.recruiter.id,
        UUID(session_id),
    )
    await pool.execute("UPDATE feeds SET last_offset = 4000 WHERE recruiter_id = $1", desk.recruiter.id)
    plan = await pool.fetch(
        "EXPLAIN (ANALYZE, FORMAT JSON) " + load("outbox")["tail"], [desk.recruiter.id], [3990], 2_000
    )
    (scan,) = [step for step in steps(plan[0][0]) if step.get("Relation Name") == "feed_events"]
    assert scan["Actual Rows"] == 10
