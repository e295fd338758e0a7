"""A recruiter at work, for the tests of their calls: a candidate in a session, and everything that is told of it."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import socketio

from tests.integration.node import Node, Person, Reply

SESSIONS = "/api/recruiter/sessions"
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Desk:
    """A recruiter, one of their candidates, and the interview between them."""

    node: Node
    recruiter: Person
    candidate: Person
    interview_id: UUID

    async def start(self) -> str:
        """Have the candidate start; answers the session's id."""
        session_id: str = (await self.node.start(self.candidate, self.interview_id))["id"]
        return session_id

    async def finish(self, *answers: str | None) -> str:
        """Have the candidate take the interview to its end; answers the session's id."""
        session_id = await self.start()
        for index, answer in enumerate(answers):
            reply = await self.node.answer(self.candidate, session_id, index, answer)
            assert reply.status == 200, reply.body
        return session_id

    async def draft(self, session_id: str, index: int, text: str) -> None:
        """Have the candidate's browser save a draft."""
        reply = await self.node.call(
            "PUT",
            f"/api/interviews/{session_id}/draft",
            self.candidate,
            json={"question_index": index, "revision": 1, "answer": text},
        )
        assert reply.status == 200, reply.body

    async def get(self, path: str, **query: Any) -> Reply:
        """Read as the recruiter."""
        return await self.node.call(
            "GET", path, self.recruiter, params={name: str(value) for name, value in query.items()}
        )

    async def act(self, session_id: str, verb: str, **body: Any) -> Reply:
        """Do something to a session as the recruiter."""
        return await self.node.call("POST", f"{SESSIONS}/{session_id}/{verb}", self.recruiter, json=body)

    async def done(self, session_id: str, verb: str, **body: Any) -> dict[str, Any]:
        """The same where it must succeed; answers the summary."""
        reply = await self.act(session_id, verb, **body)
        assert reply.status == 200, reply.body
        summary: dict[str, Any] = reply.body
        return summary

    async def score(self, answer_id: str, score: float, reason: str = "I read it") -> Reply:
        """Score an answer as the recruiter."""
        return await self.node.call(
            "POST",
            f"/api/recruiter/answers/{answer_id}/score",
            self.recruiter,
            json={"score": score, "reason": reason},
        )

    async def page(self, **query: Any) -> dict[str, Any]:
        """A page of the list."""
        reply = await self.get(SESSIONS, **query)
        assert reply.status == 200, reply.body
        page: dict[str, Any] = reply.body
        return page

    async def detail(self, session_id: str) -> dict[str, Any]:
        """A session in full."""
        reply = await self.get(f"{SESSIONS}/{session_id}")
        assert reply.status == 200, reply.body
        detail: dict[str, Any] = reply.body
        return detail

    async def active(self) -> dict[str, Any]:
        """The session as its candidate sees it."""
        reply = await self.node.call("GET", "/api/interviews/active", self.candidate)
        session: dict[str, Any] = reply.body["active_session"]
        return session

    async def row(self, session_id: str) -> Any:
        """The session as stored."""
        return await self.node.pool.fetchrow(
            "SELECT * FROM interview_sessions WHERE id = $1", UUID(session_id)
        )

    async def told(self, session_id: str) -> list[tuple[str, dict[str, Any]]]:
        """What the recruiter's room is told of the session, in order."""
        rows = await self.node.pool.fetch(
            "SELECT kind, payload FROM feed_events WHERE session_id = $1 ORDER BY id", UUID(session_id)
        )
        return [(row["kind"], row["payload"]) for row in rows]

    async def published(self, session_id: str) -> list[tuple[str, dict[str, Any]]]:
        """What other services are told of the session, in order."""
        rows = await self.node.pool.fetch(
            "SELECT type, data FROM stream_events WHERE session_id = $1 ORDER BY id", UUID(session_id)
        )
        return [(row["type"].removeprefix("interlock."), row["data"]) for row in rows]

    async def audit(self, session_id: str) -> list[dict[str, Any]]:
        """The audit's newest words, without their times."""
        return [
            {name: entry[name] for name in ("action", "actor", "reason", "detail")}
            for entry in (await self.detail(session_id))["audit"]
        ]


class Heard:
    """What a socket was told, in order."""

    def __init__(self, socket: socketio.AsyncClient, namespace: str) -> None:
        self._events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        socket.on("*", self._keep, namespace=namespace)

    async def _keep(self, event: str, payload: Any) -> None:
        self._events.put_nowait((event, payload))

    async def next(self, *names: str) -> tuple[str, Any]:
        """The next event of one of these names; others are passed over."""
        async with asyncio.timeout(SECONDS):
            while True:
                event, payload = await self._events.get()
                if event in names:
                    return event, payload


async def joined(desk: Desk, session_id: str) -> Heard:
    """The candidate's socket, holding the session."""
    socket = await desk.node.connect(desk.candidate, "/candidate")
    heard = Heard(socket, "/candidate")
    ack = await socket.call(
        "join_session", {"session_id": session_id}, namespace="/candidate", timeout=SECONDS
    )
    assert ack["ok"] is True, ack
    return heard


def steps(plan: Any) -> list[dict[str, Any]]:
    """All steps of what EXPLAIN (FORMAT JSON) answers."""
    tree = orjson.loads(plan) if isinstance(plan, str) else plan

    def walk(step: dict[str, Any]) -> list[dict[str, Any]]:
        return [step, *(found for child in step.get("Plans", []) for found in walk(child))]

    return walk(tree[0]["Plan"])
