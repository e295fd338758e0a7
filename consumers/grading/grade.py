"""Which grader a question goes to, and what each can say at once."""

from consumers.grading import code_answer, mcq, short_answer
from consumers.grading.outcome import Outcome
from consumers.grading.questions import Code, Mcq, Question, ShortAnswer, is_unanswered


def needs_ai(question: Question, answer: str | None) -> bool:
    """Whether the final word is the AI's."""
    return not isinstance(question, Mcq) and not is_unanswered(question, answer)


def at_once(question: Question, answer: str | None) -> Outcome:
    """Grade as far as can be done without the AI: to the end, or to `needs_review` with the computed part."""
    unanswered = answer is None or is_unanswered(question, answer)
    match question:
        case Mcq():
            return mcq.grade(question, answer)
        case ShortAnswer():
            return (
                short_answer.unanswered(question)
                if unanswered
                else short_answer.computed(question, answer or "")
            )
        case Code():
            return code_answer.unanswered(question) if unanswered else code_answer.computed(answer or "")
