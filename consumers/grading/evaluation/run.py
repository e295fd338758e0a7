"""Answers through the graders as they are in production: same prompts, same arithmetic; what fails is tried again."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from consumers import backoff
from consumers.backoff import Retry
from consumers.grading import grade
from consumers.grading.failures import GradingFailure, Refused
from consumers.grading.judge import judge
from consumers.grading.model import Model
from consumers.grading.outcome import Outcome
from consumers.grading.questions import Mcq, Question
from consumers.grading.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Task:
    """An answer to grade; ids differ."""

    id: str
    question: Question
    answer: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the AI: what it took, and how it failed, should it have. Tokens are None where the endpoint names none."""

    latency_ms: int
    input_tokens: int | None
    output_tokens: int | None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Grading:
    """What came of a task; `outcome` is None where the AI gave no usable judgement however often it was asked."""

    outcome: Outcome | None
    calls: tuple[Call, ...]

    @property
    def failure(self) -> str | None:
        """Why there is no outcome."""
        return self.calls[-1].failure if self.outcome is None and self.calls else None


@dataclass(frozen=True, slots=True)
class Bench:
    """The graders, and how patient we are with them; `pause` waits for so many seconds, `graded` hears of each task."""

    model: Model | None
    recipe: Recipe
    concurrency: int
    max_failures: int
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    graded: Callable[[], object] = lambda: None

    async def run(self, tasks: Iterable[Task]) -> dict[str, Grading]:
        """Grade all of them, so many at a time; raises ValueError where one needs the AI and there is none."""
        waiting = iter(tasks)
        found: dict[str, Grading] = {}

        async def work() -> None:
            for task in waiting:
                found[task.id] = await self._grade(task)
                self.graded()

        async with asyncio.TaskGroup() as group:
            for _ in range(self.concurrency):
                group.create_task(work())
        return found

    async def _grade(self, task: Task) -> Grading:
        question, answer = task.question, task.answer
        if isinstance(question, Mcq) or not grade.needs_ai(question, answer):
            return Grading(grade.at_once(question, answer), ())
        if self.model is None:
            raise ValueError(f"{task.id} needs the AI")
        calls: list[Call] = []
        while True:
            try:
                outcome = await judge(self.model, question, answer, recipe=self.recipe)
            except GradingFailure as failure:
                calls.append(_call(failure.provenance, failure=str(failure)))
                step = backoff.after_failure(
                    failures=len(calls),
                    most=self.max_failures,
                    asked=failure.retry_after,
                    chance=random.random(),  # noqa: S311 - spreads load, guards nothing
                )
                # a key or a model that is wrong stays so, and somebody waits in front of this
                if isinstance(failure, Refused) or not isinstance(step, Retry):
                    return Grading(None, tuple(calls))
                await self.pause(step.delay)
            else:
                return Grading(outcome, (*calls, _call(outcome.provenance)))


def _call(provenance: dict[str, Any], *, failure: str | None = None) -> Call:
    tokens = provenance.get("tokens", {})
    return Call(
        latency_ms=provenance.get("latency_ms", 0),
        input_tokens=tokens.get("input"),
        output_tokens=tokens.get("output"),
        failure=failure,
    )
