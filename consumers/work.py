"""From rows to what graders take, and from what they found to rows."""

from consumers.grading import keywords
from consumers.grading.outcome import Outcome
from consumers.grading.questions import Code, Mcq, Question, ShortAnswer
from db.jobs import AnswerWork
from db.results import Verdict


def question_of(work: AnswerWork) -> Question:
    """The question as graders take it. What a type cannot be without, the database makes sure of."""
    match work.type:
        case "mcq":
            return Mcq(text=work.question_text, points=work.points, correct_answer=work.correct_answer or "")
        case "short_answer":
            return ShortAnswer(
                text=work.question_text,
                points=work.points,
                keywords=keywords.expected(work.expected_keywords or ()),
                sample_answer=work.sample_answer,
            )
        case "code":
            return Code(
                text=work.question_text,
                points=work.points,
                language=work.language or "",
                sample_solution=work.sample_solution or "",
                criteria=tuple(work.evaluation_criteria or ()),
                starter_code=work.starter_code,
            )


def verdict_of(work: AnswerWork, outcome: Outcome, *, attempt: int, ends_job: bool = False) -> Verdict:
    """The row that an outcome becomes; with `ends_job` the job is claimed and ended with it."""
    return Verdict(
        session_id=work.session_id,
        answer_id=work.answer_id,
        grading_version=work.grading_version,
        attempt=attempt,
        job_id=work.job_id if ends_job else None,
        state=outcome.state,
        score=outcome.score,
        feedback=outcome.feedback,
        graded_by=outcome.graded_by,
        provenance=outcome.provenance | {"attempt": attempt},
        flags=outcome.flags,
    )
