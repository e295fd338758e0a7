"""The model: one candidate's sessions by the pure rules alone, and what the code must answer to each command.

It keeps what PostgreSQL keeps (progress, lock, drafts, answers, the service's sign of life) in plain values, and asks
`realtime.domain` what a command does. What only the use cases know is spelled out here a second time: the order of
refusals, duplicates, drafts, whose expirer waits, and when an outage is credited.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from realtime.domain import session
from realtime.domain.errors import (
    AlreadyInProgress,
    InvalidBody,
    NoAttemptsLeft,
    SessionEnded,
    SessionHeld,
)
from realtime.domain.timing import Pacing, Progress, Rules, Status, due_at, time_taken, waiting

LIVENESS_GAP = timedelta(seconds=5)
OTHERS_WAIT = timedelta(milliseconds=300)
LEASE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Question:
    """What the model must know of a question."""

    options: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer; `taken` in seconds."""

    text: str | None
    how: str
    late: bool
    taken: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A stored draft."""

    revision: int
    answer: str | None


@dataclass(slots=True)
class Attempt:
    """One session."""

    progress: Progress
    started_at: datetime
    fence: int = 0
    holder: str | None = None
    lock_token: str | None = None
    resume_token: str | None = None
    previous_resume_token: str | None = None
    drafts: dict[int, Draft] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)

    def check_write(self, token: str | None) -> None:
        """Refuse whoever may not write."""
        if self.holder is not None if token is None else token != self.lock_token:
            raise SessionHeld

    def used(self, token: str | None) -> None:
        """The first write with a lock token ends the older resume token."""
        if token is not None:
            self.previous_resume_token = None

    def close(self, *, how: str, after: Progress, taken: timedelta) -> None:
        """Let the last draft be the answer of the current question."""
        index = self.progress.index
        draft = self.drafts.get(index)
        self.answers[index] = Answer(None if draft is None else draft.answer, how, False, _seconds(taken))
        self.progress = after


@dataclass(slots=True)
class Model:
    """A candidate, an interview, and a service that may be down."""

    pacing: Pacing
    limits: tuple[int, ...]
    questions: tuple[Question, ...]
    rules: Rules
    max_attempts: int
    now: datetime
    last_alive: datetime
    leases: dict[str, datetime] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def at(self) -> Attempt:
        """The newest session."""
        return self.attempts[-1]

    @property
    def running(self) -> bool:
        """Whether a session is in progress."""
        return bool(self.attempts) and self.at.progress.running

    @property
    def was_down(self) -> bool:
        """Whether there is an outage that is not given back yet."""
        return self.now - self.last_alive > LIVENESS_GAP

    # --- the candidate ---

    def start(self) -> Attempt:
        """Begin an attempt."""
        if self.running:
            raise AlreadyInProgress(current_question_index=self.at.progress.index)
        self._require_attempt()
        self.credit()
        return self._begin()

    def start_over(self, attempt: Attempt, token: str | None) -> Attempt:
        """End an attempt as abandoned and begin the next."""
        self.credit()
        attempt.check_write(token)
        after = session.end(attempt.progress, status=Status.ABANDONED)
        self._require_attempt()
        attempt.progress = after
        return self._begin()

    def join(self, attempt: Attempt, *, node: str, resume_token: str | None, takeover: bool) -> None:
        """Give the session to a connection on `node`; the new tokens are the code's to make."""
        self.credit()
        known = (attempt.resume_token, attempt.previous_resume_token)
        resumed = resume_token is not None and resume_token in known
        if attempt.holder is not None and not resumed and not takeover:
            raise SessionHeld
        if not attempt.progress.running:
            raise SessionEnded
        attempt.fence += 1
        attempt.holder = node
        attempt.previous_resume_token = resume_token if resumed else None

    def leave(self, attempt: Attempt, *, fence: int) -> None:
        """A connection that joined with `fence` is gone."""
        if attempt.fence == fence:
            attempt.holder = None

    def draft(self, attempt: Attempt, *, token: str | None, index: int, draft: Draft) -> int:
        """Keep a draft unless a newer one is there; answers the stored revision."""
        self.credit()
        attempt.check_write(token)
        session.check_open(attempt.progress, index=index, now=self.now, rules=self.rules)
        self._check_option(index, draft.answer)
        stored = attempt.drafts.get(index)
        if stored is None or stored.revision < draft.revision:
            stored = attempt.drafts[index] = draft
        attempt.used(token)
        return stored.revision

    def submit(
        self, attempt: Attempt, *, token: str | None, index: int, answer: str | None, auto: bool
    ) -> bool:
        """Take an answer; answers whether it was a duplicate."""
        self.credit()
        if 0 <= index < attempt.progress.index and attempt.answers[index].how in ("submitted", "auto"):
            return True
        attempt.check_write(token)
        accepted = session.submit(attempt.progress, index=index, auto=auto, now=self.now, rules=self.rules)
        self._check_option(index, answer)
        how = "auto" if auto else "submitted"
        attempt.answers[index] = Answer(answer, how, accepted.late, _seconds(accepted.time_taken))
        attempt.progress = accepted.after
        attempt.used(token)
        return False

    # --- the recruiter ---

    def pause(self, attempt: Attempt) -> None:
        """Stop the clock."""
        self.credit()
        attempt.progress = session.pause(attempt.progress, now=self.now)

    def resume(self, attempt: Attempt) -> None:
        """Let the clock run on."""
        self.credit()
        attempt.progress = session.resume(attempt.progress, now=self.now) or attempt.progress

    def extend(self, attempt: Attempt, *, by: timedelta) -> None:
        """Give more time."""
        self.credit()
        attempt.progress = session.extend(attempt.progress, by=by)

    def terminate(self, attempt: Attempt) -> None:
        """End it; the open question keeps its draft."""
        self.credit()
        before = attempt.progress
        after = session.end(before, status=Status.TERMINATED)
        if waiting(before, self.now):
            attempt.progress = after
        else:
            taken = time_taken(before, before.paused_at or self.now)
            attempt.close(how="terminated", after=after, taken=taken)

    # --- the clock ---

    def close_due(self, *, node: str) -> int:
        """The expirer of `node` looks once; answers how many sessions it found due."""
        if self._is_due_to(node):
            self.credit()
        if not self._is_due_to(node):
            return 0
        closed = session.expire(self.at.progress, now=self.now, rules=self.rules)
        assert closed is not None
        self.at.close(how="expired", after=closed.after, taken=closed.time_taken)
        return 1

    def renew(self, *, node: str) -> None:
        """The lease of `node` is renewed once, with all that goes with it."""
        self.leases[node] = self.now + LEASE
        if self.last_alive > self.now - LIVENESS_GAP:
            self.last_alive = self.now
        else:
            self.credit()
        for attempt in self.attempts:
            if attempt.holder is not None and self.leases[attempt.holder] <= self.now:
                attempt.holder = None
        paused_at = self.at.progress.paused_at if self.running else None
        if paused_at is not None and paused_at <= self.now - self.rules.pause_max:
            self.resume(self.at)

    def credit(self) -> None:
        """Give an outage back, where there was one."""
        if not self.was_down:
            return
        if self.running:
            at = self.at
            moved = session.credit(at.progress, last_alive=self.last_alive, now=self.now, rules=self.rules)
            at.progress = moved or at.progress
        self.last_alive = self.now

    def _is_due_to(self, node: str) -> bool:
        due = due_at(self.at.progress, self.rules) if self.running else None
        if due is None:
            return False
        return due + (ZERO_WAIT if self.at.holder in (None, node) else OTHERS_WAIT) <= self.now

    def _check_option(self, index: int, answer: str | None) -> None:
        options = self.questions[index].options
        if options is not None and answer is not None and answer.strip() and answer not in options:
            raise InvalidBody

    def _require_attempt(self) -> None:
        if len(self.attempts) == self.max_attempts:
            raise NoAttemptsLeft

    def _begin(self) -> Attempt:
        begun = session.start(pacing=self.pacing, limits=self.limits, now=self.now)
        self.attempts.append(Attempt(progress=begun, started_at=self.now))
        return self.at


ZERO_WAIT = timedelta()


def _seconds(span: timedelta) -> float:
    return round(span.total_seconds(), 3)
