"""A candidate's browser as a program: it answers, keeps a history, and gets through whatever the network does."""

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Any, Literal
from uuid import UUID

import aiohttp

from tests.faults.history import History, Outcome, Sent
from tests.faults.line import Away, Line
from tests.faults.world import Taker

REPLY_SECONDS = 2.0
PATIENCE_SECONDS = 0.2  # between two attempts to reach anybody
# Answers that do not say whether the thing was done.
UNCERTAIN = frozenset({"unavailable", "internal_error", "too_many_requests"})
OVER = frozenset({"session_ended", "not_found"})


@dataclass(slots=True)
class Reply:
    """What a server said, by whatever way."""

    body: dict[str, Any]

    @property
    def code(self) -> str | None:
        """The refusal's code, if it is one."""
        return self.body.get("code")


@dataclass(slots=True)
class Candidate:
    """Somebody who answers question after question, attempt after attempt, until told that it is enough."""

    taker: Taker
    urls: list[str]
    http: aiohttp.ClientSession
    history: History
    enough: asyncio.Event
    rng: Random
    think_seconds: float = 0.15

    session_id: UUID | None = None
    index: int = 0
    lock_token: str | None = None
    resume_token: str | None = None
    line: Line | None = None
    words: int = 0

    async def sit(self) -> None:
        """Go on until it is enough; ends with nothing of which the outcome is not known."""
        while not self.enough.is_set():
            await self._begin()
            while self.session_id is not None and not self.enough.is_set():
                await asyncio.sleep(self.rng.expovariate(1 / self.think_seconds))
                await self._answer()
        await self.hang_up()

    # --- getting through ---

    async def _begin(self) -> None:
        reply = await self._post(f"/api/interviews/{self.taker.interview_id}/start", None)
        if reply is None or reply.code in UNCERTAIN:
            await asyncio.sleep(PATIENCE_SECONDS)
            return
        started = reply.body.get("session_id") if reply.code == "already_in_progress" else reply.body["id"]
        self.session_id = UUID(started)
        self.index = reply.body["current_question_index"]
        self.lock_token = self.resume_token = None

    async def _connected(self) -> Line | None:
        """The line, made again where it is broken; None where nobody can be reached by it."""
        line = self.line if self.line is not None and self.line.is_up else None
        if line is not None and self.lock_token is not None:
            return line
        try:
            if line is None:
                line = self.line = Line()
                await line.open(self.rng.choice(self.urls), self.taker.token)
            joining = {
                "session_id": str(self.session_id),
                "resume_token": self.resume_token,
                "takeover": True,
            }
            joined = await line.ask("join_session", joining)
        except Away:
            await self.hang_up()
            return None
        if not joined["ok"]:
            await self.hang_up()
            if joined["code"] in OVER:
                self.session_id = None
            return None
        self.lock_token, self.resume_token = joined["lock_token"], joined["resume_token"]
        return line

    async def hang_up(self) -> None:
        """Break the line; the lock token stays good for HTTP."""
        if self.line is not None:
            await self.line.drop()

    # --- answering ---

    async def _answer(self) -> None:
        """Answer the current question, as often as it takes to know what became of it."""
        index = self.index
        if self.rng.random() < 0.6:
            await self._draft(index)
        text = self._text(index)
        while self.session_id is not None and self.index == index:
            if self.rng.random() < 0.2:
                text = self._text(index)  # on second thoughts; the server may have the first ones already
            reply = await self._send(
                "answer",
                index,
                text,
                {"question_index": index, "answer": text, "time_expired": False},
            )
            if reply is None:
                await asyncio.sleep(PATIENCE_SECONDS)
            elif reply.code is None:
                self.index = reply.body.get("next_question_index", index + 1)
                if reply.body.get("completed"):
                    self.session_id = None
            else:
                await self._refused(reply)

    async def _draft(self, index: int) -> None:
        text = self._text(index)
        body = {"question_index": index, "revision": self.words, "answer": text}
        reply = await self._send("draft", index, text, body)
        if reply is not None and reply.code is not None:
            await self._refused(reply)

    async def _refused(self, reply: Reply) -> None:
        if reply.code in OVER:
            self.session_id = None
        elif reply.code == "locked_elsewhere":  # the token is an older one: join again
            await self.hang_up()
        else:
            assert "current_question_index" in reply.body, f"a refusal that says not where to go on: {reply}"
            self.index = reply.body["current_question_index"]

    async def _send(
        self, what: Literal["answer", "draft"], index: int, text: str, body: dict[str, Any]
    ) -> Reply | None:
        """Send by the line where there is one, else over HTTP; None where the outcome is not known."""
        line = await self._connected()
        session_id = self.session_id
        if session_id is None:
            return None
        by_line = line is not None and self.rng.random() < 0.85
        token = self.lock_token
        reply: Reply | None
        if by_line and line is not None:
            event = "submit_answer" if what == "answer" else "save_draft"
            try:
                sent = body | {"session_id": str(session_id), "lock_token": token}
                reply = Reply(await line.ask(event, sent))
            except Away:
                await self.hang_up()
                reply = None
        else:
            stamp = {} if token is None else {"lock_token": token}
            if what == "answer":
                stamp["submitted_at"] = "2026-11-22T10:15:00.123Z"
            path = f"/api/interviews/{session_id}/" + ("answers" if what == "answer" else "draft")
            reply = await self._post(path, body | stamp, method="POST" if what == "answer" else "PUT")
        if reply is not None and reply.code in UNCERTAIN:
            reply = None
        receipt = {} if reply is None else reply.body.get("receipt", {})
        self.history.add(
            Sent(
                session_id=session_id,
                index=index,
                what=what,
                text=text,
                way="socket" if by_line else "http",
                outcome=_outcome(reply),
                lock_token=token,
                code=None if reply is None else reply.code,
                revision=body.get("revision"),
                answer_id=UUID(receipt["answer_id"]) if receipt else None,
                sha256=receipt.get("sha256"),
            )
        )
        return reply

    async def _post(self, path: str, body: dict[str, Any] | None, *, method: str = "POST") -> Reply | None:
        try:
            async with self.http.request(
                method,
                self.rng.choice(self.urls) + path,
                json=body,
                headers=self.taker.headers,
                timeout=aiohttp.ClientTimeout(total=REPLY_SECONDS),
            ) as response:
                return Reply(await response.json(content_type=None))
        except (aiohttp.ClientError, OSError, ValueError):
            return None

    def _text(self, index: int) -> str:
        """Words that nobody has written before."""
        self.words += 1
        return f"{self.session_id} {index} {self.words}"


def _outcome(reply: Reply | None) -> Outcome:
    if reply is None:
        return Outcome.UNKNOWN
    return Outcome.OK if reply.code is None else Outcome.FAILED
