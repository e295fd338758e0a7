"""The seam that ticks go through, and the bounds of every connection."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import orjson
import pytest
from prometheus_client import REGISTRY

from realtime.contracts.base import millis
from realtime.contracts.events import Tick
from realtime.domain.timing import Pacing, Progress, Status, remaining
from realtime.sockets import admission, bounds, wire
from realtime.sockets.ticks import tail, ticking
from tests.integration.node import MCQ, Node, Person

SOCKET = "/socket.io/?EIO=4&transport=websocket"


@pytest.fixture
async def session(node: Node, recruiter: Person, candidate: Person) -> dict[str, Any]:
    """A started session of one question."""
    interview_id = await node.interview(recruiter, MCQ)
    await node.invite(recruiter, interview_id, candidate)
    return await node.start(candidate, str(interview_id))


async def joined(node: Node, candidate: Person, session_id: str) -> aiohttp.ClientWebSocketResponse:
    """A raw connection that holds the session."""
    raw = await node.session.ws_connect(node.url + SOCKET, timeout=aiohttp.ClientWSTimeout(ws_close=0.1))
    assert (await raw.receive_str()).startswith("0")
    await raw.send_str("40/candidate," + orjson.dumps({"token": candidate.token}).decode())
    assert (await raw.receive_str()).startswith("40/candidate,")
    await raw.send_str("42/candidate,1" + orjson.dumps(["join_session", {"session_id": session_id}]).decode())
    assert '"ok":true' in await raw.receive_str()
    return raw


async def watching(node: Node, recruiter: Person) -> aiohttp.ClientWebSocketResponse:
    """A raw connection that has heard where its feed stands."""
    raw = await node.session.ws_connect(node.url + SOCKET)
    await raw.receive_str()
    await raw.send_str("40/recruiter," + orjson.dumps({"token": recruiter.token}).decode())
    while "feed_position" not in await raw.receive_str():
        pass
    return raw


NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
RUNNING = Progress(
    status=Status.IN_PROGRESS,
    pacing=Pacing.SCHEDULED,
    limits=(60,),
    index=3,
    opens_at=NOW,
    deadline=NOW + timedelta(seconds=60),
    revision=17,
)


@pytest.mark.parametrize(
    ("after_ms", "left_ms"),
    [(-1, 1), (-30_000, 30_000), (0, 60_000), (1, 59_999), (59_999, 1), (60_000, 0), (61_500, 0)],
)
def test_a_tick_written_by_hand_is_what_the_contract_says(after_ms: int, left_ms: int) -> None:
    session_id, now_ms = uuid4(), millis(NOW) + after_ms
    ticks = ticking(session_id, RUNNING)
    assert ticks is not None
    frame = ticks.frame(now_ms, tail(now_ms))
    packet = frame[4:]
    assert frame == wire.text_frame(packet)
    assert packet.startswith(b"42/candidate,")
    name, payload = orjson.loads(packet.removeprefix(b"42/candidate,"))
    assert name == "tick"
    expected = Tick(
        session_id=session_id, revision=17, question_index=3, remaining_ms=left_ms, server_time_ms=now_ms
    )
    assert payload == expected.model_dump(mode="json")
    left = remaining(RUNNING, NOW + timedelta(milliseconds=after_ms))
    assert left == timedelta(milliseconds=left_ms), "the rules say otherwise"


def test_what_is_paused_or_over_does_not_tick() -> None:
    paused = replace(RUNNING, paused_at=NOW, paused_remaining=timedelta(seconds=9), deadline=None)
    over = replace(RUNNING, status=Status.COMPLETED, opens_at=None, deadline=None)
    assert ticking(uuid4(), paused) is None
    assert ticking(uuid4(), over) is None


@pytest.mark.parametrize("length", [1, 125, 126, 127, 500, 65_535])
async def test_a_frame_of_any_length_is_one_text_message(length: int) -> None:
    text = b"x" * length
    frame = wire.text_frame(text)
    assert frame[0] == 0x81
    if length < 126:
        assert frame[1] == length
        assert frame[2:] == text
    else:
        assert frame[1] == 126
        assert int.from_bytes(frame[2:4], "big") == length
        assert frame[4:] == text


async def test_ticks_never_overtake_what_was_queued_before_them(
    node: Node, candidate: Person, session: dict[str, Any]
) -> None:
    raw = await joined(node, candidate, session["id"])
    server = node.engine
    (connection,) = server.wires.values()
    tick = wire.text_frame(b'42/candidate,["tick",{}]')
    expected, sent = [], 0
    for number in range(2_000):
        await connection.socket.send(packet(f'2/candidate,["queued",{number}]'))
        expected.append(f'42/candidate,["queued",{number}]')
        if connection.tick(tick):
            expected.append('42/candidate,["tick",{}]')
            sent += 1
        if number % 7 == 0:
            await asyncio.sleep(0)
    got: list[str] = []
    async with asyncio.timeout(20):
        while len(got) < len(expected):
            message = await raw.receive_str()
            if '"queued"' in message or message == '42/candidate,["tick",{}]':
                got.append(message)
    assert got == expected
    await raw.close()


async def test_a_reader_that_never_reads_gets_no_ticks_queued_and_is_cut(
    node: Node, candidate: Person, session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = await joined(node, candidate, session["id"])
    (connection,) = node.engine.wires.values()
    reader = raw._conn  # the test's own client stops reading from its socket
    assert reader is not None
    assert reader.transport is not None
    reader.transport.pause_reading()
    tick = wire.text_frame(b'42/candidate,["tick",{}]')
    sent = refused = 0
    while refused < 50:  # until the kernel has swallowed all that it takes
        while connection.tick(tick):
            sent, refused = sent + 1, 0
            assert sent < 500_000
        refused += 1
        await asyncio.sleep(0.002)
    assert connection.transport.get_write_buffer_size() <= len(tick)
    monkeypatch.setattr(wire, "UNDRAINED_SECONDS", 0.2)
    async with asyncio.timeout(15):  # connections are looked at every other second
        while node.engine.wires:  # the kernel finds room now and then, so ticks go on
            connection.tick(tick)
            await asyncio.sleep(0.001)


async def test_a_burst_of_events_waits_for_no_acknowledgement(node: Node, recruiter: Person) -> None:
    raw = await watching(node, recruiter)
    (connection,) = node.engine.wires.values()
    event = wire.text_frame(b'42/recruiter,["burst",{}]'.ljust(400))
    connection.transport.write(event * 300)
    await asyncio.sleep(0)  # uvloop writes at the end of its turn
    assert connection.transport.get_write_buffer_size() == 0, "the kernel did not take it all at once"
    await raw.close()


async def test_who_reads_a_crowds_events_is_not_taken_for_one_who_does_not(
    node: Node, recruiter: Person
) -> None:
    raw = await watching(node, recruiter)
    (connection,) = node.engine.wires.values()
    now = time.monotonic()
    connection.next_ping = now + wire.PING_SECONDS
    asked = 0
    for look in range(12):  # the last after 22 s; something is unsent whenever the node looks
        await connection.socket.send(packet(f'2/recruiter,["event",{look}]'))
        node.engine.look_after(now + 2 * look)
        while (heard := await raw.receive_str()) != f'42/recruiter,["event",{look}]':
            asked += heard == "2"
    assert connection.next_ping > now + wire.PING_SECONDS, "no ping went out"
    assert asked == 1
    assert list(node.engine.wires.values()) == [connection]
    await raw.close()


async def test_a_socket_that_never_connects_is_cut(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CONNECT_SECONDS", 0.2)
    raw = await node.session.ws_connect(node.url + SOCKET)
    await raw.receive_str()
    async with asyncio.timeout(15):
        while not raw.closed:
            await raw.receive()
        while node.engine.wires:
            await asyncio.sleep(0.01)


async def test_who_says_nothing_for_too_long_is_cut_at_once_and_named(
    node: Node, candidate: Person, session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = await joined(node, candidate, session["id"])
    before = cuts("silent")
    monkeypatch.setattr(wire, "PONG_SECONDS", 0.5 - wire.PING_SECONDS)
    async with asyncio.timeout(8):
        while node.engine.wires:  # aiohttp would wait another 10 s for an answer to its close
            await asyncio.sleep(0.01)
    assert cuts("silent") == before + 1
    await raw.close()


async def test_who_goes_while_being_let_in_leaves_nothing_behind(node: Node) -> None:
    host, port = node.server.host, node.server.port
    upgrade = (
        f"GET {SOCKET} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    for _ in range(50):
        _, writer = await asyncio.open_connection(host, port)
        writer.write(upgrade.encode())
        await writer.drain()
        writer.transport.abort()
    raw = await node.session.ws_connect(node.url + SOCKET)  # behind all of them
    await raw.receive_str()
    await raw.close()
    async with asyncio.timeout(10):
        while node.engine.sockets or node.engine.wires:
            await asyncio.sleep(0.01)


def cuts(reason: str) -> float:
    """How many connections this process has cut for that reason."""
    return REGISTRY.get_sample_value("interlock_connections_cut_total", {"reason": reason}) or 0.0


async def ended(node: Node, raw: aiohttp.ClientWebSocketResponse) -> None:
    """Wait until a connection is gone on both sides."""
    async with asyncio.timeout(10):
        while not raw.closed:
            await raw.receive()
        while node.engine.wires:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("flood", ["known", "unknown", "pings", "engine pings"])
async def test_who_floods_is_cut_and_named(
    node: Node, candidate: Person, session: dict[str, Any], flood: str
) -> None:
    raw = await joined(node, candidate, session["id"])
    before, sent = cuts("floods"), 0
    with suppress(ConnectionError):  # the cut itself
        while node.engine.wires and sent < 100_000:
            sent += 1
            match flood:
                case "known":
                    await raw.send_str('42/candidate,["sync_clock",{"client_time_ms":1}]')
                case "unknown":
                    await raw.send_str('42/candidate,["no_such_event",{}]')
                case "pings":
                    await raw.ping(b"x")
                case _:
                    await raw.send_str("2")
            if sent % 50 == 0:
                await asyncio.sleep(0)
    await ended(node, raw)
    assert cuts("floods") == before + 1
    assert sent >= bounds.PACKETS_BURST


async def test_a_burst_of_events_is_answered_event_by_event(
    node: Node, candidate: Person, session: dict[str, Any]
) -> None:
    raw = await joined(node, candidate, session["id"])
    for number in range(900):
        await raw.send_str(f'42/candidate,{number}["sync_clock",{{"client_time_ms":{number}}}]')
    answered = 0
    async with asyncio.timeout(20):
        while answered < 900:
            answered += (await raw.receive_str()).startswith("43/candidate,")
    await raw.close()


async def test_who_finds_the_door_crowded_is_told_when_to_come_again(
    node: Node, candidate: Person, session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "SETTLING_LIMIT", 1)
    monkeypatch.setattr(admission, "WAITING_LIMIT", 0)
    monkeypatch.setattr(admission, "SETTLE_SECONDS", 60)
    first = await node.session.ws_connect(node.url + SOCKET)
    await first.receive_str()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await node.session.ws_connect(node.url + SOCKET)
    assert refused.value.status == 503
    assert refused.value.headers is not None
    low, high = admission.RETRY_SECONDS
    assert low <= int(refused.value.headers["Retry-After"]) <= high
    await first.close()
    await ended(node, first)
    raw = await joined(node, candidate, session["id"])  # its place is free, and free again once it has joined
    second = await node.session.ws_connect(node.url + SOCKET)
    assert (await second.receive_str()).startswith("0")
    await second.close()
    await raw.close()


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "x",
        "9",
        "4",
        "4x",
        "42",
        "42/candidate",
        "42/candidate,[",
        '42/candidate,{"a":1}',
        "42/candidate,[]",
        "42/candidate,[1,2]",
        '42/candidate,7["join_session"]',
        '42/nowhere,1["join_session",{}]',
        "40/nowhere,",
        "40/recruiter,",
        '451-/candidate,["join_session",{"_placeholder":true,"num":0}]',
        "41/candidate,",
        "43/candidate,99[]",
        "4" + "[" * 50_000,
        '42/candidate,["join_session",' + "[" * 5_000 + "]" * 5_000 + "]",
        b"\x00\x01binary",
    ],
)
async def test_a_bad_frame_harms_nobody(
    node: Node,
    candidate: Person,
    session: dict[str, Any],
    frame: str | bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = await joined(node, candidate, session["id"])
    bad = await node.session.ws_connect(node.url + SOCKET)
    await bad.receive_str()
    await bad.send_str("40/candidate," + orjson.dumps({"token": candidate.token}).decode())
    await bad.receive_str()
    if isinstance(frame, bytes):
        await bad.send_bytes(frame)
    else:
        await bad.send_str(frame)
    await bad.close()
    async with asyncio.timeout(5):
        while '"tick"' not in await good.receive_str():
            pass
        while len(node.engine.wires) > 1:
            await asyncio.sleep(0.01)
    assert "never retrieved" not in caplog.text
    await good.close()


def packet(data: str) -> Any:
    """An Engine.IO message."""
    from engineio import packet as engine_packet

    return engine_packet.Packet(engine_packet.MESSAGE, data=data)


async def test_what_is_written_in_one_go_arrives_packet_by_packet_in_order(
    node: Node, recruiter: Person, session: dict[str, Any]
) -> None:
    """A crowd's events, the last of them longer than what goes together."""
    raw = await node.session.ws_connect(node.url + SOCKET)
    assert (await raw.receive_str()).startswith("0")
    await raw.send_str("40/recruiter," + orjson.dumps({"token": recruiter.token}).decode())
    assert (await raw.receive_str()).startswith("40/recruiter,")
    await node.pool.execute(
        "INSERT INTO feed_events (recruiter_id, session_id, kind, payload)"
        " SELECT recruiter_id, id, 'session_connected',"
        " jsonb_build_object('attempt', n, 'text', repeat('ä', CASE WHEN n = 60 THEN $2 ELSE n END))"
        " FROM interview_sessions, generate_series(1, 60) AS n WHERE id = $1",
        UUID(session["id"]),
        wire.TOGETHER_CHARACTERS + 1,
    )
    attempts: list[int] = []
    async with asyncio.timeout(20):
        while len(attempts) < 60:
            event, payload = orjson.loads((await raw.receive_str()).removeprefix("42/recruiter,"))
            if event == "session_connected":
                attempts.append(payload["attempt"])
    assert attempts == list(range(1, 61))
    await raw.close()
