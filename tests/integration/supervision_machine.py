"""What a recruiter, a grader and an onlooker do to sessions, as rules of the state machine."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from realtime.contracts.recruiter import Explained, Extend
from realtime.domain.timing import remaining, waiting
from realtime.usecases import command, terminate
from tests.integration.machine import TwoSides, counted, nodes, sessions

BECAUSE = Explained(reason="because")


class Supervised(TwoSides):
    """Those who do not answer questions."""

    @rule(
        which=sessions,
        node=nodes,
        act=st.sampled_from([*["resume"] * 4, *["pause", "extend"] * 2, "terminate"]),
    )
    @counted
    def is_supervised(self, which: int, node: str, act: str) -> None:
        attempt, at = self.model.attempts[which], self.nodes[node]
        rita, session_id = self.world.stored.recruiter, self.ids[which]
        more = Extend(seconds=30, reason="because")
        calls: dict[str, tuple[Callable[[], None], Callable[[], Coroutine[Any, Any, Any]]]] = {
            "pause": (
                lambda: self.model.pause(attempt),
                lambda: command.pause(at, who=rita, session_id=session_id, request=BECAUSE),
            ),
            "resume": (
                lambda: self.model.resume(attempt),
                lambda: command.resume(at, who=rita, session_id=session_id),
            ),
            "extend": (
                lambda: self.model.extend(attempt, by=timedelta(seconds=30)),
                lambda: command.extend(at, who=rita, session_id=session_id, request=more),
            ),
            "terminate": (
                lambda: self.model.terminate(attempt),
                lambda: terminate.terminate(at, who=rita, session_id=session_id, request=BECAUSE),
            ),
        }
        decide, call = calls[act]

        async def done() -> None:
            await call()

        self.both(act, decide, done, attempt=attempt)

    @rule(which=sessions)
    @counted
    def is_graded(self, which: int) -> None:
        self.run(self.world.stored.grade(self.ids[which]))

    @rule(node=nodes)
    @counted
    def looks(self, node: str) -> None:
        """The candidate's own view says what the model says."""

        def decide() -> Any:
            if not self.model.running:
                return None
            self.model.credit()
            at, now = self.model.at, self.model.now
            left = remaining(at.progress, now)
            return (
                at.progress.index,
                None if left is None else left // timedelta(milliseconds=1),
                waiting(at.progress, now),
                self.model.max_attempts - len(self.model.attempts),
                (kept.revision, kept.answer) if (kept := at.drafts.get(at.progress.index)) else None,
                [(index, given.text) for index, given in sorted(at.answers.items())],
            )

        async def call() -> Any:
            seen = (await self.doors[node].by_http(self.who, "GET", "/api/interviews/active"))[
                "active_session"
            ]
            if seen is None:
                return None
            kept = seen["draft"]
            return (
                seen["current_question_index"],
                seen["remaining_ms"],
                seen["waiting"],
                seen["attempts_left"],
                None if kept is None else (kept["revision"], kept["answer"]),
                [(given["question_index"], given["answer"]) for given in seen["answers"]],
            )

        self.both("look", decide, call, attempt=None)
