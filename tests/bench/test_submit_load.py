"""What the submit measurement counts, and how it reads replies that come in pieces."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest

from tests.bench.seats import Hall, Seat
from tests.bench.submit_http import HttpConnection, UnexpectedReply
from tests.bench.submit_load import DashboardLost, Sittings
from tests.bench.submit_sql import statements


def hall(number: int) -> Hall:
    return Hall(uuid4(), "", uuid4(), tuple(Seat(uuid4(), uuid4(), "") for _ in range(number)))


def evaluated(session_id: UUID, index: int) -> bytes:
    payload = {"feed": {"offset": 3}, "session_id": str(session_id), "question_index": index, "score": 10}
    return b"42/recruiter," + orjson.dumps(["answer_evaluated", payload])


async def test_an_answer_is_counted_once_however_often_it_is_heard_of() -> None:
    sittings = Sittings(hall(1))
    sitting = sittings.take()
    for index in (7, 12):
        sitting.sent[index] = 1.0
        sitting.accepted[index] = 2.0
        sittings.will_hear()
        sittings.hear(evaluated(sitting.seat.session_id, index))
        sittings.hear(evaluated(sitting.seat.session_id, index))
    await sittings.quiet()
    assert len(sittings.arrivals()) == 2
    assert sitting.evaluated[12] >= sitting.evaluated[7] > 0


async def test_what_was_sent_before_the_window_is_not_in_it() -> None:
    sittings = Sittings(hall(1))
    sitting = sittings.take()
    for index, sent in enumerate((1.0, 5.0, 6.0)):
        sitting.sent[index], sitting.accepted[index], sitting.evaluated[index] = sent, sent + 0.5, sent + 3
    window = sittings.window(5.0, 7.0, {"server": 1.0})
    assert window.answers == 2
    assert window.seconds == 4.0  # until the last was seen evaluated, at 9
    assert window.rate == 0.5
    assert window.cpu_ms("server") == 500
    assert window.submit == [0.5, 0.5]


async def test_a_lost_dashboard_is_no_result() -> None:
    sittings = Sittings(hall(1))
    sittings.will_hear()
    sittings.deafen()
    sittings.will_hear()  # clients go on
    with pytest.raises(DashboardLost):
        await sittings.quiet()


async def test_sittings_run_out_loudly() -> None:
    sittings = Sittings(hall(1))
    sittings.take()
    with pytest.raises(RuntimeError, match="not enough sittings"):
        sittings.take()


@pytest.mark.parametrize("cut", [1, 20, 44, 50])
async def test_a_reply_that_comes_in_pieces_is_put_together(cut: int) -> None:
    connection, pieces = (
        HttpConnection(),
        _pieces(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nX: y\r\n\r\nthirteen bytes"[:-1], cut),
    )
    connection.connection_made(_Silent())
    reply = asyncio.ensure_future(connection.exchange(b"POST"))
    await asyncio.sleep(0)
    for piece in pieces:
        connection.data_received(piece)
    assert (await reply).endswith(b"thirteen byte")


async def test_any_other_status_is_loud() -> None:
    connection = HttpConnection()
    connection.connection_made(_Silent())
    reply = asyncio.ensure_future(connection.exchange(b"POST"))
    await asyncio.sleep(0)
    connection.data_received(b"HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\n{}")
    with pytest.raises(UnexpectedReply, match="409"):
        await reply


def test_statements_are_read_by_name(tmp_path: Path) -> None:
    file = tmp_path / "some.sql"
    file.write_text("-- name: one\n-- What it is.\nSELECT 1;\n\n-- name: two\nSELECT 2;\n", "utf-8")
    assert statements(file) == {"one": "-- What it is.\nSELECT 1", "two": "SELECT 2"}


class _Silent(asyncio.Transport):
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Say nothing."""


def _pieces(data: bytes, at: int) -> tuple[bytes, bytes]:
    return data[:at], data[at:]
