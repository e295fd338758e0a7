"""An AI that judges each answer by a number that stands in it, and otherwise refuses, hangs and talks nonsense by chance."""

import asyncio
import json
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from aiohttp import web

from tests import ai_server
from tests.ai_server import Asked, Json, judged
from tests.faults.counts import Fault, Tally

REFUSED, HUNG, MALFORMED = 0.10, 0.05, 0.05
RETRY_AFTER = 3.0  # seconds: longer than the first back-off would be
UNRECORDED_SECONDS = (
    2.0  # so soon after leases were lost, what we say may be said to whoever no longer holds one
)
THINKS_SECONDS = 0.02
NUMBER = re.compile(r"number (\d{6})\.")
POISON = "poisonous"


def share_of(number: int) -> float:
    """How far the answer with this number meets every criterion."""
    return number % 11 / 10


@dataclass(slots=True)
class UnsteadyAi:
    """What several servers, one before each process, say; `judged_for` has what each has judged, by number."""

    rng: Random
    tally: Tally
    steady: bool = False
    judged_for: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    early: list[str] = field(default_factory=list)
    _not_before: dict[int, float] = field(default_factory=dict)
    _known_from: float = 0.0
    _nonsense: int = 0

    def for_process(self, name: str) -> ai_server.Behaviour:
        """The behaviour of the server that this process asks."""

        async def answer(asked: Asked) -> web.StreamResponse:
            found = NUMBER.search(asked.user)
            number = None if found is None else int(found[1])
            self._check_patience(number)
            if POISON in asked.user:
                return await ai_server.says("I cannot judge that.")(asked)
            fault = self._fault()
            if fault is not None:
                self.tally[fault] += 1
                now = time.monotonic()
                if fault is Fault.AI_REFUSED and number is not None and now >= self._known_from:
                    self._not_before[number] = now + RETRY_AFTER
                return await self._misbehave(fault, asked)
            await asyncio.sleep(THINKS_SECONDS)
            if number is None:  # the text about a session
                return await ai_server.honest()(asked)
            self.judged_for[name].add(number)
            return ai_server.completion(json.dumps(judged(asked, share=share_of(number))))

        return answer

    def killed(self, name: str) -> None:
        """Whoever asked there may have taken what it was told to wait into its grave."""
        self.leases_lost()
        self.judged_for[name].clear()

    def leases_lost(self) -> None:
        """What somebody was told to wait may be recorded no more, for another has taken the job over."""
        self._not_before.clear()
        self._known_from = time.monotonic() + UNRECORDED_SECONDS

    def _check_patience(self, number: int | None) -> None:
        if number is None or number not in self._not_before:
            return
        at = self._not_before.pop(number)
        if time.monotonic() < at:
            self.early.append(
                f"answer {number} was asked about {at - time.monotonic():.2f} s before it should"
            )

    def _fault(self) -> Fault | None:
        chance = self.rng.random()
        if self.steady or chance > REFUSED + HUNG + MALFORMED:
            return None
        if chance < REFUSED:
            return Fault.AI_REFUSED
        return Fault.AI_HUNG if chance < REFUSED + HUNG else Fault.AI_MALFORMED

    async def _misbehave(self, fault: Fault, asked: Asked) -> web.StreamResponse:
        if fault is Fault.AI_REFUSED:
            return await ai_server.fails(429, retry_after=str(RETRY_AFTER))(asked)
        if fault is Fault.AI_HUNG:
            return await ai_server.hangs()(asked)
        if not asked.criteria:
            return await NONSENSE[0](asked)
        self._nonsense += 1
        return await NONSENSE[self._nonsense % len(NONSENSE)](asked)


def _first_criterion(form: Json) -> Json:
    criterion: Json = next((value for name, value in form.items() if name.startswith("criterion_")), {})
    return criterion


NONSENSE = [
    ai_server.says("A fine answer, I would say: full marks!"),
    ai_server.says('{"criterion_1": {"reason": "cut'),
    ai_server.sends(b"{}"),
    ai_server.sends(b"<html>Bad gateway</html>", content_type="text/html"),
    ai_server.fills(lambda form: _first_criterion(form).update(judgement=7.5)),
    ai_server.fills(lambda form: _first_criterion(form).update(judgement=float("nan"))),
    ai_server.fills(lambda form: form.update(bonus=100)),
    ai_server.fills(lambda form: form.pop("improvements")),
    ai_server.cut_short(),
]
