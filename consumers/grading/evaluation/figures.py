"""The arithmetic of a report: how far grader and person agree, what it cost, how long it took."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from consumers.grading import agreement
from consumers.grading.agreement import BANDS, band
from consumers.grading.evaluation.run import Call


@dataclass(frozen=True, slots=True)
class Pair:
    """A person's and the grader's score of one answer."""

    person: float
    grader: float
    points: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the grader agrees with people, over answers that it has graded; None where there are none.

    Errors and bias are in points, and as shares of the question's points; a positive bias is a grader that gives more. Kappa is
    over tenths of the points: `same_share` are in the same tenth as the person's score, `near_share` at most one away.
    """

    weighted_kappa: float | None
    mean_absolute_error: float | None
    mean_absolute_error_share: float | None
    bias: float | None
    bias_share: float | None
    same_share: float | None
    near_share: float | None


@dataclass(frozen=True, slots=True)
class Prices:
    """USD for a million tokens."""

    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What calls of the AI took. `usd` is None without prices, and a lower bound where some calls named no tokens."""

    calls: int
    failed_calls: int
    calls_without_tokens: int
    input_tokens: int
    output_tokens: int
    usd: float | None
    latency_p50_ms: int | None
    latency_p99_ms: int | None


def agreement_of(pairs: Sequence[Pair]) -> Agreement:
    """All figures over pairs of scores."""
    if not pairs:
        return Agreement(None, None, None, None, None, None, None)
    people, graders = [pair.person for pair in pairs], [pair.grader for pair in pairs]
    people_shares = [pair.person / pair.points for pair in pairs]
    grader_shares = [pair.grader / pair.points for pair in pairs]
    first = [band(pair.person, pair.points) for pair in pairs]
    second = [band(pair.grader, pair.points) for pair in pairs]
    return Agreement(
        weighted_kappa=agreement.quadratic_weighted_kappa(first, second, categories=BANDS),
        mean_absolute_error=agreement.mean_absolute_error(people, graders),
        mean_absolute_error_share=agreement.mean_absolute_error(people_shares, grader_shares),
        bias=agreement.bias(people, graders),
        bias_share=agreement.bias(people_shares, grader_shares),
        same_share=agreement.exact_share(first, second),
        near_share=sum(abs(one - other) <= 1 for one, other in zip(first, second, strict=True)) / len(pairs),
    )


def cost_of(calls: Sequence[Call], prices: Prices | None) -> Cost:
    """What these calls took together; failed ones are paid for too."""
    input_tokens = sum(call.input_tokens or 0 for call in calls)
    output_tokens = sum(call.output_tokens or 0 for call in calls)
    latencies = [call.latency_ms for call in calls]
    return Cost(
        calls=len(calls),
        failed_calls=sum(call.failure is not None for call in calls),
        calls_without_tokens=sum(call.input_tokens is None or call.output_tokens is None for call in calls),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        usd=(input_tokens * prices.input + output_tokens * prices.output) / 1_000_000 if prices else None,
        latency_p50_ms=percentile(latencies, 50),
        latency_p99_ms=percentile(latencies, 99),
    )


def percentile(values: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of them do not exceed; None without any."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def mean(values: Sequence[float]) -> float | None:
    """The mean; None without any."""
    return math.fsum(values) / len(values) if values else None
