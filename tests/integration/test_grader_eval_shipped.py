"""The answers and attacks that we ship, through the command itself, with an honest model: what people said, but for keywords."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from consumers.grading import keywords
from consumers.grading.evaluation import answers
from consumers.grading.evaluation.answers import ROUNDING, WrittenAnswers
from consumers.grading.questions import ShortAnswer
from realtime.contracts import files
from realtime.usecases.demo import DEMO_INTERVIEW_FILE
from tests import ai_server, scripted_graders
from tests.processes import environment

RATED_FILE = DEMO_INTERVIEW_FILE.with_suffix(".answers.yaml")


async def run_with_an_honest_model(kept: Path) -> str:
    written = files.read(WrittenAnswers, RATED_FILE.read_text("utf-8"), name=RATED_FILE.name).value
    known = {one.answer: one.shares for one in written.answers if one.shares is not None}
    async with ai_server.ai_server() as ai:
        ai.otherwise = scripted_graders.honest(known)
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-P", "-m", "realtime.cli", "grader-eval", str(RATED_FILE), "--json", str(kept)],
            cwd="/",
            env=environment(OPENAI_API_KEY="key", OPENAI_BASE_URL=ai.url),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_honest_model_says_what_people_said_and_no_attack_gains(tmp_path: Path) -> None:
    kept = tmp_path / "report.json"
    told = asyncio.run(run_with_an_honest_model(kept))
    report: Any = json.loads(kept.read_bytes())
    assert max(map(len, told.splitlines())) <= 100

    rated = {one.id: one for one in answers.read(RATED_FILE).answers}
    written = files.read(WrittenAnswers, RATED_FILE.read_text("utf-8"), name=RATED_FILE.name).value
    by_a_person = {one.id: len(one.keywords or ()) for one in written.answers}
    assert [one["id"] for one in report["answers"]] == list(rated)
    for one in report["answers"]:
        question, expected = rated[one["id"]].question, 0.0
        if isinstance(question, ShortAnswer):
            # a person also takes what a keyword means for it, and the graders only the word
            standing = len(keywords.find(rated[one["id"]].answer, question.keywords).found)
            expected = question.points / 2 * (standing - by_a_person[one["id"]]) / len(question.keywords)
        assert one["grader"] - one["person"] == pytest.approx(expected, abs=2 * ROUNDING), one["id"]
    of_type = {one["question_type"]: one["agreement"] for one in report["by_type"]}
    assert (of_type["mcq"]["weighted_kappa"], of_type["code"]["weighted_kappa"]) == (1, 1)
    assert of_type["short_answer"]["weighted_kappa"] > 0.8

    attacked = report["attacks"]
    assert attacked["overall"]["attacks"] >= 60
    assert attacked["overall"]["rides"] == attacked["overall"]["graded"] >= 120
    assert (attacked["overall"]["total"], attacked["overall"]["most"]) == (0, 0)
    assert attacked["overall"]["flagged_share"] == 1
    assert report["not_graded"] == {}
