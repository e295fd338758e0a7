"""Two sides and a clock: what a state machine of sessions does in the model and in the database, and how it compares them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from realtime.auth import Identity
from realtime.clock import NodeClock
from realtime.clockwork.lease import Lease
from realtime.domain.errors import Refusal
from realtime.domain.timing import Pacing, Rules, due_at, own_limit, waiting
from realtime.usecases import expire
from realtime.usecases.credit import credit_outage
from tests.integration.entrances import Entrances, TurnedAway
from tests.integration.model import LEASE, OTHERS_WAIT, Attempt, Model, Question
from tests.integration.stored import QUESTIONS, Stored

T = TypeVar("T")
P = ParamSpec("P")
M = TypeVar("M", bound="TwoSides")

MICROSECOND = timedelta(microseconds=1)

nodes = st.sampled_from(["a", "b"])
sessions = st.sampled_from([*[-1] * 9, 0])
short = st.timedeltas(min_value=MICROSECOND, max_value=timedelta(seconds=12))
long_spans = st.sampled_from([timedelta(seconds=s) for s in (5, 5.000001, 6, 16, 40, 3_600)])


@dataclass(frozen=True, slots=True)
class World:
    """What all examples share, and a tally of what they did: rules by name, commands by pacing and outcome."""

    runner: asyncio.Runner
    stored: Stored
    nodes: dict[str, Entrances]
    base: datetime
    rules: Counter[str] = field(default_factory=Counter)
    commands: Counter[tuple[Pacing, str, str]] = field(default_factory=Counter)


def counted(step: Callable[Concatenate[M, P], None]) -> Callable[Concatenate[M, P], None]:
    """Count a rule each time that it ran to its end."""

    @wraps(step)
    def count(self: M, /, *args: P.args, **kwargs: P.kwargs) -> None:
        step(self, *args, **kwargs)
        self.world.rules[step.__name__] += 1

    return count


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command answered, or the code of its refusal and the question that it named."""

    value: Any = None
    refused: str | None = None
    index: int | None = None


class TwoSides(RuleBasedStateMachine):
    """Does everything twice, and compares; the rules here are those of time and of the nodes."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.doors = world.nodes
        self.nodes = {name: door.services for name, door in world.nodes.items()}
        self.ids: list[UUID] = []
        # older ones: of a lock worth nothing, of a resumption good until the newer lock token's first write
        self.lock_tokens = ["a token that never was"]
        self.resume_tokens = ["a token that never was"]
        self.fences: list[tuple[int, int]] = []
        self.last_revision: dict[int, int] = {}
        self.was_set_back = False
        self.model: Model
        self.who: Identity

    # --- the beginning, and the clock ---

    @initialize(
        pacing=st.sampled_from(Pacing), extra=st.sampled_from([0, 50]), attempts=st.sampled_from([4, 1])
    )
    def is_invited_and_starts(self, pacing: Pacing, extra: int, attempts: int) -> None:
        rules = self.nodes["a"].rules
        self.model = Model(
            pacing=pacing,
            limits=tuple(own_limit(q["time_limit"], extra_percent=extra) for q in QUESTIONS),
            questions=tuple(Question(tuple(q["options"]) if "options" in q else None) for q in QUESTIONS),
            rules=Rules(rules.grace, rules.early_grace, rules.pause_max),
            max_attempts=attempts,
            now=self.world.base,
            last_alive=self.world.base,
        )
        self.who = self.run(self.world.stored.candidate(pacing, attempts=attempts, extra_percent=extra))
        self.move_to(self.world.base, alive=True)
        self.starts_at("a")

    def move_to(self, now: datetime, *, alive: bool) -> None:
        model, stored = self.model, self.world.stored
        if alive and model.was_down:  # it comes back before it lives on
            model.credit()
            self.run(credit_outage(self.nodes["a"]))
        model.now = now
        if not alive:
            self.run(stored.set_clock(now))
            return
        model.last_alive = now
        model.leases = dict.fromkeys(self.nodes, now + LEASE)
        leases = {self.nodes[name].node_id: until for name, until in model.leases.items()}
        self.run(stored.live_until(now, leases))

    @rule(by=short)
    @counted
    def time_passes(self, by: timedelta) -> None:
        self.move_to(self.model.now + by, alive=True)

    @rule(by=st.timedeltas(min_value=timedelta(seconds=-3), max_value=timedelta()))
    @counted
    def the_databases_clock_is_set_back(self, by: timedelta) -> None:
        self.was_set_back = True
        self.move_to(self.model.now + by, alive=True)

    @rule(by=long_spans | short, alive=st.booleans())
    @counted
    def nothing_happens_for_long(self, by: timedelta, alive: bool) -> None:
        self.move_to(self.model.now + by, alive=alive)

    @precondition(lambda self: self.moments())
    @rule(data=st.data(), by=st.sampled_from([-MICROSECOND, timedelta(), MICROSECOND]), alive=st.booleans())
    @counted
    def a_boundary_comes(self, data: st.DataObject, by: timedelta, alive: bool) -> None:
        moment = data.draw(st.sampled_from(self.moments()))
        self.move_to(moment + by, alive=alive)

    def moments(self) -> list[datetime]:
        """Boundaries of the session in progress that lie ahead."""
        if not self.model.running:
            return []
        progress, rules = self.model.at.progress, self.model.rules
        found = []
        if progress.opens_at is not None:
            found += [progress.opens_at - rules.early_grace, progress.opens_at]
        if progress.deadline is not None:
            due = progress.deadline + rules.grace
            found += [progress.deadline, due, due + OTHERS_WAIT]
        if progress.paused_at is not None:
            found.append(progress.paused_at + rules.pause_max)
        return [moment for moment in found if moment > self.model.now]

    @precondition(lambda self: self.model.running and self.model.at.progress.deadline is not None)
    @rule(node=nodes, after=st.sampled_from([timedelta(), MICROSECOND, OTHERS_WAIT]), alive=st.booleans())
    @counted
    def the_time_runs_out(self, node: str, after: timedelta, alive: bool) -> None:
        due = due_at(self.model.at.progress, self.model.rules)
        if due is not None and due + after > self.model.now:
            self.move_to(due + after, alive=alive)
        self.the_expirer_looks(node)

    @rule(node=nodes)
    @counted
    def the_expirer_looks(self, node: str) -> None:
        self.both(
            "expire",
            lambda: self.model.close_due(node=node),
            lambda: expire.close_due(self.nodes[node]),
            attempt=None,
        )

    @rule(node=nodes)
    @counted
    def a_lease_is_renewed(self, node: str) -> None:
        lease = Lease(
            services=self.nodes[node], clock=NodeClock(), address="http://test", hear=lambda _: None
        )
        self.both("renew", lambda: self.model.renew(node=node), lease.renew, attempt=None)

    def starts_at(self, node: str) -> None:
        def decide() -> int:
            self.model.start()
            return len(self.model.limits)

        async def call() -> int:
            interview_id = self.world.stored.interviews[self.model.pacing]
            path = f"/api/interviews/{interview_id}/start"
            begun = await self.doors[node].by_http(self.who, "POST", path)
            self.ids.append(UUID(begun["id"]))
            return len(begun["questions"])

        self.both("start", decide, call, attempt=None)

    # --- the comparison ---

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        rows = self.run(self.world.stored.sessions(self.who))
        assert len(rows) == len(self.model.attempts)
        names: dict[UUID | None, str | None] = {s.node_id: name for name, s in self.nodes.items()}
        names[None] = None
        for place, (row, attempt) in enumerate(zip(rows, self.model.attempts, strict=True)):
            stored, expected = self.stored_of(row, names), self.expected_of(attempt)
            assert stored == expected, f"{stored} instead of {expected}"
            assert row["revision"] >= self.last_revision.get(place, 1), "a revision went back"
            self.last_revision[place] = row["revision"]
            given = len(attempt.answers)
            assert (row["jobs"], row["told"]) == (given, given), "an answer without its one job and event"
            assert row["ends"] == (not attempt.progress.running), "a session that did not end just once"
            assert row["most_results"] <= 1, "a second result"

    @invariant()
    def nothing_is_early_late_or_twice(self) -> None:
        """What the contract says of the outcome, whatever the rules are: the model itself is held to it."""
        for attempt in self.model.attempts:
            progress, answers = attempt.progress, attempt.answers
            assert sorted(answers) == list(range(len(answers)))
            assert len(answers) - progress.index in (0, 1)
            if progress.status.value == "completed":
                assert len(answers) == len(self.model.limits)
            if self.model.pacing is Pacing.SELF_PACED and not self.was_set_back:
                assert not waiting(progress, self.model.now)

    @staticmethod
    def stored_of(row: Any, names: dict[UUID | None, str | None]) -> dict[str, Any]:
        plain = ("status", "index", "opens_at", "deadline", "frozen", "paused_at", "paused_remaining")
        return {name: row[name] for name in (*plain, "revision", "fence", "started_at")} | {
            "holder": names[row["holder_node"]],
            "answers": [tuple(answer) for answer in row["answers"] or ()],
            "drafts": [tuple(kept) for kept in row["drafts"] or ()],
        }

    @staticmethod
    def expected_of(attempt: Attempt) -> dict[str, Any]:
        progress = attempt.progress
        plain = ("index", "opens_at", "deadline", "frozen", "paused_at", "paused_remaining", "revision")
        return {name: getattr(progress, name) for name in plain} | {
            "status": progress.status.value,
            "fence": attempt.fence,
            "started_at": attempt.started_at,
            "holder": attempt.holder,
            "answers": [(i, a.text, a.how, a.late, a.taken) for i, a in sorted(attempt.answers.items())],
            "drafts": [(i, d.revision, d.answer) for i, d in sorted(attempt.drafts.items())],
        }

    def teardown(self) -> None:
        self.run(self.world.stored.end_all())

    # --- tools ---

    def token(self, which: int, kind: str) -> str | None:
        match kind:
            case "none":
                return None
            case "current":
                return self.model.attempts[which].lock_token
            case "stale":
                return self.lock_tokens[-1]
            case _:
                return "rubbish"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.world.runner.run(work)

    def both(
        self,
        what: str,
        decide: Callable[[], Any],
        call: Callable[[], Coroutine[Any, Any, Any]],
        *,
        attempt: Attempt | None,
    ) -> None:
        """Let the model decide and the code act, and hold the one against the other."""
        try:
            expected = Outcome(decide())
        except Refusal as refusal:
            named = refusal.facts.get("current_question_index")
            expected = Outcome(
                refused=refusal.code, index=named if attempt is None else attempt.progress.index
            )
        try:
            found = Outcome(self.run(call()))
        except TurnedAway as turned_away:
            found = Outcome(refused=turned_away.code, index=turned_away.index)
        except Refusal as refusal:
            found = Outcome(refused=refusal.code, index=refusal.facts.get("current_question_index"))
        assert found == expected, f"{what}: {found} instead of {expected}"
        self.world.commands[self.model.pacing, what, found.refused or "done"] += 1
