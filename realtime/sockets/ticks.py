"""The frame of a tick, made by hand: it is most of what a node sends.

All of it but two numbers is made when a session moves. What remains has one width, padded with blanks as JSON allows, so the frame's
own header never changes; the time is the same for all that tick at once.
"""

from dataclasses import dataclass
from uuid import UUID

from realtime.contracts.base import millis
from realtime.contracts.events import CANDIDATE
from realtime.domain.timing import Progress
from realtime.sockets.wire import text_frame

LEFT = b"%12d"  # thirty years
NOTHING_LEFT = LEFT % 0


def tail(now_ms: int) -> bytes:
    """How every tick at `now_ms` ends; of one length until the year 2286."""
    return b',"server_time_ms":%d}]' % now_ms


@dataclass(frozen=True, slots=True)
class Ticking:
    """All that a session's ticks say but for the time, which alone changes from one to the next; milliseconds."""

    head: bytes
    opens_ms: int
    deadline_ms: int

    def frame(self, now_ms: int, ending: bytes) -> bytes:
        """The tick at `now_ms`, which `ending` is the tail of: it counts to the deadline, or to the opening while waiting, and never below 0."""
        left = (self.opens_ms if now_ms < self.opens_ms else self.deadline_ms) - now_ms
        return self.head + (LEFT % left if left > 0 else NOTHING_LEFT) + ending


def ticking(session_id: UUID, progress: Progress) -> Ticking | None:
    """What a session's ticks say from here on; None while it does not tick: paused, or ended."""
    if progress.opens_at is None or progress.deadline is None or not progress.running:
        return None
    head = (
        f'42{CANDIDATE},["tick",{{"session_id":"{session_id}","revision":{progress.revision},'
        f'"question_index":{progress.index},"remaining_ms":'
    ).encode()
    opens_ms = millis(progress.opens_at)
    rest = NOTHING_LEFT + tail(opens_ms)
    return Ticking(text_frame(head + rest).removesuffix(rest), opens_ms, millis(progress.deadline))
