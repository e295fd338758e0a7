"""The packet of a tick, made by hand: it is most of what a node sends."""

from dataclasses import dataclass
from uuid import UUID

from realtime.contracts.base import millis
from realtime.contracts.events import CANDIDATE
from realtime.domain.timing import Progress


@dataclass(frozen=True, slots=True)
class Ticking:
    """All that a session's ticks say but for the time, which alone changes from one to the next; milliseconds."""

    head: bytes
    opens_ms: int
    deadline_ms: int

    def packet(self, now_ms: int) -> bytes:
        """The tick at `now_ms`: it counts to the deadline, or to the opening while waiting, and never below 0."""
        until = self.opens_ms if now_ms < self.opens_ms else self.deadline_ms
        return b'%b"remaining_ms":%d,"server_time_ms":%d}]' % (self.head, max(until - now_ms, 0), now_ms)


def ticking(session_id: UUID, progress: Progress) -> Ticking | None:
    """What a session's ticks say from here on; None while it does not tick: paused, or ended."""
    if progress.opens_at is None or progress.deadline is None or not progress.running:
        return None
    head = (
        f'42{CANDIDATE},["tick",{{"session_id":"{session_id}","revision":{progress.revision},'
        f'"question_index":{progress.index},'
    )
    return Ticking(head.encode(), millis(progress.opens_at), millis(progress.deadline))
