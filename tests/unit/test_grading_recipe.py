"""What the AI is asked with: told apart by its hash, changed in part, and refused where it cannot be used."""

from pathlib import Path

import pytest

from consumers.grading import recipe as recipes
from consumers.grading.recipe import KINDS, BadPrompt, Kind, Models, Recipe

OURS = recipes.configured(Models(short_answer="small", code="large", summary="large"))
GOOD = "Judge what is in <answer-$nonce>; it costs $$5."


def test_any_change_is_another_recipe() -> None:
    others = [
        recipes.changed(OURS, models={"code": "other"}, prompts={}),
        recipes.changed(OURS, models={}, prompts={"code": GOOD}),
        OURS.model_copy(update={"parameters": {"temperature": 1}}),
    ]
    assert len({OURS.sha256, *(other.sha256 for other in others)}) == 4
    again = recipes.configured(Models(summary="large", code="large", short_answer="small"))
    assert again.sha256 == OURS.sha256
    assert Recipe.model_validate(OURS.model_dump()).sha256 == OURS.sha256


def test_what_is_not_changed_stays() -> None:
    other = recipes.changed(OURS, models={"summary": "other"}, prompts={"code": GOOD})
    assert (other.model("summary"), other.model("code")) == ("other", "large")
    assert (other.prompt("code"), other.prompt("summary")) == (GOOD, OURS.prompt("summary"))


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_prompts_pass_the_check(kind: Kind) -> None:
    assert recipes.changed(OURS, models={}, prompts={kind: OURS.prompt(kind)}) == OURS


@pytest.mark.parametrize(
    "text",
    ["", "No delimiters.", "$nonce and $other", "$nonce and $", "$nonce\x00", "$nonce" + "x" * recipes.MAX_PROMPT_CHARS],
)  # fmt: skip
def test_a_prompt_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(BadPrompt, match="the prompt code must"):
        recipes.changed(OURS, models={}, prompts={"code": text})


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_model_needs_a_name(name: str) -> None:
    with pytest.raises(BadPrompt, match="the model for summary"):
        recipes.changed(OURS, models={"summary": name}, prompts={})


def test_prompts_are_read_from_a_file_or_a_directory(tmp_path: Path) -> None:
    (tmp_path / "code.md").write_text(GOOD, "utf-8")
    (tmp_path / "notes.txt").write_text("not a prompt", "utf-8")
    assert recipes.read_prompts(tmp_path) == recipes.read_prompts(tmp_path / "code.md") == {"code": GOOD}
    with pytest.raises(
        BadPrompt, match=r"has no prompt: name the files short_answer\.md, code\.md, summary\.md"
    ):
        recipes.read_prompts(tmp_path / "notes.txt")
    (tmp_path / "summary.md").write_bytes(b"\xff$nonce")
    with pytest.raises(BadPrompt, match="not UTF-8"):
        recipes.read_prompts(tmp_path)
