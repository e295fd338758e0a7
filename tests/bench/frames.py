"""WebSocket frames as a client sends and reads them; only what the servers that we measure use."""

from collections.abc import Iterator

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FINAL, MASKED = 0x80, 0x80
SHORT, LONG = 126, 127  # lengths that say that two or eight bytes follow
NO_MASK = bytes(4)  # a mask of zeros is a mask, and leaves the payload as it is


def client_frame(payload: bytes, *, opcode: int = TEXT) -> bytes:
    """Write a frame."""
    length = len(payload)
    if length < SHORT:
        head = bytes((FINAL | opcode, MASKED | length))
    elif length < 1 << 16:
        head = bytes((FINAL | opcode, MASKED | SHORT)) + length.to_bytes(2, "big")
    else:
        head = bytes((FINAL | opcode, MASKED | LONG)) + length.to_bytes(8, "big")
    return head + NO_MASK + payload


def server_frames(data: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take all whole frames from the front of `data`: opcode and payload of each; raises ValueError for fragments."""
    while len(data) >= 2:
        length, start = data[1], 2
        if length == SHORT:
            length, start = int.from_bytes(data[2:4], "big"), 4
        elif length == LONG:
            length, start = int.from_bytes(data[2:10], "big"), 10
        if len(data) < start or len(data) < start + length:
            return
        if not data[0] & FINAL:
            raise ValueError("a fragmented frame")
        opcode, payload = data[0] & 0x0F, bytes(data[start : start + length])
        del data[: start + length]
        yield opcode, payload
