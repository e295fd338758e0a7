"""What a regrade would change, as lines for a terminal."""

from collections.abc import Iterator

from realtime.cli_table import NOTHING, named, number, percent, plain, share, short
from realtime.contracts.base import rfc3339
from realtime.contracts.recruiter_regrades import Agreement, AnswerDifference, Regrade, SessionDifference

NAME_WIDTH = 24


def lines(regrade: Regrade) -> Iterator[str]:
    """The whole difference; sessions in the order of their new ranks."""
    yield f"{plain(regrade.interview_title)}, graded again {rfc3339(regrade.begun_at)} by {_who(regrade)}"
    yield f"models   {named(regrade.models)}"
    yield f"prompts  {named(short(regrade.prompts))}"
    yield (
        f"{regrade.graded_count} of {regrade.answer_count} answers graded,"
        f" {regrade.promoted_count} of {regrade.session_count} sessions promoted"
    )
    yield ""
    yield f"{'SESSION':36}  {'CANDIDATE':{NAME_WIDTH}}  {'TOTAL':24}  {'RANK':9}  RECOMMENDATION"
    for session in sorted(regrade.sessions, key=_by_rank):
        yield _session(session)
        for answer in session.answers:
            yield _answer(answer)
    yield ""
    yield "AGREEMENT     ANSWERS  THE SAME  MEAN DISTANCE  MEAN DIFFERENCE  WEIGHTED KAPPA"
    for agreement in (*regrade.agreement_by_type, regrade.agreement):
        yield _agreement(agreement)


def _session(session: SessionDifference) -> str:
    rank = _change(number(session.old_rank), number(session.new_rank))
    advice = _change(session.old_recommendation or NOTHING, session.new_recommendation or NOTHING)
    signed = " (signed)" if session.is_signed else ""
    name = plain(session.candidate_name)[:NAME_WIDTH]
    total = _scores(session.old_score, session.new_score, session.difference)
    return f"{session.session_id}  {name:{NAME_WIDTH}}  {total:24}  {rank:9}  {advice}{signed}"


def _answer(answer: AnswerDifference) -> str:
    scores = _scores(answer.old_score, answer.new_score, answer.difference)
    said = "  (a person's score)" if answer.is_persons else _state(answer)
    return f"  question {answer.question_index + 1:<3} {answer.question_type:12} of {answer.points:<5} {scores}{said}"


def _state(answer: AnswerDifference) -> str:
    if answer.state is None:
        return "  (not graded yet)"
    return "" if answer.state == "scored" else f"  ({answer.state})"


def _agreement(agreement: Agreement) -> str:
    return "  ".join(
        [
            f"{agreement.question_type or 'all':12}",
            f"{agreement.answers:7}",
            f"{share(agreement.same_share):>8}",
            f"{percent(agreement.mean_absolute_difference):>13}",
            f"{percent(agreement.mean_difference, sign='+'):>15}",
            f"{number(agreement.weighted_kappa, '.3f'):>14}",
        ]
    )


def _scores(old: float | None, new: float | None, difference: float | None) -> str:
    change = "" if difference is None else f" ({difference:+g})" if difference else " (the same)"
    return f"{number(old)} → {number(new)}{change}"


def _change(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _by_rank(session: SessionDifference) -> tuple[bool, int]:
    rank = session.new_rank or session.old_rank
    return rank is None, rank or 0


def _who(regrade: Regrade) -> str:
    return "the operator" if regrade.begun_by is None else plain(regrade.begun_by)
