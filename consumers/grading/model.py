"""The AI: any OpenAI-compatible endpoint. The only module that calls `openai`, which is imported when first used."""

import asyncio
import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

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

if TYPE_CHECKING:
    from openai import APIStatusError
    from openai.types.chat import ParsedChatCompletion

_RAW_LIMIT = 16_000
_PARAMETERS = {"temperature": 0}

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which endpoint and which model for what; `timeout` in seconds for a whole call."""

    api_key: str
    base_url: str | None
    short_answer: str
    code: str
    summary: str
    timeout: float

    def model_for(self, prompt: Prompt) -> str:
        """The model that a prompt goes to."""
        return {"short_answer": self.short_answer, "code": self.code, "summary": self.summary}[prompt.name]


@dataclass(frozen=True, slots=True)
class Reply(Generic[Form]):
    """A filled form and where it came from."""

    filled: Form
    provenance: dict[str, Any]


class Model:
    """A connection to the AI; close it when done."""

    def __init__(self, settings: ModelSettings) -> None:
        from openai import AsyncOpenAI

        self._settings = settings
        # it retries twice by itself otherwise; here the jobs' rows do that
        self._client: AsyncOpenAI = AsyncOpenAI(
            api_key=settings.api_key, base_url=settings.base_url, timeout=settings.timeout, max_retries=0
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def ask(self, prompt: Prompt, form: type[Form]) -> Reply[Form]:
        """Have the form filled in; raises a GradingFailure where that fails in any way."""
        began = time.monotonic()
        completion = await self._call(prompt, form)
        latency_ms = round((time.monotonic() - began) * 1000)
        if not completion.choices:
            raise Malformed("no choice in the reply")
        message = completion.choices[0].message
        if message.parsed is None:
            raise Declined("the model declined" if message.refusal else "the reply is empty")
        usage = completion.usage
        return Reply(
            filled=message.parsed,
            provenance={
                "model": clean(str(completion.model), limit=200),
                "requested_model": self._settings.model_for(prompt),
                "parameters": _PARAMETERS,
                "prompt": {"name": prompt.name, "sha256": prompt.sha256},
                "tokens": {
                    "input": usage.prompt_tokens if usage else None,
                    "output": usage.completion_tokens if usage else None,
                },
                "latency_ms": latency_ms,
                "raw_output": clean(message.content or "", limit=_RAW_LIMIT),
            },
        )

    async def _call(self, prompt: Prompt, form: type[Form]) -> "ParsedChatCompletion[Form]":
        import openai

        try:
            # the client's own time-out is per read: a trickle would last for ever
            async with asyncio.timeout(self._settings.timeout):
                return await self._client.chat.completions.parse(
                    model=self._settings.model_for(prompt),
                    messages=[
                        {"role": "system", "content": prompt.system},
                        {"role": "user", "content": prompt.user},
                    ],
                    response_format=form,
                    temperature=_PARAMETERS["temperature"],
                )
        except (TimeoutError, openai.APITimeoutError):
            raise TimedOut(f"no reply within {self._settings.timeout:g} s") from None
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


def _status_failure(error: "APIStatusError") -> GradingFailure:
    status = error.status_code
    wait = retry_after(error.response.headers.get("retry-after"), now=datetime.now(UTC))
    if status == 429:
        return RateLimited("the endpoint answered 429", retry_after=wait)
    if status >= 500 or status in {408, 409, 425}:
        return Unavailable(f"the endpoint answered {status}", retry_after=wait)
    return Refused(f"the endpoint answered {status}")


def _first_fault(error: ValidationError) -> str:
    # only where and what kind: values and made-up names may be anything
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "extra_forbidden":
        return "an unknown field"
    return f"{'.'.join(str(step) for step in first['loc']) or 'reply'}: {first['type']}"
