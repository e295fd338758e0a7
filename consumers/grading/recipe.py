"""What the AI is asked with: models, parameters and whole prompts, kept by their hash so that a result can be explained."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal, TypeAlias, get_args

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Kind: TypeAlias = Literal["short_answer", "code", "summary"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MAX_PROMPT_CHARS = 50_000  # many times what ours have; every call pays for it
_STRICT = ConfigDict(extra="forbid", frozen=True)

ModelName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class BadPrompt(ValueError):
    """A prompt cannot be used; the text says what to do."""


class Models(BaseModel):
    """Which model is asked for what."""

    model_config = _STRICT

    short_answer: ModelName
    code: ModelName
    summary: ModelName


class Prompts(BaseModel):
    """The text of each prompt; `$nonce` stands for what nobody can guess."""

    model_config = _STRICT

    short_answer: str
    code: str
    summary: str

    def prompt(self, kind: Kind) -> str:
        """One prompt's text."""
        text: str = getattr(self, kind)
        return text


class Recipe(BaseModel):
    """All that a judgement depends on, beside the question and the answer."""

    model_config = _STRICT

    models: Models
    parameters: dict[str, Any] = Field(description="Sent with every call as they are.")
    prompts: Prompts

    @property
    def sha256(self) -> str:
        """The hash by which results name it."""
        return hashlib.sha256(orjson.dumps(self.model_dump(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def model(self, kind: Kind) -> str:
        """The model that is asked."""
        name: str = getattr(self.models, kind)
        return name

    def prompt(self, kind: Kind) -> str:
        """The text that it is asked with."""
        return self.prompts.prompt(kind)


PARAMETERS = {"temperature": 0}


def configured(models: Models) -> Recipe:
    """Our own prompts and parameters with these models."""
    return Recipe(models=models, parameters=PARAMETERS, prompts=packaged())


def changed(recipe: Recipe, *, models: dict[Kind, str], prompts: dict[Kind, str]) -> Recipe:
    """The same with other models and prompts for some kinds. Raises BadPrompt."""
    for kind, text in prompts.items():
        _check(kind, text)
    try:
        return Recipe(
            models=Models(**(recipe.models.model_dump() | models)),
            parameters=recipe.parameters,
            prompts=Prompts(**(recipe.prompts.model_dump() | prompts)),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadPrompt(f"the model for {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def read_prompts(path: Path) -> dict[Kind, str]:
    """Read one prompt's file, or those of a directory, each named after its kind. Raises BadPrompt, OSError."""
    names: dict[str, Kind] = {f"{kind}.md": kind for kind in KINDS}
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    wanted = [file for file in found if file.name in names]
    if not wanted:
        raise BadPrompt(f"{path} has no prompt: name the files {', '.join(names)}")
    try:
        return {names[file.name]: file.read_bytes().decode() for file in wanted}
    except UnicodeDecodeError:
        raise BadPrompt(f"a prompt in {path} is not UTF-8") from None


@cache
def packaged() -> Prompts:
    """Our own prompts."""
    directory = files("consumers.grading").joinpath("prompts")
    return Prompts(**{kind: directory.joinpath(f"{kind}.md").read_bytes().decode() for kind in KINDS})


def text_sha256(text: str) -> str:
    """The hash that a result names its prompt by: that of its file."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check(kind: Kind, text: str) -> None:
    template = Template(text)
    if not template.is_valid() or set(template.get_identifiers()) != {"nonce"}:
        raise BadPrompt(
            f"the prompt {kind} must name the delimiters with $nonce, and have no other $ but $$ for a dollar sign"
        )
    if "\x00" in text or len(text) > MAX_PROMPT_CHARS:
        raise BadPrompt(f"the prompt {kind} must be text of at most {MAX_PROMPT_CHARS} characters")
