"""A real node for a test: the real application on a real port, with people and interviews to use it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import orjson
import socketio
from aiohttp.test_utils import BaseTestServer

from db.pool import Pool
from realtime.app import ENGINE
from realtime.auth import issue_token
from realtime.contracts.interviews import Interview
from realtime.contracts.invitations import Invite
from realtime.contracts.people import Role
from realtime.settings import Settings
from realtime.sockets.wire import EngineServer
from realtime.usecases import interviews, invitations, people

SECRET = "a secret for tests that is longer than thirty-two bytes"

MCQ: dict[str, Any] = {
    "type": "mcq",
    "question_text": "Which status says that nothing was found?",
    "time_limit": 60,
    "points": 10,
    "options": ["200", "301", "404"],
    "correct_answer": "404",
}
SHORT: dict[str, Any] = {
    "type": "short_answer",
    "question_text": "What does an index cost?",
    "time_limit": 120,
    "points": 20,
    "expected_keywords": ["writes", "space"],
    "sample_answer": "CANARY-SAMPLE-ANSWER: writes get slower and it takes space",
}
CODE: dict[str, Any] = {
    "type": "code",
    "question_text": "Reverse a list.",
    "time_limit": 300,
    "points": 30,
    "language": "python",
    "starter_code": "def reverse(items):\n    pass\n",
    "sample_solution": "CANARY-SOLUTION\ndef reverse(items):\n    return items[::-1]\n",
    "evaluation_criteria": ["CANARY-CRITERION: returns a new list", "Handles the empty list"],
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token."""

    id: UUID
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What signs a request."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request was answered."""

    status: int
    body: Any
    headers: Any


@dataclass(slots=True)
class Node:
    """A running node and the ways to use it."""

    server: BaseTestServer
    settings: Settings
    pool: Pool
    session: aiohttp.ClientSession
    sockets: list[socketio.AsyncClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return str(self.server.make_url("/")).rstrip("/")

    @property
    def engine(self) -> EngineServer:
        """Its Engine.IO server."""
        return self.server.app[ENGINE]  # type: ignore[attr-defined, no-any-return]

    async def person(self, role: Role, *, name: str = "Somebody") -> Person:
        """Make a user and sign them in."""
        email = f"{uuid4().hex}@people.test"
        async with self.pool.acquire() as conn:
            user = await people.add_user(conn, email=email, name=name, role=role)
        return Person(user.id, email, self.token(user.id, role))

    def token(self, user_id: UUID, role: Role, **claims: Any) -> str:
        """Sign a token."""
        now = datetime.now(UTC)
        return issue_token(
            settings=self.settings,
            user_id=user_id,
            role=role,
            now=now,
            expires_at=now + timedelta(hours=1),
            **claims,
        )

    async def interview(self, owner: Person, *questions: dict[str, Any], **fields: Any) -> UUID:
        """Make an interview of these questions."""
        wanted = {"title": "Back end", "questions": list(questions or (MCQ, SHORT, CODE))} | fields
        interview = Interview.model_validate_json(orjson.dumps(wanted))
        async with self.pool.acquire() as conn:
            return (await interviews.create(conn, owner_id=owner.id, interview=interview)).id

    async def invite(self, owner: Person, interview_id: UUID, candidate: Person, **fields: Any) -> UUID:
        """Invite a candidate."""
        wanted = Invite.model_validate_json(
            orjson.dumps({"email": candidate.email, "name": "Candidate"} | fields)
        )
        async with self.pool.acquire() as conn:
            link = await invitations.invite(
                conn, owner_id=owner.id, interview_id=interview_id, request=wanted, public_url=self.url
            )
        return link.id

    async def start(self, candidate: Person, interview_id: UUID | str) -> dict[str, Any]:
        """Start an interview; answers the session."""
        reply = await self.call("POST", f"/api/interviews/{interview_id}/start", candidate)
        assert reply.status == 201, reply.body
        started: dict[str, Any] = reply.body
        return started

    async def answer(
        self, candidate: Person, session_id: str, index: int, answer: str | None, **fields: Any
    ) -> Reply:
        """Submit an answer over HTTP."""
        body = {
            "question_index": index,
            "answer": answer,
            "submitted_at": "2026-11-22T10:15:00.123Z",
            "time_expired": False,
        } | fields
        return await self.call("POST", f"/api/interviews/{session_id}/answers", candidate, json=body)

    async def call(self, method: str, path: str, who: Person | None = None, **options: Any) -> Reply:
        """Make a request."""
        headers = {} if who is None else who.headers
        headers |= options.pop("headers", {})
        async with self.session.request(method, self.url + path, headers=headers, **options) as response:
            is_json = "json" in response.headers.get("Content-Type", "")
            body = await response.json(content_type=None) if is_json else await response.text()
            return Reply(response.status, body, response.headers)

    async def connect(self, who: Person, namespace: str) -> socketio.AsyncClient:
        """Open a socket that does not come back by itself."""
        socket = socketio.AsyncClient(reconnection=False)
        self.sockets.append(socket)
        await socket.connect(
            self.url,
            transports=["websocket"],
            namespaces=[namespace],
            auth={"token": who.token},
            wait_timeout=5,
        )
        return socket
