"""Promise 13: whatever is done in whatever order at whatever time, the use cases on real PostgreSQL do what the model does."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any
from uuid import uuid4

import uvloop
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from db.pool import open_pool
from realtime.contracts.candidate import SaveDraft, SubmitAnswer, SubmitAnswerBody
from realtime.contracts.events import SaveDraftEvent, SubmitAnswerEvent
from realtime.contracts.recruiter import Explained, Extend
from realtime.domain.timing import remaining, waiting
from realtime.settings import Settings
from realtime.usecases import command, draft, join, resume, start, submit, terminate
from tests.integration.machine import MAX_ATTEMPTS, TwoSides, World, nodes
from tests.integration.model import Draft
from tests.integration.stored import Stored, inject_clock

BECAUSE = Explained(reason="because")

# The first of each is what a client does that behaves; the rest is as seldom as it may be without being missed.
texts = st.sampled_from(["404", "404", "404", "200", "200", "", "  ", None, "none of the options"])
ways = st.sampled_from(["http", "socket"])
tokens = st.sampled_from([*["current"] * 7, "none", "stale", "rubbish"])
sessions = st.sampled_from([*[-1] * 9, 0])
indexes = st.sampled_from([*[0] * 8, -1, -1, 1, -9])
seldom = st.sampled_from([*[False] * 4, True])


class SessionMachine(TwoSides):
    """A candidate, a recruiter and a grader, at a session in whatever order."""

    # --- the candidate ---

    @rule(node=nodes, anyway=seldom)
    def starts(self, node: str, anyway: bool) -> None:
        if anyway or not self.model.running:
            self.starts_at(node)

    @rule(which=sessions, node=nodes, token=tokens, surely=seldom)
    def starts_over(self, which: int, node: str, token: str, surely: bool) -> None:
        if not surely:
            return
        attempt, lock_token = self.model.attempts[which], self.token(which, token)

        async def call() -> None:
            begun = await start.start_over(
                self.nodes[node], who=self.who, session_id=self.ids[which], lock_token=lock_token
            )
            self.ids.append(begun.id)

        def decide() -> None:
            self.model.start_over(attempt, lock_token)

        self.both(decide, call, attempt=attempt)

    @rule(
        which=sessions,
        node=nodes,
        takeover=st.booleans(),
        resume_token=st.sampled_from(["none", "current", "previous", "older"]),
    )
    def joins(self, which: int, node: str, takeover: bool, resume_token: str) -> None:
        self.joins_at(node, which=which, takeover=takeover, resume_token=resume_token)

    @rule(node=nodes, resume_token=st.sampled_from(["current", "current", "older"]), types=st.booleans())
    def comes_back(self, node: str, resume_token: str, types: bool) -> None:
        """As the same tab after a reload, or one that was asleep while another took over."""
        self.joins_at(node, which=-1, takeover=False, resume_token=resume_token)
        if types:
            self.types_at(node, which=-1, token="current", off=0, revision=1, text="404", way="socket")

    def joins_at(self, node: str, *, which: int, takeover: bool, resume_token: str) -> None:
        attempt = self.model.attempts[which]
        presented = {
            "none": None,
            "current": attempt.resume_token,
            "previous": attempt.previous_resume_token,
            "older": self.resume_tokens[-1],
        }[resume_token]

        async def call() -> None:
            joined = await join.join(
                self.nodes[node],
                who=self.who,
                session_id=self.ids[which],
                sid=uuid4().hex,
                resume_token=presented,
                takeover=takeover,
            )
            if attempt.lock_token is not None and attempt.resume_token is not None:
                self.lock_tokens.append(attempt.lock_token)
                self.resume_tokens.append(attempt.resume_token)
            attempt.lock_token, attempt.resume_token = joined.lock_token, joined.resume_token
            self.fences.append((self.model.attempts.index(attempt), joined.fence))

        def decide() -> None:
            self.model.join(attempt, node=node, resume_token=presented, takeover=takeover)

        self.both(decide, call, attempt=attempt)

    @precondition(lambda self: self.fences)
    @rule(data=st.data(), node=nodes)
    def a_connection_ends(self, data: st.DataObject, node: str) -> None:
        which, fence = data.draw(st.sampled_from(self.fences[-3:]))
        attempt = self.model.attempts[which]
        self.both(
            lambda: self.model.leave(attempt, fence=fence),
            lambda: join.leave(self.nodes[node], session_id=self.ids[which], fence=fence),
            attempt=attempt,
        )

    @rule(
        which=sessions,
        node=nodes,
        token=tokens,
        off=indexes,
        revision=st.integers(1, 4),
        text=texts,
        way=ways,
    )
    def types(
        self, which: int, node: str, token: str, off: int, revision: int, text: str | None, way: str
    ) -> None:
        self.types_at(node, which=which, token=token, off=off, revision=revision, text=text, way=way)

    def types_at(
        self, node: str, *, which: int, token: str, off: int, revision: int, text: str | None, way: str
    ) -> None:
        attempt, lock_token = self.model.attempts[which], self.token(which, token)
        index = attempt.progress.index + off
        sent: dict[str, Any] = {
            "question_index": index,
            "revision": revision,
            "answer": text,
            "lock_token": lock_token,
        }
        request = (
            SaveDraftEvent(session_id=self.ids[which], **sent)
            if way == "socket" and lock_token is not None
            else SaveDraft(**sent)
        )

        async def call() -> int:
            saved = await draft.save_draft(
                self.nodes[node], who=self.who, session_id=self.ids[which], request=request
            )
            return saved.revision

        def decide() -> int:
            return self.model.draft(attempt, token=lock_token, index=index, draft=Draft(revision, text))

        self.both(decide, call, attempt=attempt)

    @rule(
        which=sessions,
        node=nodes,
        token=tokens,
        off=indexes,
        text=texts,
        auto=st.booleans(),
        way=ways,
    )
    def submits(
        self, which: int, node: str, token: str, off: int, text: str | None, auto: bool, way: str
    ) -> None:
        self.submits_at(node, which=which, token=token, off=off, text=text, auto=auto, way=way)

    @rule(node=nodes, text=st.sampled_from(["404", "200"]), auto=st.booleans(), way=ways)
    def answers(self, node: str, text: str, auto: bool, way: str) -> None:
        """As a client that behaves: the same as `submits`, for most of what that draws goes nowhere."""
        self.submits_at(node, which=-1, token="current", off=0, text=text, auto=auto, way=way)

    @rule(node=nodes, text=st.sampled_from(["404", "200"]), off=st.sampled_from([0, -1]))
    def answers_again(self, node: str, text: str, off: int) -> None:
        """As a client whose ack was lost."""
        for _ in range(2):
            self.submits_at(node, which=-1, token="current", off=off, text=text, auto=False, way="http")
            off = -1

    def submits_at(
        self, node: str, *, which: int, token: str, off: int, text: str | None, auto: bool, way: str
    ) -> None:
        attempt, lock_token = self.model.attempts[which], self.token(which, token)
        index = attempt.progress.index + off
        sent: dict[str, Any] = {
            "question_index": index,
            "answer": text,
            "time_expired": auto,
            "lock_token": lock_token,
        }
        request: SubmitAnswer = (
            SubmitAnswerEvent(session_id=self.ids[which], **sent)
            if way == "socket" and lock_token is not None
            else SubmitAnswerBody(submitted_at=self.model.now, **sent)
        )

        async def call() -> bool:
            reply = await submit.submit(
                self.nodes[node], who=self.who, session_id=self.ids[which], request=request
            )
            return reply.duplicate

        def decide() -> bool:
            return self.model.submit(attempt, token=lock_token, index=index, answer=text, auto=auto)

        self.both(decide, call, attempt=attempt)

    # --- the recruiter, and the grader ---

    @rule(
        which=sessions,
        node=nodes,
        act=st.sampled_from([*["resume"] * 4, *["pause", "extend"] * 2, "terminate"]),
    )
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

        self.both(decide, done, attempt=attempt)

    @rule(which=sessions)
    def is_graded(self, which: int) -> None:
        self.run(self.world.stored.grade(self.ids[which]))

    @rule(node=nodes)
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
                MAX_ATTEMPTS - len(self.model.attempts),
                (kept.revision, kept.answer) if (kept := at.drafts.get(at.progress.index)) else None,
                [(index, given.text) for index, given in sorted(at.answers.items())],
            )

        async def call() -> Any:
            seen = (await resume.active(self.nodes[node], who=self.who)).active_session
            if seen is None:
                return None
            return (
                seen.current_question_index,
                seen.remaining_ms,
                seen.waiting,
                seen.attempts_left,
                None if seen.draft is None else (seen.draft.revision, seen.draft.answer),
                [(given.question_index, given.answer) for given in seen.answers],
            )

        self.both(decide, call, attempt=None)


def run_machine(database_url: str, settings: Settings, *, examples: int, shrink: bool = True) -> None:
    """Let the machine run on a database of its own; raises what it finds."""
    wanted = hypothesis_settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if shrink else [])],
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        base = runner.run(inject_clock(database_url))
        opened = open_pool(database_url, application_name="tests")
        pool = runner.run(opened.__aenter__())
        try:
            stored = runner.run(Stored.prepare(pool))
            world = World(runner, stored, settings, base)

            class Placed(SessionMachine):
                def __init__(self) -> None:
                    super().__init__(world)

            run_state_machine_as_test(Placed, settings=wanted)
        finally:
            runner.run(opened.__aexit__(None, None, None))


def test_the_use_cases_do_what_the_model_does(database_url: str, settings: Settings, long: bool) -> None:
    run_machine(database_url, settings, examples=1_500 if long else 150)
