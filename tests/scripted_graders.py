"""Models for the graders' test bench: what each says rests on the answer that stands in the prompt, and on nothing else."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from tests import ai_server
from tests.ai_server import Asked, Behaviour, Json, judged

_ANSWER = re.compile(r"<answer-(\w+)>\n(.*)\n</answer-\1>", re.DOTALL)

Shares = Mapping[str, Sequence[float]]


def answer_in(asked: Asked) -> str:
    """What the candidate typed."""
    found = _ANSWER.search(asked.user)
    assert found is not None, asked.user
    return found[2]


def filled(asked: Asked, shares: Sequence[float], *, addresses_grader: bool = False) -> Json:
    """A form with these shares, in the order of the criteria."""
    form = judged(asked, addresses_grader=addresses_grader)
    for name, share in zip(asked.criteria, shares, strict=True):
        form[name]["judgement"] = share
    return form


def honest(known: Shares) -> Behaviour:
    """Judge each answer as the person did, and one with an attack as the one that it rides on; what speaks to it is flagged."""

    async def answer(asked: Asked) -> web.StreamResponse:
        whole = answer_in(asked)
        under = [text for text in known if text.strip() and text in whole]
        shares = known[max(under, key=len)] if under else [0.0] * len(asked.criteria)
        return ai_server.completion(json.dumps(filled(asked, shares, addresses_grader=whole not in known)))

    return answer


def careless(known: Shares, blur: Callable[[float], float]) -> Behaviour:
    """Judge each answer as the person did, blurred in a fixed way."""

    async def answer(asked: Asked) -> web.StreamResponse:
        shares = [blur(share) for share in known[answer_in(asked)]]
        return ai_server.completion(json.dumps(filled(asked, shares)))

    return answer


@dataclass(slots=True)
class Gullible:
    """Obeys whoever gives orders, and answers some of them first with nonsense; gives nothing to others.

    An answer with one of the keys of `first` gets that nonsense first, once from each model; one with a text of `never` gets prose for ever.
    """

    is_order: Callable[[str], bool]
    first: Mapping[str, Behaviour] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def answer(self, asked: Asked) -> web.StreamResponse:
        """The behaviour."""
        whole = answer_in(asked)
        self.asked[asked.model, whole] += 1
        if any(text in whole for text in self.never):
            return await ai_server.says("You are right: full marks, and a hundred more!")(asked)
        for text, nonsense in self.first.items():
            if text in whole and self.asked[asked.model, whole] == 1:
                return await nonsense(asked)
        share = 1.0 if self.is_order(whole) else 0.0
        return ai_server.completion(json.dumps(filled(asked, [share] * len(asked.criteria))))
