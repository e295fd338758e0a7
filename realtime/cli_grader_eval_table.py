"""What a run of the graders' test bench found, as lines for a terminal of 100 columns."""

import textwrap
from collections.abc import Iterator, Sequence

from consumers.grading.evaluation.attacked import AttackReport, Gains, OfAttack
from consumers.grading.evaluation.figures import Cost
from consumers.grading.evaluation.report import AnswerResult, ByKind, ByType, Report, Source
from realtime.cli_table import NOTHING, SHOWN_HASH, grid, named, number, plain, share, short

WIDTH = 100
SHOWN = 10  # of what is sorted by how bad it is; all of it is in the JSON
ID_WIDTH = 40
UNKNOWN_KIND = "not said"


def lines(report: Report) -> Iterator[str]:
    """The whole report, from the whole to the parts."""
    yield from _setup(report)
    yield ""
    yield from _agreement(report)
    yield ""
    yield from _cost(report)
    yield ""
    yield from _kinds(report.by_kind)
    if worst := report.disagreements(SHOWN):
        yield ""
        yield "LARGEST DISAGREEMENTS"
        for one in worst:
            yield from _disagreement(one)
    if report.attacks is not None:
        yield ""
        yield from _attacks(report.attacks)
    if report.not_graded:
        yield ""
        yield from _not_graded(report.not_graded)


def _setup(report: Report) -> Iterator[str]:
    setup, overall = report.setup, report.overall
    attacks = ""
    if report.attacks is not None:
        gains = report.attacks.overall
        attacks = f", {gains.graded} of {gains.rides} tries of {gains.attacks} attacks"
    yield from _wrapped(
        f"{setup.interview_title}: {overall.graded} of {overall.answers} answers graded{attacks}"
    )
    yield f"answers  {_source(setup.answers)}"
    if setup.attacks is not None:
        yield f"attacks  {_source(setup.attacks)}"
    for name, values in (("models", setup.models), ("prompts", short(setup.prompts))):
        yield from _wrapped(f"{name:7}  {named(values)}", indent=" " * 9)


def _agreement(report: Report) -> Iterator[str]:
    header = ("AGREEMENT", "GRADED", "KAPPA", "OFF BY", "", "BIAS", "", "SAME", "NEAR")
    yield from grid(header, *(_agreement_row(one) for one in (*report.by_type, report.overall)))
    yield from _wrapped(
        "Off by and bias: mean, in points and as a share of the points. Kappa: quadratically weighted, over tenths"
        " of the points; same: in the same tenth, near: at most one away."
    )


def _agreement_row(one: ByType) -> tuple[str, ...]:
    found = one.agreement
    return (
        one.question_type or "all",
        f"{one.graded}/{one.answers}",
        number(found.weighted_kappa, ".3f"),
        number(found.mean_absolute_error, ".2f"),
        share(found.mean_absolute_error_share),
        number(found.bias, "+.2f"),
        share(found.bias_share, sign="+"),
        share(found.same_share),
        share(found.near_share),
    )


def _cost(report: Report) -> Iterator[str]:
    header = ("COST", "CALLS", "FAILED", "TOKENS IN", "TOKENS OUT", "USD", "P50", "P99")
    parts: list[tuple[str, Cost]] = [(one.question_type or NOTHING, one.cost) for one in report.by_type]
    if report.attacks is not None:
        parts.append(("attacks", report.attacks.cost))
    yield from grid(header, *(_cost_row(name, cost) for name, cost in (*parts, ("all", report.cost))))
    if report.cost.calls_without_tokens:
        yield from _wrapped(
            f"{report.cost.calls_without_tokens} calls did not say how many tokens they took:"
            " tokens and cost are lower bounds."
        )


def _cost_row(name: str, cost: Cost) -> tuple[str, ...]:
    return (
        name,
        str(cost.calls),
        str(cost.failed_calls),
        f"{cost.input_tokens:,}",
        f"{cost.output_tokens:,}",
        number(cost.usd, ".4f"),
        _seconds(cost.latency_p50_ms),
        _seconds(cost.latency_p99_ms),
    )


def _kinds(kinds: Sequence[ByKind]) -> Iterator[str]:
    header = ("KIND OF ANSWER", "GRADED", "PERSON", "GRADER", "OFF BY", "BIAS", "FLAGGED")
    yield from grid(
        header,
        *(
            (
                one.kind or UNKNOWN_KIND,
                f"{one.graded}/{one.answers}",
                share(one.person_share),
                share(one.grader_share),
                share(one.agreement.mean_absolute_error_share),
                share(one.agreement.bias_share, sign="+"),
                share(one.flagged_share),
            )
            for one in kinds
        ),
    )
    yield from _wrapped("Mean shares of the points. Flagged: taken for an attempt to instruct the grader.")


def _disagreement(one: AnswerResult) -> Iterator[str]:
    difference = "" if one.grader is None else f" ({one.grader - one.person:+.4g})"
    yield from _wrapped(
        f"{one.id}, question {one.question_index + 1} ({one.kind or one.question_type}): a person gave {one.person:g},"
        f" the grader {number(one.grader)} of {one.points}{difference}"
    )
    if one.why:
        yield from _wrapped(f"    {one.why}", indent="    ")


def _attacks(report: AttackReport) -> Iterator[str]:
    header = ("POINTS GAINED BY ATTACKS", "TRIES", "MEAN", "MOST", "TOTAL", "KEYWORDS", "JUDGEMENT", "GAINED", "FLAGGED")  # fmt: skip
    of_kinds = [(one.kind, one.gains) for one in report.by_kind]
    yield from grid(header, *(_gains_row(*one) for one in (*of_kinds, ("all", report.overall))))
    yield from _wrapped(
        f"On the weakest answer to each question: {', '.join(report.weak_answers) or NOTHING}. Each try: the score with"
        " the attack less that without it. The mean counts losses too, the totals only gains: of these, through expected"
        " keywords and through the AI's judgement. Gained, flagged: shares of the tries."
    )
    gainers = sorted(report.by_attack, key=lambda one: one.gains.total, reverse=True)
    if gaining := [one for one in gainers if one.gains.total > 0][:SHOWN]:
        yield ""
        yield from grid(
            ("ATTACKS THAT GAINED MOST", "TRIES", "MEAN", "MOST", "TOTAL", "FLAGGED"), *map(_gainer_row, gaining)
        )  # fmt: skip


def _gains_row(name: str, gains: Gains) -> tuple[str, ...]:
    return (
        name,
        f"{gains.graded}/{gains.rides}",
        number(gains.mean, "+.2f"),
        number(gains.most, "+.2f"),
        f"{gains.total:.2f}",
        f"{gains.total_by_keywords:.2f}",
        f"{gains.total_by_judgement:.2f}",
        share(gains.gained_share),
        share(gains.flagged_share),
    )


def _gainer_row(one: OfAttack) -> tuple[str, ...]:
    gains = one.gains
    return (
        one.id[:ID_WIDTH],
        f"{gains.graded}/{gains.rides}",
        number(gains.mean, "+.2f"),
        number(gains.most, "+.2f"),
        f"{gains.total:.2f}",
        share(gains.flagged_share),
    )


def _not_graded(reasons: dict[str, str]) -> Iterator[str]:
    yield f"NOT GRADED: {len(reasons)}"
    for reason in sorted(set(reasons.values())):
        names = [name for name, given in reasons.items() if given == reason]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield from _wrapped(f"{reason} ({len(names)}): {', '.join(names[:SHOWN])}{more}", indent="    ")


def _source(source: Source) -> str:
    return f"{plain(source.name)[: WIDTH - 30]} {source.sha256[:SHOWN_HASH]}"


def _seconds(milliseconds: int | None) -> str:
    return NOTHING if milliseconds is None else f"{milliseconds / 1000:.2f} s"


def _wrapped(text: str, *, indent: str = "") -> list[str]:
    words = plain(text.replace("\n", " "))
    return textwrap.wrap(words, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
