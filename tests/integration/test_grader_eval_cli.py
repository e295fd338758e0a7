"""`interlock grader-eval` as a process of its own, with no database and no Redis: exit codes, table and JSON."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests import ai_server, scripted_graders
from tests.ai_server import AiServer
from tests.integration.grading_bench import ANSWERS, ATTACKS, IN, KNOWN, OUT, write
from tests.processes import environment
from tests.scripted_graders import Gullible

KEY = "key-that-nobody-may-read"
MINE = "My own words about <answer-$nonce>."


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    async with ai_server.ai_server() as server:
        server.otherwise = scripted_graders.honest(KNOWN)
        yield server


async def grader_eval(
    ai: AiServer, *arguments: str | Path, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    given = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": ai.url, "INTERLOCK_AI_MAX_ATTEMPTS": "1"} | settings
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-P", "-m", "realtime.cli", "grader-eval", *map(str, arguments)],
        cwd="/",
        env=environment(**given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_the_whole_report_as_table_and_json(ai: AiServer, tmp_path: Path) -> None:
    rated, attacking = write(tmp_path)
    (tmp_path / "code.md").write_text(MINE)
    kept = tmp_path / "report.json"
    done = await grader_eval(
        ai, rated, "--attacks", attacking, "--json", kept, "--price-input", "2", "--price-output", "8",
        "--model-code", "other-model", "--prompts", tmp_path / "code.md", INTERLOCK_MODEL_SHORT_ANSWER="set-model",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert told[0] == "Small: 10 of 10 answers graded, 6 of 6 tries of 4 attacks"
    assert told[3].split() == ["models", "short_answer=set-model", "code=other-model"]
    rows = {tuple(line.split()[:3]) for line in told}
    assert {("mcq", "2/2", "1.000"), ("short_answer", "5/5", "1.000"), ("all", "10/10", "1.000")} <= rows

    report = json.loads(kept.read_bytes())
    assert {one["id"]: one["person"] for one in report["answers"]} == {
        one["id"]: one["score"] for one in ANSWERS
    }
    assert all(one["grader"] == one["person"] for one in report["answers"])
    assert {ride["attack"] for ride in report["attacks"]["rides"]} == {one["id"] for one in ATTACKS}
    good = next(one for one in report["answers"] if one["id"] == "good-c")
    assert (good["answer"], good["provenance"]["requested_model"]) == ("return versions", "other-model")
    assert report["cost"]["usd"] == pytest.approx(13 * (IN * 2 + OUT * 8) / 1_000_000)
    assert report["overall"]["agreement"]["weighted_kappa"] == 1

    code = [asked for asked in ai.asked if asked.model == "other-model"]
    assert len(code) == 6
    assert all(asked.system.startswith("My own words about <answer-") for asked in code)
    assert {asked.model for asked in ai.asked} == {"other-model", "set-model"}
    assert KEY not in done.stdout + done.stderr + kept.read_text()


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["--no-attacks"], 7),
        # answers 0, 3 and 6, which are one of each type, and nothing to ride
        (["--no-attacks", "--limit", "3"], 2),
    ],
)
async def test_less_is_asked_where_less_is_wanted(
    ai: AiServer, tmp_path: Path, arguments: list[str], asked: int
) -> None:
    rated, _ = write(tmp_path)
    done = await grader_eval(ai, rated, *arguments)
    assert done.returncode == 0, done.stderr
    assert len(ai.asked) == asked
    assert "ATTACK" not in done.stdout


async def test_what_could_not_be_graded_is_named_after_the_report(ai: AiServer, tmp_path: Path) -> None:
    rated, attacking = write(tmp_path)
    ai.otherwise = Gullible(lambda _: False, never=frozenset({"tea"})).answer
    kept = tmp_path / "report.json"
    done = await grader_eval(ai, rated, "--attacks", attacking, "--json", kept)
    assert done.returncode == 1
    assert done.stderr.endswith("interlock: 1 could not be graded, as said above\n")
    assert "malformed: reply: json_invalid (1): aside-s" in done.stdout
    assert json.loads(kept.read_bytes())["not_graded"] == {"aside-s": "malformed: reply: json_invalid"}


async def test_without_a_key_it_refuses_before_it_grades(ai: AiServer, tmp_path: Path) -> None:
    rated, attacking = write(tmp_path)
    done = await grader_eval(ai, rated, "--attacks", attacking, OPENAI_API_KEY="")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "interlock: set OPENAI_API_KEY: 13 of 16 answers need the AI\n"


async def test_without_a_key_multiple_choice_is_graded(ai: AiServer, tmp_path: Path) -> None:
    rated, attacking = write(tmp_path)
    rated.write_text(json.dumps({"interview": "interview.json", "answers": ANSWERS[:2]}))
    done = await grader_eval(ai, rated, "--attacks", attacking, OPENAI_API_KEY="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "Small: 2 of 2 answers graded"
    assert ai.asked == []


async def test_nothing_is_asked_about_a_bad_file(ai: AiServer, tmp_path: Path) -> None:
    rated, attacking = write(tmp_path)
    rated.write_text(rated.read_text().replace("good-c", "good-s"))
    done = await grader_eval(ai, rated, "--attacks", attacking)
    assert done.returncode == 1
    assert done.stderr == f"interlock: {rated}: line 1: answers[6].id: stands twice: good-s\n"
    write(tmp_path)
    attacking.write_text('{"attacks": []}')
    done = await grader_eval(ai, rated, "--attacks", attacking)
    assert done.returncode == 1
    assert done.stderr == f"interlock: {attacking}: line 1: attacks: must have at least 1 entries\n"
    done = await grader_eval(ai, tmp_path / "nowhere.yaml")
    assert (done.returncode, "No such file" in done.stderr) == (1, True)
    assert ai.asked == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument"),
        (["answers.json", "--limit", "0"], "--limit"),
        (["answers.json", "--price-input", "2"], "give both of --price-input and --price-output"),
        (["answers.json", "--price-input", "-1", "--price-output", "1"], "--price-input"),
        (["answers.json", "--no-attacks", "--attacks", "x"], "give one of --attacks and --no-attacks"),
        (["answers.json", "--json", "/nowhere/report.json"], "there is no directory /nowhere"),
        (["answers.json", "--prompts", "/nowhere"], "--prompts"),
    ],
)
async def test_a_command_that_makes_no_sense_is_refused_with_2(
    ai: AiServer, arguments: list[str], said: str
) -> None:
    done: Any = await grader_eval(ai, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
