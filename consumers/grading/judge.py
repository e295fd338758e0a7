"""Grading with the AI: prompt, reply, judgement, points."""

import secrets
from dataclasses import replace

from consumers.grading import code_answer, judgement, prompt, rubric, short_answer
from consumers.grading.model import Model
from consumers.grading.outcome import Outcome
from consumers.grading.questions import Code, ShortAnswer
from consumers.grading.recipe import Recipe


async def judge(
    model: Model, question: ShortAnswer | Code, answer: str, *, recipe: Recipe | None = None
) -> Outcome:
    """Grade to the end, by the recipe or else as we are set up; raises a GradingFailure where the AI gives no usable judgement."""
    recipe = recipe or model.recipe
    # made after the answer was, so nothing in it can imitate the delimiters
    nonce = secrets.token_hex(8)
    if isinstance(question, Code):
        criteria = rubric.for_code(question).criteria
        asked = prompt.for_code(question, answer, nonce=nonce, text=recipe.prompt("code"))
    else:
        criteria = rubric.FOR_SHORT_ANSWERS.criteria
        asked = prompt.for_short_answer(question, answer, nonce=nonce, text=recipe.prompt("short_answer"))
    reply = await model.ask(asked, judgement.form(len(criteria)), recipe=recipe)
    found = judgement.read(reply.filled, criteria=len(criteria))
    if isinstance(question, Code):
        outcome = code_answer.judged(question, answer, found)
    else:
        outcome = short_answer.judged(question, answer, found)
    return replace(outcome, provenance=outcome.provenance | reply.provenance)
