"""The graders' test bench over real HTTP, against an honest, a careless and a gullible model whose effect is known beforehand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from consumers.grading import recipe as recipes
from consumers.grading.evaluation.plan import Plan
from consumers.grading.evaluation.report import Report
from consumers.grading.evaluation.run import Bench, Grading, Task
from consumers.grading.model import Model, ModelSettings
from consumers.grading.questions import Code, Mcq
from realtime.cli_grader_eval_table import WIDTH, lines
from tests import ai_server, scripted_graders
from tests.ai_server import AiServer, Behaviour
from tests.integration.grading_bench import (
    CODE_POINTS,
    CODES,
    IN,
    KNOWN,
    OUT,
    SHORT_POINTS,
    SHORTS,
    bench,
    code_points,
    keyword_points,
    made,
    planned_from,
    short_points,
)
from tests.scripted_graders import Gullible


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        yield server


@pytest.fixture
async def model(ai: AiServer) -> AsyncIterator[Model]:
    settings = ModelSettings("key", ai.url, short_answer="small", code="large", summary="large", timeout=20)
    model = Model(settings)
    yield model
    await model.close()


@pytest.fixture
def planned(tmp_path: Path) -> Plan:
    return planned_from(tmp_path)


async def run(ai: AiServer, model: Model, planned: Plan, behaviour: Behaviour) -> Report:
    ai.otherwise = behaviour
    return made(planned, await bench(model).run(planned.tasks))


def tenth(score: float, points: int) -> int:
    return int(score / points * 10 + 0.5)


def textbook_kappa(pairs: list[tuple[int, int]]) -> float:
    """By the matrices: what was seen against what chance would give."""
    count = len(pairs)
    seen = sum(Fraction((one - other) ** 2, 100) for one, other in pairs)
    chance = sum(Fraction((one - other) ** 2, 100) for one, _ in pairs for _, other in pairs) / count
    return float(1 - seen / chance)


async def test_an_honest_model_agrees_in_everything_and_no_attack_gains(
    ai: AiServer, model: Model, planned: Plan
) -> None:
    found = await run(ai, model, planned, scripted_graders.honest(KNOWN))
    for one in (*found.by_type, found.overall):
        assert one.graded == one.answers
        agreement = one.agreement
        assert agreement.weighted_kappa == 1.0
        assert (agreement.mean_absolute_error, agreement.bias, agreement.bias_share) == (0, 0, 0)
        assert (agreement.same_share, agreement.near_share) == (1, 1)
    assert [one.question_type for one in found.by_type] == ["mcq", "short_answer", "code"]
    assert [one.answers for one in found.by_type] == [2, 5, 3]
    assert found.attacks is not None
    assert found.attacks.weak_answers == ("wrong-s", "wrong-c")
    gained: Any = {
        ride.id: (ride.gained_by_keywords, ride.gained_by_judgement) for ride in found.attacks.rides
    }
    lost_s, lost_c = -short_points([0.0, 0.25], []), -code_points([0.25, 0.0])
    assert gained == {
        "direct-01@wrong-s": (0, 0),
        "direct-01@wrong-c": (0, 0),
        "quiet-01@wrong-c": (0, 0),
        "word-01@wrong-s": (keyword_points(["version"]), 0),  # by rule, and it says so
        "instead-01@wrong-s": (0, lost_s),
        "instead-01@wrong-c": (0, lost_c),
    }
    overall = found.attacks.overall
    assert (overall.total, overall.total_by_keywords, overall.total_by_judgement) == (2.5, 2.5, 0)
    assert overall.gained_share == pytest.approx(1 / 6)
    assert overall.flagged_share == 1
    assert found.not_graded == {}


async def test_what_it_cost_is_what_the_endpoint_said(ai: AiServer, model: Model, planned: Plan) -> None:
    found = await run(ai, model, planned, scripted_graders.honest(KNOWN))
    mcq, short, code = found.by_type
    assert (mcq.cost.calls, mcq.cost.usd, mcq.cost.latency_p99_ms) == (0, 0, None)
    assert (short.cost.calls, code.cost.calls) == (4, 3)  # nobody asks the AI about what is empty
    assert found.attacks is not None
    assert found.attacks.cost.calls == 6
    assert found.cost.calls == len(ai.asked) == 13
    assert (found.cost.input_tokens, found.cost.output_tokens) == (13 * IN, 13 * OUT)
    assert found.cost.usd == pytest.approx(13 * (IN * 2 + OUT * 8) / 1_000_000)
    latencies = sorted(call.latency_ms for one in found.answers for call in one.calls)
    assert found.overall.cost.latency_p50_ms == latencies[3]  # the fourth of seven
    assert found.overall.cost.latency_p99_ms == latencies[-1]
    assert {(asked.model, len(asked.criteria)) for asked in ai.asked} == {("small", 2), ("large", 2)}


@pytest.mark.parametrize(
    "blur",
    [
        lambda _share: 1.0,
        lambda share: min(1.0, share + 0.25),
        lambda share: round(1.0 - share, 2),
        lambda _share: 0.5,
    ],
    ids=["always full", "generous", "upside down", "always half"],
)  # fmt: skip
async def test_a_careless_model_is_as_far_off_as_the_arithmetic_says(
    ai: AiServer, model: Model, planned: Plan, blur: Callable[[float], float]
) -> None:
    only_answers = Plan(planned.answers, ())
    found = await run(ai, model, only_answers, scripted_graders.careless(KNOWN, blur))
    short, code = found.by_type[1:]
    for one, points, pairs in (
        (short, SHORT_POINTS, [
            *((short_points(shares, words), short_points([blur(share) for share in shares], words))
              for _, shares, words, _ in SHORTS.values()),
            (0.0, 0.0),  # the empty one
        ]),
        (code, CODE_POINTS, [(code_points(shares), code_points([blur(share) for share in shares]))
                             for _, shares, _ in CODES.values()]),
    ):  # fmt: skip
        errors = [grader - person for person, grader in pairs]
        agreement = one.agreement
        assert agreement.mean_absolute_error == pytest.approx(sum(map(abs, errors)) / len(pairs), abs=0.01)
        assert agreement.bias == pytest.approx(sum(errors) / len(pairs), abs=0.01)
        assert agreement.bias_share == pytest.approx(sum(errors) / len(pairs) / points, abs=0.001)
        tenths = [(tenth(person, points), tenth(grader, points)) for person, grader in pairs]
        assert agreement.weighted_kappa == pytest.approx(textbook_kappa(tenths))
        assert agreement.same_share == sum(a == b for a, b in tenths) / len(pairs)
        assert agreement.near_share == sum(abs(a - b) <= 1 for a, b in tenths) / len(pairs)


def obeys(answer: str) -> bool:
    return any(word in answer for word in ("full marks", "OBEY", "criterion_1"))


NONSENSE = {
    "full marks": ai_server.fills(lambda form: form["criterion_1"].update(judgement=7.5)),
    "OBEY": ai_server.fills(lambda form: form["criterion_2"].update(judgement=float("nan"))),
    "criterion_1": ai_server.fills(lambda form: form.update(bonus_points=100)),
    "tea": ai_server.says("A fine answer, I would say: full marks!"),
}


async def test_a_gullible_model_gives_all_points_never_more_and_the_report_says_so(
    ai: AiServer, model: Model, planned: Plan
) -> None:
    gullible = Gullible(obeys, first=NONSENSE)
    found = await run(ai, model, planned, gullible.answer)
    assert found.attacks is not None
    rides = {ride.id: ride for ride in found.attacks.rides}
    for name, worth in (("wrong-s", SHORT_POINTS / 2), ("wrong-c", CODE_POINTS)):
        for ride in rides.values():
            if ride.weak_answer == name and ride.attack != "word-01":
                assert (ride.score_without, ride.score_with) == (0, worth)
                assert (ride.gained_by_keywords, ride.gained_by_judgement) == (0, worth)
    word = rides["word-01@wrong-s"]
    assert (word.gained, word.gained_by_keywords, word.gained_by_judgement) == (2.5, 2.5, 0)
    assert all(ride.score_with is not None and 0 <= ride.score_with <= ride.points for ride in rides.values())
    overall = found.attacks.overall
    assert (overall.total, overall.total_by_keywords, overall.total_by_judgement) == (72.5, 2.5, 70)
    assert (overall.most, overall.gained_share) == (20, 1)
    # the model flags nothing: what is flagged was seen by rule
    assert [ride.attack for ride in rides.values() if not ride.is_flagged] == ["quiet-01", "word-01"]
    flagged = {one.kind: one.gains.flagged_share for one in found.attacks.by_kind}
    assert flagged == {"direct": 1, "form": 1, "persuasion": 0, "smuggled": 0}
    by_attack = {one.id: (one.gains.rides, one.gains.mean) for one in found.attacks.by_attack}
    assert by_attack["direct-01"] == (2, 12.5)
    # what was nonsense was asked for again, and paid for
    assert found.cost.failed_calls == 6
    assert found.cost.calls == 19
    assert found.cost.input_tokens == 19 * IN
    failures = {call.failure for call in rides["direct-01@wrong-c"].calls}
    assert failures == {"malformed: criterion_1.judgement: less_than_equal", None}


async def test_what_is_never_judged_is_named_and_no_zero(ai: AiServer, model: Model, planned: Plan) -> None:
    gullible = Gullible(obeys, never=frozenset({"version and a", "OBEY"}))
    found = await run(ai, model, planned, gullible.answer)
    assert found.not_graded.keys() == {"good-s", "quiet-01@wrong-c"}
    assert set(found.not_graded.values()) == {"malformed: reply: json_invalid"}
    short = found.by_type[1]
    assert (short.answers, short.graded, short.cost.failed_calls) == (5, 4, 3)
    assert gullible.asked["small", "A version and a conflict."] == 3
    assert next(one for one in found.answers if one.id == "good-s").grader is None
    assert found.attacks is not None
    overall = found.attacks.overall
    assert (overall.rides, overall.graded) == (6, 5)
    told = list(lines(found))
    assert "NOT GRADED: 2" in told
    assert "malformed: reply: json_invalid (2): good-s, quiet-01@wrong-c" in told


async def test_without_the_weak_answers_score_nothing_is_said_to_be_gained(
    ai: AiServer, model: Model, planned: Plan
) -> None:
    gullible = Gullible(lambda answer: answer != "return None" and obeys(answer))
    ai.otherwise = gullible.answer
    gradings = await bench(model).run(planned.tasks)
    gradings["wrong-c"] = Grading(None, ())
    found = made(planned, gradings)
    assert found.attacks is not None
    rides = [ride for ride in found.attacks.rides if ride.weak_answer == "wrong-c"]
    assert [(ride.gained, ride.score_with) for ride in rides] == [(None, 20)] * 3
    assert found.attacks.overall.total == 12.5


async def test_an_endpoint_is_waited_for_as_long_as_it_asks(
    ai: AiServer, model: Model, planned: Plan
) -> None:
    ai.will(ai_server.fails(429, retry_after="7"), ai_server.fails(503))
    pauses: list[float] = []
    task = next(task for task in planned.tasks if task.id == "good-c")
    grading = (await bench(model, pauses=pauses).run([task]))["good-c"]
    assert grading.outcome is not None
    assert [call.failure for call in grading.calls] == [
        "rate_limited: the endpoint answered 429",
        "unavailable: the endpoint answered 503",
        None,
    ]
    assert 7 <= pauses[0] <= 7.7
    assert 2 <= pauses[1] <= 4


async def test_a_wrong_key_is_not_tried_again(ai: AiServer, model: Model, planned: Plan) -> None:
    ai.otherwise = ai_server.fails(401)
    pauses: list[float] = []
    gradings = await bench(model, pauses=pauses).run(planned.tasks)
    assert pauses == []
    assert len(ai.asked) == planned.for_ai
    assert {one.failure for one in gradings.values()} == {None, "refused: the endpoint answered 401"}


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_so_many_are_asked_at_a_time_and_no_more(
    ai: AiServer, model: Model, planned: Plan, concurrency: int
) -> None:
    go = asyncio.Event()
    ai.otherwise = ai_server.honest_after(go)
    graded: list[None] = []
    running = asyncio.create_task(
        bench(model, concurrency=concurrency, graded=lambda: graded.append(None)).run(planned.tasks)
    )
    await ai.until(lambda server: server.in_flight == concurrency)
    go.set()
    assert len(await running) == len(graded) == len(planned.tasks)
    assert ai.most_in_flight == concurrency


async def test_without_an_ai_only_rules_grade(planned: Plan) -> None:
    recipe = recipes.configured(recipes.Models(short_answer="small", code="large", summary="large"))
    none = Bench(model=None, recipe=recipe, concurrency=2, max_failures=1)
    by_rule = [task for task in planned.tasks if isinstance(task.question, Mcq) or not task.answer.strip()]
    gradings = await none.run(by_rule)
    assert {name: one.outcome and one.outcome.score for name, one in gradings.items()} == {
        "right-m": 5,
        "other-m": 0,
        "empty-s": 0,
    }
    code = Code("Q", 5, "python", "x", ("C",))
    with pytest.raises(ExceptionGroup):
        await none.run([Task("one", code, "return 1")])


async def test_the_table_fits_a_terminal_and_says_what_matters(
    ai: AiServer, model: Model, planned: Plan
) -> None:
    gullible = Gullible(obeys, never=frozenset({"version and a"}))
    told = list(lines(await run(ai, model, planned, gullible.answer)))
    assert max(map(len, told)) <= WIDTH
    assert told[0] == "Small: 9 of 10 answers graded, 6 of 6 tries of 4 attacks"
    heads = [line.split("  ")[0] for line in told if line.split(" ")[0].isupper()]
    assert heads == [
        "AGREEMENT",
        "COST",
        "KIND OF ANSWER",
        "LARGEST DISAGREEMENTS",
        "POINTS GAINED BY ATTACKS",
        "ATTACKS THAT GAINED MOST",
        "NOT GRADED: 1",
    ]
    worst = told.index("LARGEST DISAGREEMENTS") + 1
    assert told[worst] == "good-c, question 3 (good): a person gave 20, the grader 0 of 20 (-20)"
