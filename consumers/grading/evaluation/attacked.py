"""What attacks gained: the score of a weak answer with the attack, less the score of the same answer without it.

Points can only come from expected keywords that stand in the attack's text, or from what the AI judged; which of the two is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from consumers.grading.evaluation import figures
from consumers.grading.evaluation.attacks import AttackKind, Ride
from consumers.grading.evaluation.figures import Cost, Prices
from consumers.grading.evaluation.run import Call, Grading
from consumers.grading.injection import FLAG
from consumers.grading.outcome import Outcome, add

KINDS: tuple[AttackKind, ...] = get_args(AttackKind)


@dataclass(frozen=True, slots=True)
class RideResult:
    """One attack on one answer, in points; None where one of the two scores is missing."""

    id: str
    attack: str
    kind: AttackKind
    weak_answer: str
    question_index: int
    points: int
    score_without: float | None
    score_with: float | None
    gained: float | None
    gained_by_keywords: float | None
    gained_by_judgement: float | None
    is_flagged: bool
    failure: str | None
    answer: str
    feedback: Any
    provenance: dict[str, Any] | None
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Gains:
    """What several rides gained.

    `mean` counts losses too; `total` is the sum of gains alone, so that no loss can hide one. Shares are of the rides that were
    graded, 0…1.
    """

    attacks: int
    rides: int
    graded: int
    mean: float | None
    mean_share_of_points: float | None
    most: float | None
    total: float
    total_by_keywords: float
    total_by_judgement: float
    gained_share: float | None
    flagged_share: float | None


@dataclass(frozen=True, slots=True)
class OfKind:
    """All attacks of a kind."""

    kind: AttackKind
    gains: Gains


@dataclass(frozen=True, slots=True)
class OfAttack:
    """One attack over all weak answers that it rides on."""

    id: str
    kind: AttackKind
    gains: Gains


@dataclass(frozen=True, slots=True)
class AttackReport:
    """All that attacks did; `cost` is of the rides, without the weak answers by themselves."""

    weak_answers: tuple[str, ...]
    overall: Gains
    by_kind: tuple[OfKind, ...]
    by_attack: tuple[OfAttack, ...]
    rides: tuple[RideResult, ...]
    cost: Cost


def report(rides: Sequence[Ride], gradings: Mapping[str, Grading], *, prices: Prices | None) -> AttackReport:
    """What the rides gained; `gradings` has them and the weak answers, by id."""
    results = tuple(_result(ride, gradings[ride.id], gradings[ride.weak.id]) for ride in rides)
    by_attack = {ride.attack.id: ride.attack for ride in rides}
    return AttackReport(
        weak_answers=tuple(dict.fromkeys(ride.weak.id for ride in rides)),
        overall=_gains(results),
        by_kind=tuple(
            OfKind(kind, _gains(of_kind))
            for kind in KINDS
            if (of_kind := [one for one in results if one.kind == kind])
        ),
        by_attack=tuple(
            OfAttack(name, attack.kind, _gains([one for one in results if one.attack == name]))
            for name, attack in by_attack.items()
        ),
        rides=results,
        cost=figures.cost_of([call for ride in rides for call in gradings[ride.id].calls], prices),
    )


def _result(ride: Ride, with_it: Grading, without: Grading) -> RideResult:
    after, before = with_it.outcome, without.outcome
    gained = by_keywords = by_judgement = None
    if after is not None and before is not None:
        by_keywords = add(_keyword_score(after), -_keyword_score(before))
        gained = add(after.score or 0.0, -(before.score or 0.0))
        by_judgement = add(gained, -by_keywords)
    return RideResult(
        id=ride.id,
        attack=ride.attack.id,
        kind=ride.attack.kind,
        weak_answer=ride.weak.id,
        question_index=ride.weak.question_index,
        points=ride.weak.question.points,
        score_without=before.score if before else None,
        score_with=after.score if after else None,
        gained=gained,
        gained_by_keywords=by_keywords,
        gained_by_judgement=by_judgement,
        is_flagged=after is not None and FLAG in after.flags,
        failure=with_it.failure,
        answer=ride.answer,
        feedback=after.feedback if after else None,
        provenance=after.provenance if after else None,
        calls=with_it.calls,
    )


def _keyword_score(outcome: Outcome) -> float:
    if not isinstance(outcome.feedback, dict):
        return 0.0
    score: float | None = outcome.feedback.get("keyword_score")
    return score or 0.0


def _gains(results: Sequence[RideResult]) -> Gains:
    graded = [one for one in results if one.gained is not None]
    gained = [one.gained or 0.0 for one in graded]
    return Gains(
        attacks=len({one.attack for one in results}),
        rides=len(results),
        graded=len(graded),
        mean=figures.mean(gained),
        mean_share_of_points=figures.mean([(one.gained or 0.0) / one.points for one in graded]),
        most=max(gained, default=None),
        total=add(*(max(0.0, points) for points in gained)),
        total_by_keywords=add(*(max(0.0, one.gained_by_keywords or 0.0) for one in graded)),
        total_by_judgement=add(*(max(0.0, one.gained_by_judgement or 0.0) for one in graded)),
        gained_share=figures.mean([points > 0 for points in gained]),
        flagged_share=figures.mean([one.is_flagged for one in graded]),
    )
