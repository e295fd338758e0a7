"""Promise 7: no key or rubric reaches a candidate, nor any log of real processes that say all they can."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import orjson
import pytest
from aiohttp import web

from db.pool import connect
from realtime.contracts.interviews import Interview
from realtime.usecases import interviews
from tests import ai_server
from tests.ai_server import AiServer, Asked, judged
from tests.faults.cluster import Cluster, cluster
from tests.faults.conftest import TALLY
from tests.faults.line import Line
from tests.faults.waiting import until
from tests.faults.world import Taker, invited, owner_of

pytestmark = [pytest.mark.faults, pytest.mark.unhurried]

CANARY = "CANARY"
KEY, CHOSEN, OTHER = "OPTION-ALDER", "OPTION-BIRCH", "OPTION-CEDAR"
ANSWER = "PRIVATE-ANSWER"  # no log may hold what a candidate wrote either
QUESTIONS: list[dict[str, Any]] = [
    {"type": "mcq", "question_text": "Which?", "options": [CHOSEN, KEY, OTHER], "correct_answer": KEY},
    {
        "type": "short_answer",
        "question_text": "Why?",
        "expected_keywords": ["CANARY-KEYWORD-ONE", "CANARY KEYWORD TWO"],
        "sample_answer": "CANARY-SAMPLE-ANSWER",
    },
    {
        "type": "code",
        "question_text": "How?",
        "language": "python",
        "sample_solution": "CANARY-SAMPLE-SOLUTION",
        "evaluation_criteria": ["CANARY-CRITERION-ONE", "CANARY-CRITERION-TWO"],
    },
    {"type": "short_answer", "question_text": "What else?", "expected_keywords": ["CANARY-KEYWORD-LAST"]},
]
DEBUG = {"INTERLOCK_LOG_LEVEL": "debug"}
STATE = "SELECT released_at, ai_summary FROM interview_sessions WHERE id = $1"


@pytest.fixture
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cluster]:
    """Stores; this test starts processes of its own, which log all they can."""
    with cluster(tmp_path / "data", nodes=0, consumers=0, tally=request.config.stash[TALLY]) as it:
        yield it


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    """An AI that fails in several ways first, for failures are logged too, and tells in its summary all that it was told."""
    async with ai_server.ai_server() as server:
        server.will(
            ai_server.fails(429, retry_after="0"),
            ai_server.says(f"{CANARY}-OF-THE-MODEL"),
            ai_server.fails(500),
        )
        server.otherwise = tells
        yield server


async def tells(asked: Asked) -> web.StreamResponse:
    """Judge honestly, and repeat what is to be summarised."""
    form = judged(asked)
    if not asked.criteria:
        words = asked.user.split()
        form["strengths"] = [" ".join(words[at : at + 40]) for at in range(0, len(words), 40)][:8]
    return ai_server.completion(json.dumps(form))


async def test_no_key_reaches_a_candidate_or_a_log(product: Cluster, ai: AiServer) -> None:
    product.add_node(settings=DEBUG)
    product.add_consumer(settings={**DEBUG, "OPENAI_API_KEY": f"{CANARY}-API-KEY", "OPENAI_BASE_URL": ai.url})
    await product.ready()
    taker = await _taker(product)
    async with aiohttp.ClientSession() as http:
        visit = Visit(product, taker, http)
        session_id = await visit.whole_interview()
        await until(product.database_url, STATE, UUID(session_id), lambda row: row["ai_summary"])
        await visit.call("GET", "/api/interviews/history")
        await visit.call("POST", f"/api/recruiter/sessions/{session_id}/release", token=taker.owner_token)
        released = await visit.call("GET", "/api/interviews/history")
        # broken requests are logged with more
        await visit.call("POST", "/api/recruiter/interviews", token=taker.owner_token, body={"title": CANARY})
        await visit.call("POST", f"/api/interviews/{session_id}/answers", body={"answer": ANSWER})
    assert released[0]["result"]["strengths"], "nothing was released: nothing is proved"
    received = "\n".join(visit.received)
    assert CANARY not in received
    assert received.count(KEY) == received.count(OTHER) > 0, "the key is more than an option among several"
    for process in (*product.nodes, *product.consumers):
        said = process.log.read_text("utf-8", "replace")
        assert '"level":"debug"' in said or '"level":"info"' in said, f"{process.name} says nothing"
        for secret in (CANARY, KEY, ANSWER, taker.token, taker.owner_token):
            assert secret not in said, f"{process.name}: {secret[:20]} in its log"


class Visit:
    """A candidate's whole interview, over HTTP and a socket; `received` has every byte of it."""

    def __init__(self, product: Cluster, taker: Taker, http: aiohttp.ClientSession) -> None:
        self.received: list[str] = []
        self._url = product.nodes[0].url
        self._taker = taker
        self._http = http

    async def whole_interview(self) -> str:
        """Start, answer every question, each in another way; answers the session's id."""
        await self.call("GET", "/api/interviews/available")
        started = await self.call("POST", f"/api/interviews/{self._taker.interview_id}/start")
        session_id: str = started["id"]
        path = f"/api/interviews/{session_id}"
        await self.call("GET", "/api/interviews/active")
        await self.call("POST", f"{path}/answers", body=_answer(0, "no option"))
        await self.call("POST", f"{path}/answers", body=_answer(0, CHOSEN))
        line = Line(hear=lambda event, payload: self.received.append(f"{event} {payload}"))
        await line.open(self._url, self._taker.token)
        joined = await self._ask(line, "join_session", {"session_id": session_id})
        mine = {"session_id": session_id, "lock_token": joined["lock_token"]}
        draft = {"question_index": 1, "revision": 1, "answer": ANSWER}
        await self._ask(line, "save_draft", mine | draft)
        for index in (1, 2, 3):
            said = f"{ANSWER} {index}"
            answer = {"question_index": index, "answer": said, "time_expired": False}
            await self._ask(line, "submit_answer", mine | answer)
        await self._ask(
            line, "submit_answer", mine | {"question_index": 9, "answer": "x", "time_expired": False}
        )
        await line.close()
        await self.call("GET", "/api/interviews/active")
        return session_id

    async def call(self, method: str, path: str, *, token: str | None = None, body: Any = None) -> Any:
        """Make a request; what a recruiter gets is theirs to see, and not kept."""
        headers = {"Authorization": f"Bearer {token or self._taker.token}"}
        async with self._http.request(method, self._url + path, headers=headers, json=body) as response:
            said = await response.text()
            if token is None:
                self.received.append(f"{dict(response.headers)} {said}")
            return orjson.loads(said)

    async def _ask(self, line: Line, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        reply = await line.ask(event, payload)
        self.received.append(json.dumps(reply))
        return reply


def _answer(index: int, text: str) -> dict[str, Any]:
    return {
        "question_index": index,
        "answer": text,
        "time_expired": False,
        "submitted_at": "2026-11-22T10:15:00.123Z",
    }


async def _taker(product: Cluster) -> Taker:
    questions = [{"time_limit": 600, "points": 10} | question for question in QUESTIONS]
    conn = await connect(product.database_url)
    try:
        owner_id = await owner_of(conn)
        made = await interviews.create(
            conn,
            owner_id=owner_id,
            interview=Interview.model_validate_json(orjson.dumps({"title": "Keys", "questions": questions})),
        )
        return await invited(product, conn, owner_id=owner_id, interview_id=made.id)
    finally:
        await conn.close()
