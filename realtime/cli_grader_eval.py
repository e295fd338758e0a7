"""`interlock grader-eval`: answers that people have scored, and attacks, through the graders as they are configured."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from realtime.failures import CommandFailed

if TYPE_CHECKING:
    from consumers.grading.evaluation.answers import Rating
    from consumers.grading.evaluation.attacks import Attacks
    from consumers.grading.evaluation.figures import Prices
    from consumers.grading.evaluation.plan import Plan
    from consumers.grading.evaluation.report import Report, Setup
    from consumers.grading.evaluation.run import Grading
    from consumers.grading.recipe import Kind, Recipe
    from realtime.settings import Settings

Price = Annotated[
    float | None,
    typer.Option(min=0, metavar="USD", help="For a million tokens; without prices tokens are all that is said."),
]  # fmt: skip


def grader_eval(  # noqa: PLR0913 - a command has its options
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="YAML or JSON: answers to an interview, each with a person's score."
        ),
    ],
    model_short_answer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Ask this model about short answers.")
    ] = None,
    model_code: Annotated[str | None, typer.Option(metavar="NAME", help="Ask this model about code.")] = None,
    prompts: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            exists=True,
            help="A file short_answer.md or code.md, or a directory with some of them.",
        ),
    ] = None,
    attacks: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Attacks of your own in place of ours.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="At most N answers and N attacks, evenly from the whole of each file."
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", dir_okay=False, help="Write the whole report there, with every answer and try."
        ),
    ] = None,
    price_input: Price = None,
    price_output: Price = None,
    *,
    no_attacks: Annotated[bool, typer.Option("--no-attacks", help="Only the answers.")] = False,
) -> None:
    """Measures the graders against people's scores, and what attacks on them gain.

    Every answer goes through the graders as they are in production: OPENAI_API_KEY, OPENAI_BASE_URL and the models of the
    settings. The report says by type of question how far they agree with people (quadratically weighted kappa, mean absolute
    error, bias), what it cost and how long it took, and what is gained by attacks that are added to the weakest answer to
    each question. It needs no database and stores nothing.

    Exit code 1 where anything could not be graded, after the report.
    """
    if (price_input is None) != (price_output is None):
        raise typer.BadParameter("give both of --price-input and --price-output, or neither")
    if no_attacks and attacks is not None:
        raise typer.BadParameter("give one of --attacks and --no-attacks")
    if json is not None and not json.parent.is_dir():
        raise typer.BadParameter(f"there is no directory {json.parent}", param_hint="--json")
    from consumers.grading.evaluation import answers as answers_file
    from consumers.grading.evaluation import attacks as attacks_file
    from consumers.grading.evaluation.figures import Prices
    from realtime.cli_recipe import recipe
    from realtime.settings import read_settings

    settings = read_settings()
    models: dict[Kind, str] = {}
    if model_short_answer is not None:
        models["short_answer"] = model_short_answer
    if model_code is not None:
        models["code"] = model_code
    report = _evaluate(
        settings,
        recipe(settings, models=models, prompts=prompts),
        rating=answers_file.read(file),
        attacks=None if no_attacks else attacks_file.read(attacks),
        limit=limit,
        prices=None if price_input is None or price_output is None else Prices(price_input, price_output),
    )
    _tell(report, json)
    if report.not_graded:
        raise CommandFailed(f"{len(report.not_graded)} could not be graded, as said above")


def _evaluate(
    settings: "Settings",
    recipe: "Recipe",
    *,
    rating: "Rating",
    attacks: "Attacks | None",
    limit: int | None,
    prices: "Prices | None",
) -> "Report":
    from consumers.grading.evaluation import attacked, report
    from consumers.grading.evaluation.plan import plan

    planned = plan(rating.answers, attacks.attacks if attacks else (), limit=limit)
    began = datetime.now(UTC)
    gradings = asyncio.run(_grade(settings, recipe, planned))
    return report.make(
        _setup(recipe, rating=rating, attacks=attacks, prices=prices, began=began),
        planned.answers,
        gradings,
        attacks=attacked.report(planned.rides, gradings, prices=prices) if planned.rides else None,
    )


async def _grade(settings: "Settings", recipe: "Recipe", planned: "Plan") -> "dict[str, Grading]":
    from consumers.grading.evaluation.run import Bench
    from consumers.grading.model import configured

    tasks, for_ai = planned.tasks, planned.for_ai
    if for_ai and settings.openai_api_key is None:
        raise CommandFailed(f"set OPENAI_API_KEY: {for_ai} of {len(tasks)} answers need the AI")
    model = configured(settings) if for_ai else None  # the library takes more than a second to import
    try:
        with typer.progressbar(length=len(tasks), label="grading", file=sys.stderr) as bar:
            return await Bench(
                model=model,
                recipe=recipe,
                concurrency=settings.ai_concurrency,
                max_failures=settings.ai_max_attempts,
                graded=lambda: bar.update(1),
            ).run(tasks)
    finally:
        if model is not None:
            await model.close()


def _setup(
    recipe: "Recipe", *, rating: "Rating", attacks: "Attacks | None", prices: "Prices | None", began: datetime
) -> "Setup":
    from consumers.grading.evaluation.report import ASKED, Setup, Source
    from consumers.grading.recipe import text_sha256

    return Setup(
        began_at=began,
        interview_title=rating.interview_title,
        answers=Source(rating.name, rating.sha256),
        attacks=Source(attacks.name, attacks.sha256) if attacks else None,
        models={kind: recipe.model(kind) for kind in ASKED},
        prompts={kind: text_sha256(recipe.prompt(kind)) for kind in ASKED},
        parameters=recipe.parameters,
        recipe_sha256=recipe.sha256,
        prices=prices,
    )


def _tell(report: "Report", json: Path | None) -> None:
    """The table, then the whole as JSON where that is wanted."""
    from realtime.cli_grader_eval_table import lines

    for line in lines(report):
        typer.echo(line)
    if json is not None:
        import orjson

        json.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        typer.echo(f"{json} has the whole report", err=True)
