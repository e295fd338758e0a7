"""Answers to an interview with a person's scores, from a file; every fault is named with its line and path."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import AfterValidator, Field

from consumers.grading import keywords, rubric, short_answer
from consumers.grading.judgement import Share
from consumers.grading.keywords import Found
from consumers.grading.outcome import add
from consumers.grading.questions import Code, Mcq, Question, ShortAnswer, is_unanswered
from realtime.contracts import files, interviews
from realtime.contracts.base import MAX_ANSWER_CHARS, Request, Text
from realtime.contracts.faults import Fault
from realtime.contracts.interviews import CodeQuestion, McqQuestion, ShortAnswerQuestion

Kind: TypeAlias = Literal["good", "partial", "wrong", "contradictory", "empty", "off_topic"]

# Whether a person rounds the halves or the whole, and a half up or to even, is theirs.
ROUNDING = 0.01
_DUST = 1e-9

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _kebab(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError("must be words of small letters and digits, joined by hyphens")
    return text


Id = Annotated[str, AfterValidator(_kebab), Field(max_length=100)]
Met = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class WrittenAnswer(Request):
    """One answer as it stands in the file."""

    id: Id
    question_index: int = Field(ge=0)
    kind: Kind | None = None
    answer: Annotated[Text, Field(max_length=MAX_ANSWER_CHARS)]
    score: float = Field(ge=0, allow_inf_nan=False)
    shares: Annotated[tuple[Met, ...], Field(min_length=1)] | None = None
    keywords: tuple[Text, ...] | None = None
    why: Text | None = None


class WrittenAnswers(Request):
    """The file: the interview that it belongs to, beside it, and the answers."""

    interview: Annotated[Text, Field(min_length=1)]
    answers: Annotated[tuple[WrittenAnswer, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer, its question as graders take it, and a person's score."""

    id: str
    question_index: int
    question: Question
    answer: str
    kind: Kind | None
    score: float
    why: str | None


@dataclass(frozen=True, slots=True)
class Rating:
    """All answers of a file; the hash tells one state of it from another."""

    name: str
    sha256: str
    interview_title: str
    answers: tuple[Rated, ...]


def read(path: Path) -> Rating:
    """Read the file and the interview that it names. Raises FaultyFile."""
    text = read_text(path)
    written = files.read(WrittenAnswers, text, name=str(path))
    interview_path = path.parent / written.value.interview
    interview = files.read(interviews.Interview, read_text(interview_path), name=str(interview_path)).value
    questions = [question_of(question) for question in interview.questions]
    written.refuse(_faults(written.value.answers, interview.questions, questions))
    return Rating(
        name=path.name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        interview_title=interview.title,
        answers=tuple(
            Rated(
                id=one.id,
                question_index=one.question_index,
                question=questions[one.question_index],
                answer=one.answer,
                kind=one.kind,
                score=one.score,
                why=one.why,
            )
            for one in written.value.answers
        ),
    )


def read_text(path: Path) -> str:
    """Read a file's text. Raises FaultyFile where that cannot be done."""
    try:
        return path.read_bytes().decode()
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        fault = "the file is not UTF-8 text"
    raise files.FaultyFile(str(path), (files.FileFault(None, "", fault),))


def question_of(written: interviews.Question) -> Question:
    """The question as graders take it, as if it had been imported."""
    match written:
        case McqQuestion():
            return Mcq(
                text=written.question_text, points=written.points, correct_answer=written.correct_answer
            )
        case ShortAnswerQuestion():
            return ShortAnswer(
                text=written.question_text,
                points=written.points,
                keywords=keywords.expected(written.expected_keywords or ()),
                sample_answer=written.sample_answer,
            )
        case CodeQuestion():
            return Code(
                text=written.question_text,
                points=written.points,
                language=written.language,
                sample_solution=written.sample_solution,
                criteria=written.evaluation_criteria,
                starter_code=written.starter_code,
            )


def repeated(ids: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The places of ids that stand further up already."""
    seen: set[str] = set()
    for place, one in enumerate(ids):
        if one in seen:
            yield place, one
        seen.add(one)


def _faults(
    answers: Sequence[WrittenAnswer], written: Sequence[interviews.Question], questions: Sequence[Question]
) -> Iterator[Fault]:
    for place, name in repeated([one.id for one in answers]):
        yield Fault(("answers", place, "id"), f"stands twice: {name}")
    for place, one in enumerate(answers):
        if one.question_index >= len(questions):
            message = f"must be at most {len(questions) - 1}: the interview has {len(questions)} questions"
            yield Fault(("answers", place, "question_index"), message)
            continue
        index = one.question_index
        for field, message in _faults_of(one, written[index], questions[index]):
            yield Fault(("answers", place, field), message)


def _faults_of(
    one: WrittenAnswer, written: interviews.Question, question: Question
) -> Iterator[tuple[str, str]]:
    if one.score > question.points:
        yield "score", f"must be at most {question.points}, the question's points"
        return
    if one.keywords is not None:
        yield from _keyword_faults(one.keywords, question)
    match question:
        case Mcq():
            options = written.options if isinstance(written, McqQuestion) else ()
            if one.answer not in options and not is_unanswered(question, one.answer):
                yield "answer", "must be one of the options, or empty"
            if one.score not in {0, question.points}:
                yield "score", f"must be 0 or {question.points}: a multiple-choice question is all or nothing"
            if one.shares is not None:
                yield "shares", "is not for a multiple-choice question"
        case ShortAnswer() | Code():
            if one.shares is not None:
                yield from _arithmetic_faults(one, one.shares, question)
        case _:
            assert_never(question)


def _keyword_faults(found: Sequence[str], question: Question) -> Iterator[tuple[str, str]]:
    expected = question.keywords if isinstance(question, ShortAnswer) else ()
    if unknown := [keyword for keyword in found if keyword not in expected]:
        yield "keywords", f"the question expects no {', '.join(repr(keyword) for keyword in unknown)}"
    elif len(set(found)) < len(found):
        yield "keywords", "must differ from one another"


def _arithmetic_faults(
    one: WrittenAnswer, shares: Sequence[float], question: ShortAnswer | Code
) -> Iterator[tuple[str, str]]:
    criteria = rubric.for_code(question) if isinstance(question, Code) else rubric.FOR_SHORT_ANSWERS
    expected = question.keywords if isinstance(question, ShortAnswer) else ()
    if len(shares) != len(criteria.criteria):
        yield "shares", f"must have {len(criteria.criteria)} entries, one for each criterion"
    elif expected and one.keywords is None:
        yield "keywords", "is missing: half of the points rest on it"
    else:
        computed = score_of(question, shares, one.keywords or ())
        if abs(one.score - computed) > ROUNDING + _DUST:
            yield "score", f"must be {computed:g} by its shares{' and keywords' if expected else ''}"


def score_of(question: ShortAnswer | Code, shares: Sequence[float], found: Sequence[str]) -> float:
    """The points for shares of the rubric and the keywords that were found, as the graders compute them."""
    judged = [Share(value=share, reason="") for share in shares]
    if isinstance(question, Code):
        return add(*(one.score for one in rubric.for_code(question).score(question.points, judged)))
    missing = tuple(keyword for keyword in question.keywords if keyword not in found)
    keyword_score, criteria = short_answer.points_for(question, Found(tuple(found), missing), judged)
    return add(keyword_score or 0.0, *(one.score for one in criteria))
