"""The seam that ticks go through, and the bounds of every connection."""

import asyncio
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
import pytest

from realtime.contracts.events import Tick
from realtime.domain.timing import Pacing, Progress, Status
from realtime.sockets import wire
from realtime.sockets.hub import tick_packet
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


def test_a_tick_written_by_hand_is_what_the_contract_says() -> None:
    session_id = uuid4()
    progress = Progress(
        status=Status.IN_PROGRESS,
        pacing=Pacing.SELF_PACED,
        limits=(60,),
        index=3,
        opens_at=None,
        deadline=None,
        revision=17,
    )
    packet = tick_packet(session_id, progress, now_ms=1_700_000_000_123, left_ms=45_678)
    assert packet.startswith(b"42/candidate,")
    name, payload = orjson.loads(packet.removeprefix(b"42/candidate,"))
    assert name == "tick"
    expected = Tick(
        session_id=session_id,
        revision=17,
        question_index=3,
        remaining_ms=45_678,
        server_time_ms=1_700_000_000_123,
    )
    assert payload == expected.model_dump(mode="json")


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
    async with asyncio.timeout(5):
        while node.engine.wires:  # the kernel finds room now and then, so ticks go on
            connection.tick(tick)
            await asyncio.sleep(0.001)


async def test_a_socket_that_never_connects_is_cut(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CONNECT_SECONDS", 0.2)
    raw = await node.session.ws_connect(node.url + SOCKET)
    await raw.receive_str()
    async with asyncio.timeout(5):
        while not raw.closed:
            await raw.receive()
        while node.engine.wires:
            await asyncio.sleep(0.01)


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
