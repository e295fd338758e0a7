"""The two ways to submit an answer: HTTP, and an event with an ack."""

import orjson

from tests.bench.submit_http import HttpConnection, UnexpectedReply, request_head, request_tail
from tests.bench.submit_load import QUESTIONS, Sitting, choice
from tests.bench.submit_socket import SocketConnection

_HTTP_TAILS = [
    request_tail(
        {
            "question_index": index,
            "answer": choice(index),
            "submitted_at": "2026-11-22T10:15:00.123Z",
            "time_expired": False,
        }
    )
    for index in range(QUESTIONS)
]


class ByHttp:
    """One keep-alive connection, whoever the candidate is."""

    def __init__(self, where: tuple[str, int]) -> None:
        self._where = where
        self._connection: HttpConnection | None = None
        self._head = b""

    async def begin(self, sitting: Sitting) -> None:
        """Be that candidate from now on."""
        if self._connection is None:
            self._connection = await HttpConnection.open(*self._where)
        seat = sitting.seat
        self._head = request_head(f"/api/interviews/{seat.session_id}/answers", token=seat.token)

    async def submit(self, index: int) -> None:
        """Submit; raises UnexpectedReply where that is not answered with 200."""
        assert self._connection is not None
        await self._connection.exchange(self._head + _HTTP_TAILS[index])

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class BySocket:
    """A connection a candidate: made, joined, used for all answers, and closed."""

    def __init__(self, where: tuple[str, int]) -> None:
        self._where = where
        self._connection: SocketConnection | None = None
        self._head = b""

    async def begin(self, sitting: Sitting) -> None:
        """Be that candidate from now on: connect and join."""
        self.close()
        seat = sitting.seat
        self._connection = await SocketConnection.open(
            self._where, namespace="/candidate", token=seat.token, hear=None
        )
        session_id = str(seat.session_id)
        (joined,) = orjson.loads(await self._connection.ask("join_session", {"session_id": session_id}))
        self._head = (
            f'["submit_answer",{{"session_id":"{session_id}","lock_token":"{joined["lock_token"]}",'
            '"time_expired":false,'
        ).encode()

    async def submit(self, index: int) -> None:
        """Submit; raises UnexpectedReply where the ack is no good one."""
        assert self._connection is not None
        packet = b'%b"question_index":%d,"answer":"%b"}]' % (self._head, index, choice(index).encode())
        ack = await self._connection.ask_raw(packet)
        if not ack.startswith(b'[{"ok":true'):
            raise UnexpectedReply(ack.decode())

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
