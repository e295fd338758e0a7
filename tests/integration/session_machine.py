"""What a candidate may do to sessions, in whatever order, as rules of the state machine."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from realtime.contracts.base import rfc3339
from realtime.usecases import join
from tests.integration.machine import counted, nodes, sessions
from tests.integration.model import Draft
from tests.integration.supervision_machine import Supervised

# The first of each is what a client does that behaves; the rest is as seldom as it may be without being missed.
texts = st.sampled_from(["404", "404", "404", "200", "200", "", "  ", None, "none of the options"])
typed = st.sampled_from(["404", "200", "404", "none of the options"])
ways = st.sampled_from(["http", "socket"])
tokens = st.sampled_from([*["current"] * 7, "none", "stale", "rubbish"])
indexes = st.sampled_from([*[0] * 8, -1, -1, 1, -9])
seldom = st.sampled_from([*[False] * 4, True])


class SessionMachine(Supervised):
    """All rules: the candidate's, and those of whoever else has to do with a session."""

    # --- the candidate ---

    @rule(node=nodes, anyway=seldom)
    @counted
    def starts(self, node: str, anyway: bool) -> None:
        if anyway or not self.model.running:
            self.starts_at(node)

    @rule(which=sessions, node=nodes, token=tokens, surely=seldom)
    @counted
    def starts_over(self, which: int, node: str, token: str, surely: bool) -> None:
        if not surely:
            return
        attempt, lock_token = self.model.attempts[which], self.token(which, token)

        async def call() -> None:
            path = f"/api/interviews/{self.ids[which]}/start-over"
            sent = {} if lock_token is None else {"lock_token": lock_token}
            begun = await self.doors[node].by_http(self.who, "POST", path, sent=sent)
            self.ids.append(UUID(begun["id"]))

        def decide() -> None:
            self.model.start_over(attempt, lock_token)

        self.both("start over", decide, call, attempt=attempt)

    @rule(
        which=sessions,
        node=nodes,
        takeover=st.booleans(),
        resume_token=st.sampled_from(["none", "current", "previous", "older"]),
    )
    @counted
    def joins(self, which: int, node: str, takeover: bool, resume_token: str) -> None:
        self.joins_at(node, which=which, takeover=takeover, resume_token=resume_token)

    @rule(
        node=nodes,
        resume_token=st.sampled_from(["current", "current", "older"]),
        types=st.booleans(),
        text=typed,
    )
    @counted
    def comes_back(self, node: str, resume_token: str, types: bool, text: str) -> None:
        """As the same tab after a reload, or one that was asleep while another took over."""
        self.joins_at(node, which=-1, takeover=False, resume_token=resume_token)
        if types:
            self.types_at(node, which=-1, token="current", off=0, revision=1, text=text, way="socket")

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

        self.both("take over" if takeover else "join", decide, call, attempt=attempt)

    @precondition(lambda self: self.fences)
    @rule(data=st.data(), node=nodes)
    @counted
    def a_connection_ends(self, data: st.DataObject, node: str) -> None:
        which, fence = data.draw(st.sampled_from(self.fences[-3:]))
        attempt = self.model.attempts[which]
        self.both(
            "leave",
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
    @counted
    def types(
        self, which: int, node: str, token: str, off: int, revision: int, text: str | None, way: str
    ) -> None:
        self.types_at(node, which=which, token=token, off=off, revision=revision, text=text, way=way)

    def types_at(
        self, node: str, *, which: int, token: str, off: int, revision: int, text: str | None, way: str
    ) -> None:
        attempt, lock_token = self.model.attempts[which], self.token(which, token)
        index = attempt.progress.index + off
        sent: dict[str, Any] = {"question_index": index, "revision": revision, "answer": text}

        async def call() -> int:
            kept = await self.send(
                node, way, "save_draft", which=which, sent=sent, token=lock_token, method="PUT", path="draft"
            )
            stored: int = kept["revision"]
            return stored

        def decide() -> int:
            return self.model.draft(attempt, token=lock_token, index=index, draft=Draft(revision, text))

        self.both(f"draft by {self.way(way, lock_token)}", decide, call, attempt=attempt)

    @rule(
        which=sessions,
        node=nodes,
        token=tokens,
        off=indexes,
        text=texts,
        auto=st.booleans(),
        way=ways,
    )
    @counted
    def submits(
        self, which: int, node: str, token: str, off: int, text: str | None, auto: bool, way: str
    ) -> None:
        self.submits_at(node, which=which, token=token, off=off, text=text, auto=auto, way=way)

    @rule(node=nodes, text=typed, auto=st.booleans(), way=ways)
    @counted
    def answers(self, node: str, text: str, auto: bool, way: str) -> None:
        """As a client that behaves: the same as `submits`, for most of what that draws goes nowhere."""
        self.submits_at(node, which=-1, token="current", off=0, text=text, auto=auto, way=way)

    @rule(node=nodes, text=st.sampled_from(["404", "200"]), off=st.sampled_from([0, -1]))
    @counted
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
        sent: dict[str, Any] = {"question_index": index, "answer": text, "time_expired": auto}
        if self.way(way, lock_token) == "http":
            sent["submitted_at"] = rfc3339(self.model.now)

        async def call() -> bool:
            taken = await self.send(
                node,
                way,
                "submit_answer",
                which=which,
                sent=sent,
                token=lock_token,
                method="POST",
                path="answers",
            )
            return bool(taken.get("duplicate", False))

        def decide() -> bool:
            return self.model.submit(attempt, token=lock_token, index=index, answer=text, auto=auto)

        self.both(f"submit by {self.way(way, lock_token)}", decide, call, attempt=attempt)

    @staticmethod
    def way(wanted: str, lock_token: str | None) -> str:
        """The way that a write goes: an event always has a lock token."""
        return "http" if lock_token is None else wanted

    async def send(
        self,
        node: str,
        way: str,
        event: str,
        *,
        which: int,
        sent: dict[str, Any],
        token: str | None,
        method: str,
        path: str,
    ) -> dict[str, Any]:
        """Send a write through the entrance of `way`, as `event` or as a request."""
        session_id, door = self.ids[which], self.doors[node]
        stamped = sent if token is None else sent | {"lock_token": token}
        if self.way(way, token) == "socket":
            return await door.by_socket(self.who, event, session_id=session_id, sent=stamped)
        return await door.by_http(self.who, method, f"/api/interviews/{session_id}/{path}", sent=stamped)
