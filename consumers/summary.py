"""The text about a settled session: from scores and feedback alone, once per grading version."""

import secrets
from dataclasses import dataclass
from typing import Any

from consumers.grading import judgement, mcq, prompt
from consumers.grading.judgement import SummaryForm, SummaryText
from consumers.grading.model import Model
from consumers.grading.prompt import QuestionResult
from consumers.grading.recipe import Recipe
from db import results, settlement
from db.jobs import Claim
from db.pool import Connection, Pool
from db.settlement import ScoredAnswer, Summary


@dataclass(frozen=True, slots=True)
class Written:
    """A text and where it came from."""

    text: SummaryText
    provenance: dict[str, Any]


async def write(pool: Pool, model: Model, claim: Claim, *, recipe: Recipe | None) -> Written | None:
    """Have the text written, by the recipe or else as we are set up; None where there is nothing to write.

    Raises a GradingFailure where the AI fails.
    """
    recipe = recipe or model.recipe
    async with pool.acquire() as conn:
        session = await settlement.read_to_summarise(
            conn, claim.session_id, grading_version=claim.grading_version
        )
        answers = await settlement.read_results(conn, claim.session_id, grading_version=claim.grading_version)
    if session is None:
        return None
    asked = prompt.for_summary(
        [_result(answer) for answer in answers],
        title=session.interview_title,
        percentage=session.percentage,
        nonce=secrets.token_hex(8),
        text=recipe.prompt("summary"),
    )
    reply = await model.ask(asked, SummaryForm, recipe=recipe)
    return Written(text=judgement.read_summary(reply.filled), provenance=reply.provenance)


async def store(conn: Connection, claim: Claim, written: Written) -> None:
    """Store the text, and tell everybody where it counts; the caller holds the session's lock and has ended the job."""
    text = written.text
    counts = await settlement.store_summary(
        conn,
        claim.session_id,
        grading_version=claim.grading_version,
        summary=Summary(
            summary=text.summary,
            strengths=text.strengths,
            improvements=text.improvements,
            recommendation=text.recommendation,
            attempt=claim.attempt,
            provenance=written.provenance,
        ),
    )
    if counts:
        await results.announce_changed(conn, claim.session_id)


def _result(answer: ScoredAnswer) -> QuestionResult:
    return QuestionResult(
        question_index=answer.question_index,
        type=answer.type,
        question_text=answer.question_text,
        points=answer.points,
        score=answer.score,
        feedback=_in_words(answer.feedback),
    )


def _in_words(feedback: Any) -> str:
    """Feedback as prose, whichever grader it is of."""
    if not isinstance(feedback, dict):
        # strengths and improvements are the candidate's once they are released: whoever writes them does not know the key
        return mcq.without_key(str(feedback or "(none)"))
    parts = [
        str(feedback.get("overall_feedback") or feedback.get("ai_feedback") or ""),
        *(f"+ {text}" for text in feedback.get("strengths", [])),
        *(f"- {text}" for text in feedback.get("improvements", [])),
    ]
    return "\n".join(part for part in parts if part)
