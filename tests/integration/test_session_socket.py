"""Join, answer, draft, take over on Socket.IO, with a real client."""

import asyncio
from typing import Any

import pytest
import socketio

from tests.integration.node import MCQ, Node, Person


@pytest.fixture
async def session(node: Node, recruiter: Person, candidate: Person) -> dict[str, Any]:
    """A started session of three questions."""
    interview_id = await node.interview(recruiter)
    await node.invite(recruiter, interview_id, candidate, max_attempts=3)
    return await node.start(candidate, str(interview_id))


class Heard:
    """What a client was told, event by event, in order."""

    def __init__(self, socket: socketio.AsyncClient, namespace: str) -> None:
        self._queue: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._kept: list[tuple[str, Any]] = []
        socket.on("*", self._keep, namespace=namespace)
        self.disconnected = asyncio.Event()
        socket.on("disconnect", self._gone, namespace=namespace)

    async def _keep(self, event: str, payload: Any) -> None:
        self._queue.put_nowait((event, payload))

    async def _gone(self, *_: Any) -> None:
        self.disconnected.set()

    async def next(self, event: str, *, seconds: float = 5) -> Any:
        """The next event of that name; others before it are passed over."""
        async with asyncio.timeout(seconds):
            while True:
                name, payload = await self._queue.get()
                if name == event:
                    return payload


async def connect(node: Node, who: Person) -> tuple[socketio.AsyncClient, Heard]:
    socket = await node.connect(who, "/candidate")
    return socket, Heard(socket, "/candidate")


async def call(socket: socketio.AsyncClient, event: str, data: Any) -> Any:
    return await socket.call(event, data, namespace="/candidate", timeout=5)


async def test_join_ticks_and_answer(node: Node, candidate: Person, session: dict[str, Any]) -> None:
    socket, heard = await connect(node, candidate)
    joined = await call(socket, "join_session", {"session_id": session["id"]})
    assert joined["ok"] is True
    assert joined["session"]["interview"]["title"] == "Back end"
    assert joined["session"]["draft"] is None
    first = await heard.next("tick")
    second = await heard.next("tick")
    assert first["question_index"] == 0
    assert 500 < first["remaining_ms"] - second["remaining_ms"] < 1_500
    assert first["revision"] == session["revision"]

    saved = await call(
        socket,
        "save_draft",
        {
            "session_id": session["id"],
            "lock_token": joined["lock_token"],
            "question_index": 0,
            "revision": 1,
            "answer": "200",
        },
    )
    assert saved == {"ok": True, "revision": 1}
    reply = await call(
        socket,
        "submit_answer",
        {
            "session_id": session["id"],
            "lock_token": joined["lock_token"],
            "question_index": 0,
            "answer": "404",
            "time_expired": False,
        },
    )
    assert reply["ok"] is True
    assert reply["next_question_index"] == 1
    opened = await heard.next("question_opened")
    assert opened["question"]["question_text"] == "What does an index cost?"
    assert opened["revision"] == reply["revision"]


async def test_sync_clock_tells_the_database_time(node: Node, candidate: Person) -> None:
    socket, _ = await connect(node, candidate)
    reply = await call(socket, "sync_clock", {"client_time_ms": 12})
    async with node.pool.acquire() as conn:
        now_ms = await conn.fetchval("SELECT extract(epoch FROM clock_timestamp()) * 1000")
    assert reply["client_time_ms"] == 12
    assert abs(reply["server_time_ms"] - now_ms) < 500


async def test_a_second_tab_is_refused_then_takes_over(
    node: Node, candidate: Person, session: dict[str, Any]
) -> None:
    first, first_heard = await connect(node, candidate)
    held = await call(first, "join_session", {"session_id": session["id"]})
    second, _ = await connect(node, candidate)
    refused = await call(second, "join_session", {"session_id": session["id"]})
    assert (refused["ok"], refused["code"], refused["can_take_over"]) == (False, "locked_elsewhere", True)
    assert refused["message"] == "Interview already in progress in another tab/device"

    taken = await call(second, "join_session", {"session_id": session["id"], "takeover": True})
    assert taken["ok"] is True
    told = await first_heard.next("session_superseded")
    assert told == {"session_id": session["id"], "reason": "taken_over"}
    async with asyncio.timeout(5):
        await first_heard.disconnected.wait()

    stale = await node.answer(candidate, session["id"], 0, "404", lock_token=held["lock_token"])
    assert (stale.status, stale.body["code"]) == (409, "locked_elsewhere")
    without = await node.answer(candidate, session["id"], 0, "404")
    assert (without.status, without.body["code"]) == (409, "locked_elsewhere")
    current = await node.answer(candidate, session["id"], 0, "404", lock_token=taken["lock_token"])
    assert current.status == 200

    third, _ = await connect(node, candidate)
    stale_resume = {"session_id": session["id"], "resume_token": held["resume_token"]}
    assert (await call(third, "join_session", stale_resume))["code"] == "locked_elsewhere"


async def test_the_same_tab_comes_straight_back_even_when_an_ack_was_lost(
    node: Node, candidate: Person, session: dict[str, Any]
) -> None:
    first, _ = await connect(node, candidate)
    one = await call(first, "join_session", {"session_id": session["id"]})
    again, _ = await connect(node, candidate)
    with_one = {"session_id": session["id"], "resume_token": one["resume_token"]}
    two = await call(again, "join_session", with_one)
    assert two["ok"] is True
    assert two["resume_token"] != one["resume_token"]
    third, _ = await connect(node, candidate)
    three = await call(third, "join_session", with_one)  # as if the ack that carried `two` had been lost
    assert three["ok"] is True
    draft = {"question_index": 0, "revision": 1, "answer": "404"}
    used = await call(
        third, "save_draft", {"session_id": session["id"], "lock_token": three["lock_token"]} | draft
    )
    assert used["ok"] is True
    fourth, _ = await connect(node, candidate)
    assert (await call(fourth, "join_session", with_one))["code"] == "locked_elsewhere"


async def test_a_clean_disconnect_frees_the_lock_and_its_token_still_writes(
    node: Node, candidate: Person, session: dict[str, Any]
) -> None:
    socket, _ = await connect(node, candidate)
    joined = await call(socket, "join_session", {"session_id": session["id"]})
    await socket.disconnect()
    await released(node, session["id"])
    without = await node.answer(candidate, session["id"], 0, "404")
    assert without.status == 200
    with_token = await node.answer(candidate, session["id"], 1, "space", lock_token=joined["lock_token"])
    assert with_token.status == 200


async def test_start_over_supersedes_the_old_connection(
    node: Node, candidate: Person, session: dict[str, Any]
) -> None:
    socket, heard = await connect(node, candidate)
    joined = await call(socket, "join_session", {"session_id": session["id"]})
    body = {"lock_token": joined["lock_token"]}
    over = await node.call("POST", f"/api/interviews/{session['id']}/start-over", candidate, json=body)
    assert over.status == 201
    told = await heard.next("session_superseded")
    assert told == {"session_id": session["id"], "reason": "started_over"}


async def test_the_server_closes_a_question_with_the_last_draft(
    node: Node, recruiter: Person, candidate: Person
) -> None:
    interview_id = await node.interview(recruiter, MCQ | {"time_limit": 5}, MCQ)
    await node.invite(recruiter, interview_id, candidate)
    started = await node.start(candidate, str(interview_id))
    socket, heard = await connect(node, candidate)
    joined = await call(socket, "join_session", {"session_id": started["id"]})
    draft = {"question_index": 0, "revision": 1, "answer": "301", "lock_token": joined["lock_token"]}
    assert (await call(socket, "save_draft", {"session_id": started["id"]} | draft))["ok"] is True
    await shift(node, started["id"], seconds=-6.5)
    expired = await heard.next("question_expired")
    assert (expired["question_index"], expired["submitted"]) == (0, "draft")
    opened = await heard.next("question_opened")
    assert opened["question_index"] == 1
    late = await node.answer(candidate, started["id"], 0, "404", lock_token=joined["lock_token"])
    assert (late.status, late.body["error"]) == (400, "Time limit exceeded")
    assert late.body["current_question_index"] == 1
    active = (await node.call("GET", "/api/interviews/active", candidate)).body["active_session"]
    assert [(a["answer"], a["how"], a["late"]) for a in active["answers"]] == [("301", "expired", False)]


@pytest.mark.parametrize(
    "sent",
    [None, [], "text", {"session_id": "not-a-uuid"}, {"session_id": 7, "lock_token": []}, {"surprise": True}],
)
@pytest.mark.parametrize(
    "event", ["join_session", "submit_answer", "save_draft", "report_signal", "sync_clock"]
)
async def test_bad_events_are_answered_and_the_connection_goes_on(
    node: Node, candidate: Person, event: str, sent: Any
) -> None:
    socket, _ = await connect(node, candidate)
    reply = await call(socket, event, sent)
    assert (reply["ok"], reply["code"]) == (False, "invalid_body")
    assert (await call(socket, "sync_clock", {"client_time_ms": 1}))["ok"] is True


@pytest.mark.parametrize("event", ["connect", "disconnect", "on_connect", "tick", "trigger_event"])
async def test_unknown_events_have_no_effect(
    node: Node, candidate: Person, session: dict[str, Any], event: str
) -> None:
    socket, heard = await connect(node, candidate)
    await call(socket, "join_session", {"session_id": session["id"]})
    reply = await call(socket, event, {"auth": {"token": "x"}})
    assert (reply["ok"], reply["code"]) == (False, "unknown_event")
    assert await heard.next("tick")


@pytest.mark.parametrize(("role", "code"), [("recruiter", "wrong_role"), (None, "unauthenticated")])
async def test_a_refused_connect_says_why(node: Node, recruiter: Person, role: str | None, code: str) -> None:
    token = recruiter.token if role else "rubbish"
    socket = socketio.AsyncClient(reconnection=False)
    refusals: asyncio.Queue[Any] = asyncio.Queue()
    socket.on("connect_error", refusals.put, namespace="/candidate")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await socket.connect(
            node.url,
            transports=["websocket"],
            namespaces=["/candidate"],
            auth={"token": token},
            wait_timeout=5,
        )
    refusal = await refusals.get()
    assert refusal["data"]["code"] == code
    await socket.disconnect()


async def test_polling_is_told_what_to_set(node: Node) -> None:
    reply = await node.call("GET", "/socket.io/?EIO=4&transport=polling")
    assert reply.status == 400
    assert "transports" in reply.body["detail"]
    assert "websocket" in reply.body["detail"]


async def test_a_foreign_origin_is_refused(node: Node) -> None:
    reply = await node.call("GET", "/api/interviews/available", headers={"Origin": "https://evil.test"})
    assert (reply.status, reply.body["code"]) == (403, "foreign_origin")


async def released(node: Node, session_id: str) -> None:
    """Wait until nobody holds the session."""
    async with asyncio.timeout(5), node.pool.acquire() as conn:
        while (
            await conn.fetchval("SELECT holder_node FROM interview_sessions WHERE id = $1", session_id)
            is not None
        ):
            await asyncio.sleep(0.01)


async def shift(node: Node, session_id: str, *, seconds: float) -> None:
    """Move a session's clock: the test's way to let time pass."""
    async with node.pool.acquire() as conn:
        await conn.execute(
            "UPDATE interview_sessions SET question_started_at = question_started_at + make_interval(secs => $2),"
            " question_deadline = question_deadline + make_interval(secs => $2) WHERE id = $1",
            session_id,
            seconds,
        )
