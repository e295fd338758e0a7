"""The AI: any OpenAI-compatible endpoint. The only module that calls `openai`, which is imported when first used."""

import asyncio
import json
import math
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from consumers.grading import recipe as recipes
from consumers.grading.failures import (
    Declined,
    GradingFailure,
    Malformed,
    RateLimited,
    Refused,
    TimedOut,
    Unavailable,
)
from consumers.grading.judgement import clean
from consumers.grading.prompt import Prompt
from consumers.grading.recipe import Models, Recipe
from realtime.settings import Settings

if TYPE_CHECKING:
    from openai import APIStatusError
    from openai.types.chat import ParsedChatCompletion

_RAW_LIMIT = 16_000
_WORD_LIMIT = 200

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which endpoint, and which model for what where nothing else is said; `timeout` in seconds for a whole call."""

    api_key: str
    base_url: str | None
    short_answer: str
    code: str
    summary: str
    timeout: float

    @property
    def recipe(self) -> Recipe:
        """These models with our own prompts."""
        return recipes.configured(
            Models(short_answer=self.short_answer, code=self.code, summary=self.summary)
        )


def configured(settings: Settings) -> "Model | None":
    """The AI that the settings name; None without a key."""
    if settings.openai_api_key is None:
        return None
    return Model(
        ModelSettings(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url,
            short_answer=settings.model_short_answer,
            code=settings.model_code,
            summary=settings.model_summary,
            timeout=settings.ai_timeout_seconds,
        )
    )


@dataclass(frozen=True, slots=True)
class Reply(Generic[Form]):
    """A filled form and where it came from."""

    filled: Form
    provenance: dict[str, Any]


class Model:
    """A connection to the AI; close it when done."""

    def __init__(self, settings: ModelSettings) -> None:
        from openai import AsyncOpenAI

        self.recipe = settings.recipe
        self._timeout = settings.timeout
        # it retries twice by itself otherwise; here the jobs' rows do that
        self._client: AsyncOpenAI = AsyncOpenAI(
            api_key=settings.api_key, base_url=settings.base_url, timeout=settings.timeout, max_retries=0
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def ask(self, prompt: Prompt, form: type[Form], *, recipe: Recipe | None = None) -> Reply[Form]:
        """Have the form filled in by the recipe's model, or our own; raises a GradingFailure where that fails in any way."""
        recipe = recipe or self.recipe
        asked = {
            "requested_model": recipe.model(prompt.name),
            "parameters": recipe.parameters,
            "prompt": {"name": prompt.name, "sha256": prompt.sha256},
            "recipe_sha256": recipe.sha256,
            "endpoint": self._client.base_url.host,
        }
        call = _Call()
        try:
            completion = await self._call(prompt, form, recipe=recipe, call=call)
            if not completion.choices:
                raise Malformed("no choice in the reply")
            message = completion.choices[0].message
            if message.parsed is None:
                raise Declined("the model declined" if message.refusal else "the reply is empty")
        except GradingFailure as failure:
            failure.provenance = asked | call.provenance
            raise
        return Reply(
            filled=message.parsed,
            provenance=asked
            | call.provenance
            | {
                "model": _word(completion.model),
                "response_id": _word(completion.id),
                "system_fingerprint": _word(completion.system_fingerprint),
                "raw_output": clean(message.content or "", limit=_RAW_LIMIT),
            },
        )

    async def _call(
        self, prompt: Prompt, form: type[Form], *, recipe: Recipe, call: "_Call"
    ) -> "ParsedChatCompletion[Form]":
        import openai

        try:
            # the client's own time-out is per read: a trickle would last for ever
            async with asyncio.timeout(self._timeout):
                response = await self._client.chat.completions.with_raw_response.parse(
                    model=recipe.model(prompt.name),
                    messages=[
                        {"role": "system", "content": prompt.system},
                        {"role": "user", "content": prompt.user},
                    ],
                    response_format=form,
                    **recipe.parameters,
                )
            call.body = response.text
            return response.parse()
        except (TimeoutError, openai.APITimeoutError):
            raise TimedOut(f"no reply within {self._timeout:g} s") from None
        except openai.APIStatusError as error:
            raise _status_failure(error) from None
        except openai.APIConnectionError:
            raise Unavailable("the endpoint cannot be reached") from None
        except (openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError) as error:
            raise Declined(type(error).__name__) from None
        except ValidationError as error:
            raise Malformed(_first_fault(error)) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, KeyError) as error:
            # a body that is JSON but no completion breaks the library in many ways
            raise Malformed(f"the reply is no completion ({type(error).__name__})") from None


@dataclass(slots=True)
class _Call:
    """How long it took, and what came back whole, should it be of no use."""

    began: float = field(default_factory=time.monotonic)
    body: str | None = None

    @property
    def provenance(self) -> dict[str, Any]:
        took = {"latency_ms": round((time.monotonic() - self.began) * 1000)}
        if self.body is None:
            return took
        return took | {"raw_output": clean(self.body, limit=_RAW_LIMIT), "tokens": _tokens(self.body)}


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date, as seconds from `now`; None where it says nothing usable."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _tokens(body: str) -> dict[str, int | None]:
    """What a reply says that it cost: one that is of no use is paid for too."""
    try:
        usage = json.loads(body)["usage"]
    except (ValueError, LookupError, TypeError, RecursionError):
        usage = None
    said = usage if isinstance(usage, dict) else {}
    return {"input": _count(said.get("prompt_tokens")), "output": _count(said.get("completion_tokens"))}


def _count(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and said >= 0 else None


def _status_failure(error: "APIStatusError") -> GradingFailure:
    status = error.status_code
    wait = retry_after(error.response.headers.get("retry-after"), now=datetime.now(UTC))
    if status == 429:
        return RateLimited("the endpoint answered 429", retry_after=wait)
    if status >= 500 or status in {408, 409, 425}:
        return Unavailable(f"the endpoint answered {status}", retry_after=wait)
    return Refused(f"the endpoint answered {status}")


def _word(value: object) -> str | None:
    return None if value is None else clean(str(value), limit=_WORD_LIMIT)


def _first_fault(error: ValidationError) -> str:
    # only where and what kind: values and made-up names may be anything
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "extra_forbidden":
        return "an unknown field"
    return f"{'.'.join(str(step) for step in first['loc']) or 'reply'}: {first['type']}"
