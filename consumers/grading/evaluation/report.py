"""What a run found: agreement and cost by type of question, answers one by one, and what attacks gained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from consumers.grading import recipe
from consumers.grading.evaluation import figures
from consumers.grading.evaluation.answers import Kind, Rated
from consumers.grading.evaluation.attacked import AttackReport
from consumers.grading.evaluation.figures import Agreement, Cost, Pair, Prices
from consumers.grading.evaluation.run import Call, Grading
from consumers.grading.injection import FLAG
from consumers.grading.questions import Code, Mcq, Question

QuestionType: TypeAlias = Literal["mcq", "short_answer", "code"]
TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
ASKED: tuple[recipe.Kind, ...] = ("short_answer", "code")  # there is no summary to write
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, and which state of it."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What was asked of whom, with what."""

    began_at: datetime
    interview_title: str
    answers: Source
    attacks: Source | None
    models: dict[str, str]
    prompts: dict[str, str]
    parameters: dict[str, Any]
    recipe_sha256: str
    prices: Prices | None


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """One answer with both scores; without the grader's where it could not be graded, and `failure` says why."""

    id: str
    question_index: int
    question_type: QuestionType
    kind: Kind | None
    points: int
    person: float
    grader: float | None
    failure: str | None
    is_flagged: bool
    why: str | None
    answer: str
    feedback: Any
    provenance: dict[str, Any] | None
    calls: tuple[Call, ...]

    @property
    def pair(self) -> Pair | None:
        """Both scores, where there are two."""
        return None if self.grader is None else Pair(self.person, self.grader, self.points)


@dataclass(frozen=True, slots=True)
class ByType:
    """All answers to questions of a type, or all there are."""

    question_type: QuestionType | None
    answers: int
    graded: int
    agreement: Agreement
    cost: Cost


@dataclass(frozen=True, slots=True)
class ByKind:
    """All answers of a kind; scores as mean shares of the points. `flagged_share` is of answers that attack nobody."""

    kind: Kind | None
    answers: int
    graded: int
    person_share: float | None
    grader_share: float | None
    agreement: Agreement
    flagged_share: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything; `cost` is of the whole run, attacks included."""

    setup: Setup
    by_type: tuple[ByType, ...]
    overall: ByType
    by_kind: tuple[ByKind, ...]
    attacks: AttackReport | None
    cost: Cost
    answers: tuple[AnswerResult, ...]
    not_graded: dict[str, str]

    def disagreements(self, most: int) -> list[AnswerResult]:
        """The answers on which grader and person lie furthest apart, as shares of the points; none on which they agree."""
        apart = [one for one in self.answers if _distance(one)]
        return sorted(apart, key=_distance, reverse=True)[:most]


def make(
    setup: Setup, answers: Sequence[Rated], gradings: Mapping[str, Grading], *, attacks: AttackReport | None
) -> Report:
    """The report about these answers; `gradings` has all that were graded, by id."""
    results = tuple(_result(one, gradings[one.id]) for one in answers)
    by_type = tuple(
        _by_type(kind, [one for one in results if one.question_type == kind], setup.prices)
        for kind in TYPES
        if any(one.question_type == kind for one in results)
    )
    kinds: tuple[Kind | None, ...] = (*KINDS, None)
    by_kind = tuple(
        _by_kind(kind, [one for one in results if one.kind == kind])
        for kind in kinds
        if any(one.kind == kind for one in results)
    )
    return Report(
        setup=setup,
        by_type=by_type,
        overall=_by_type(None, results, setup.prices),
        by_kind=by_kind,
        attacks=attacks,
        cost=figures.cost_of([call for one in gradings.values() for call in one.calls], setup.prices),
        answers=results,
        not_graded={name: one.failure or "" for name, one in gradings.items() if one.outcome is None},
    )


def type_of(question: Question) -> QuestionType:
    """The contract's word for the type of a question."""
    if isinstance(question, Mcq):
        return "mcq"
    return "code" if isinstance(question, Code) else "short_answer"


def _result(one: Rated, grading: Grading) -> AnswerResult:
    outcome = grading.outcome
    return AnswerResult(
        id=one.id,
        question_index=one.question_index,
        question_type=type_of(one.question),
        kind=one.kind,
        points=one.question.points,
        person=one.score,
        grader=outcome.score if outcome else None,
        failure=grading.failure,
        is_flagged=outcome is not None and FLAG in outcome.flags,
        why=one.why,
        answer=one.answer,
        feedback=outcome.feedback if outcome else None,
        provenance=outcome.provenance if outcome else None,
        calls=grading.calls,
    )


def _by_type(kind: QuestionType | None, results: Sequence[AnswerResult], prices: Prices | None) -> ByType:
    pairs = _pairs(results)
    return ByType(
        question_type=kind,
        answers=len(results),
        graded=len(pairs),
        agreement=figures.agreement_of(pairs),
        cost=figures.cost_of([call for one in results for call in one.calls], prices),
    )


def _by_kind(kind: Kind | None, results: Sequence[AnswerResult]) -> ByKind:
    pairs = _pairs(results)
    return ByKind(
        kind=kind,
        answers=len(results),
        graded=len(pairs),
        person_share=figures.mean([pair.person / pair.points for pair in pairs]),
        grader_share=figures.mean([pair.grader / pair.points for pair in pairs]),
        agreement=figures.agreement_of(pairs),
        flagged_share=figures.mean([one.is_flagged for one in results if one.pair]),
    )


def _pairs(results: Iterable[AnswerResult]) -> list[Pair]:
    return [pair for one in results if (pair := one.pair) is not None]


def _distance(one: AnswerResult) -> float:
    return 0.0 if one.grader is None else abs(one.grader - one.person) / one.points
