"""A local HTTP server that speaks the OpenAI chat-completions API, and can be told to misbehave in the known ways."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

Json: TypeAlias = dict[str, Any]

WAIT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    model: str
    system: str
    user: str
    schema_name: str
    schema: Json
    temperature: float | None

    @property
    def criteria(self) -> list[str]:
        """The fields of the schema that stand for criteria, in order."""
        return [name for name in self.schema["properties"] if name.startswith("criterion_")]


Behaviour: TypeAlias = Callable[[Asked], Awaitable[web.StreamResponse]]


def judged(asked: Asked, *, share: float = 0.8, addresses_grader: bool = False) -> Json:
    """A filled form: every criterion met to the same share; a summary where that is asked for."""
    if not asked.criteria:
        return {
            "summary": "The candidate did well. Basics are strong. Details are missing.",
            "strengths": ["Clear basics"],
            "improvements": ["Edge cases"],
            "recommendation": "hire",
        }
    return {
        **{name: {"reason": f"Reason for {name}.", "judgement": share} for name in asked.criteria},
        "strengths": ["Names the main point"],
        "improvements": ["Give an example"],
        "overall_feedback": "A good answer with gaps.",
        "addresses_grader": addresses_grader,
    }


def honest(*, share: float = 0.8, after: float = 0.0, addresses_grader: bool = False) -> Behaviour:
    """Judge everything to be met to `share`, after some seconds."""

    async def answer(asked: Asked) -> web.StreamResponse:
        await asyncio.sleep(after)
        return completion(json.dumps(judged(asked, share=share, addresses_grader=addresses_grader)))

    return answer


def honest_after(event: asyncio.Event, *, share: float = 0.8) -> Behaviour:
    """As honest, once the event is set."""

    async def answer(asked: Asked) -> web.StreamResponse:
        await event.wait()
        return completion(json.dumps(judged(asked, share=share)))

    return answer


def says(text: str) -> Behaviour:
    """Reply with this text, whatever was asked."""

    async def answer(_asked: Asked) -> web.StreamResponse:
        return completion(text)

    return answer


def fills(change: Callable[[Json], object]) -> Behaviour:
    """Reply with an honest form that `change` has spoiled. What JSON does not know (NaN) goes out as Python writes it."""

    async def answer(asked: Asked) -> web.StreamResponse:
        form = judged(asked)
        change(form)
        return completion(json.dumps(form))

    return answer


def fails(status: int, *, retry_after: str | None = None) -> Behaviour:
    """Reply with an error status."""

    async def answer(_asked: Asked) -> web.StreamResponse:
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        return web.json_response({"error": {"message": "no", "type": "test"}}, status=status, headers=headers)

    return answer


def hangs() -> Behaviour:
    """Never reply."""

    async def answer(_asked: Asked) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    return answer


def sends(body: bytes, *, content_type: str = "application/json") -> Behaviour:
    """Reply with these bytes and 200, be they a completion or not."""

    async def answer(_asked: Asked) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type)

    return answer


def refuses() -> Behaviour:
    """Reply with the model's refusal."""

    async def answer(_asked: Asked) -> web.StreamResponse:
        return completion(None, refusal="I would rather not.")

    return answer


def cut_short() -> Behaviour:
    """Reply with half a form, cut at the length limit."""

    async def answer(asked: Asked) -> web.StreamResponse:
        return completion(json.dumps(judged(asked))[:40], finish_reason="length")

    return answer


def completion(
    content: str | None, *, refusal: str | None = None, finish_reason: str = "stop"
) -> web.Response:
    """A chat completion as the API sends it."""
    return web.json_response(
        {
            "id": "chatcmpl-test",
            "object": "chat.completion",
            "created": 1_790_000_000,
            "model": "test-model-2026-01-01",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish_reason,
                    "message": {"role": "assistant", "content": content, "refusal": refusal},
                }
            ],
            "usage": {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366},
        }
    )


@dataclass(slots=True)
class AiServer:
    """The server; each request takes the next of the scripted behaviours, and `otherwise` after them."""

    url: str = ""
    otherwise: Behaviour = field(default_factory=honest)
    asked: list[Asked] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    script: deque[Behaviour] = field(default_factory=deque)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, condition: Callable[["AiServer"], bool]) -> None:
        """Wait until requests have come or gone so that the condition holds."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    def will(self, *behaviours: Behaviour) -> None:
        """Append to the script."""
        self.script.extend(behaviours)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /chat/completions."""
        body = await request.json()
        system, user = (message["content"] for message in body["messages"])
        json_schema = body["response_format"]["json_schema"]
        asked = Asked(
            model=body["model"],
            system=system,
            user=user,
            schema_name=json_schema["name"],
            schema=json_schema["schema"],
            temperature=body.get("temperature"),
        )
        self.asked.append(asked)
        self.in_flight += 1
        self._changed.set()
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await (self.script.popleft() if self.script else self.otherwise)(asked)
        finally:
            self.in_flight -= 1
            self._changed.set()


@asynccontextmanager
async def ai_server() -> AsyncIterator[AiServer]:
    """Run a server on a free port for the length of the block."""
    server = AiServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.complete)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
