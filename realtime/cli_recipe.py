"""What the AI is to be asked with, as settings and the command line have it."""

from pathlib import Path
from typing import TYPE_CHECKING

from realtime.failures import CommandFailed

if TYPE_CHECKING:
    from consumers.grading.recipe import Kind, Recipe
    from realtime.settings import Settings


def recipe(settings: "Settings", *, models: "dict[Kind, str]", prompts: Path | None) -> "Recipe":
    """What is configured, with what the command line changes. Raises CommandFailed."""
    from consumers.grading import recipe as recipes
    from consumers.grading.recipe import BadPrompt
    from realtime.usecases.regrade import recipe_of

    try:
        return recipes.changed(
            recipe_of(settings),
            models=models,
            prompts={} if prompts is None else recipes.read_prompts(prompts),
        )
    except BadPrompt as error:
        raise CommandFailed(str(error)) from None
