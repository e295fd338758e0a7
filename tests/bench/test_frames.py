import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.sockets.wire import text_frame
from tests.bench.frames import TEXT, client_frame, server_frames
from tests.bench.generator import gaps_of


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(1, 50))
def test_frames_are_read_however_they_are_cut(payloads: list[bytes], size: int) -> None:
    stream = b"".join(text_frame(payload) for payload in payloads)
    buffer, found = bytearray(), list[tuple[int, bytes]]()
    for start in range(0, len(stream), size):
        buffer += stream[start : start + size]
        found += server_frames(buffer)
    assert found == [(TEXT, payload) for payload in payloads]
    assert not buffer


def test_a_frame_with_an_eight_byte_length_is_read() -> None:
    payload = b"x" * 70_000
    buffer = bytearray(b"\x81\x7f" + len(payload).to_bytes(8, "big") + payload)
    assert list(server_frames(buffer)) == [(TEXT, payload)]


def test_a_fragmented_frame_is_no_frame() -> None:
    with pytest.raises(ValueError, match="fragmented"):
        list(server_frames(bytearray(b"\x01\x01x")))


@pytest.mark.parametrize(("length", "head"), [(125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_a_client_s_frame_is_masked_and_carries_its_length(length: int, head: int) -> None:
    frame = client_frame(b"x" * length)
    assert frame[1] & 0x80
    assert len(frame) == head + 4 + length


@pytest.mark.parametrize(
    ("arrivals", "gaps"),
    [
        ([9.5, 10.5, 11.5, 12.5], [1.0, 1.0, 1.0]),
        ([9.5, 10.5], [1.0, 2.5]),  # it fell silent: so long ago was the last one
        ([], [3.0]),  # nothing at all came
    ],
)
def test_silence_is_a_gap(arrivals: list[float], gaps: list[float]) -> None:
    assert gaps_of(arrivals, since=10.0, until=13.0) == gaps
