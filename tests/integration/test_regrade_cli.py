"""`interlock regrade`: many sessions again by another recipe, shown, and let count; as a process of its own."""

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import web

from consumers.grading.recipe import packaged
from db.pool import Pool
from realtime.contracts.recruiter_regrades import RegradeQuery
from realtime.usecases import difference
from tests import ai_server
from tests.ai_server import AiServer, Asked, judged
from tests.integration.evaluation import CODE, MCQ, SHORT, Answered, Json, World, opened_world, settled
from tests.processes import environment

ANSWERS = ("B-tree", "An index avoids a scan.", "return 1")
STRICT = "You are strict. Judge what stands between <answer-$nonce> and </answer-$nonce>.\n"
OURS = "model-of-the-consumers"


@pytest.fixture
async def world(pool: Pool, database_url: str, redis_url: str) -> AsyncIterator[World]:
    async with opened_world(pool, database_url=database_url, redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
async def ai() -> AsyncIterator[AiServer]:
    """Half of the points from whoever asks the other model, 80 % from all others."""

    async def answer(asked: Asked) -> web.StreamResponse:
        is_other = asked.model == "other-model"
        form = judged(asked, share=0.5 if is_other else 0.8)
        if not asked.criteria:
            form["recommendation"] = "no_hire" if is_other else "hire"
        return ai_server.completion(json.dumps(form))

    async with ai_server.ai_server() as server:
        server.otherwise = answer
        yield server


@pytest.fixture
async def sessions(world: World, ai: AiServer) -> list[Answered]:
    """Three sessions of one interview, graded and settled: 30, 30 and 5 of 35."""
    interview = await world.interview(MCQ, SHORT, CODE)
    done = [await world.session(interview, ANSWERS) for _ in range(2)]
    done.append(await world.session(interview, ["B-tree", None, ""]))
    async with consuming(world, ai):
        for one in done:
            await world.ear().until(recommended(one))
    return done


def recommended(one: Answered) -> Callable[[Json], bool]:
    return lambda event: settled(one)(event) and event["data"]["recommendation"] is not None


def consuming(world: World, ai: AiServer) -> Any:
    return world.consuming(ai, model_short_answer=OURS, model_code=OURS, model_summary=OURS)


async def regrade(world: World, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-P", "-m", "realtime.cli", "regrade", *arguments],
        cwd="/",
        env=environment(
            INTERLOCK_DATABASE_URL=world.database_url,
            INTERLOCK_REDIS_URL=world.redis_url,
            OPENAI_API_KEY="test-key",
            INTERLOCK_MODEL_CODE="model-of-the-command",
        ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def stored(world: World, one: Answered) -> tuple[Any, ...]:
    """Everything about a session that counts, or that somebody was told."""
    return (
        dict(await world.row(one)),
        [dict(row) for row in await world.answers(one)],
        await world.feed(one),
        await world.pool.fetchval("SELECT count(*) FROM stream_events WHERE session_id = $1", one.session_id),
    )


async def interview_of(world: World, one: Answered) -> str:
    return str((await world.row(one))["interview_id"])


async def test_an_interview_is_graded_again_shown_and_promoted(
    world: World, ai: AiServer, sessions: list[Answered], tmp_path: Path
) -> None:
    (tmp_path / "code.md").write_text(STRICT, "utf-8")
    async with world.pool.acquire() as conn:
        await world.override(
            conn, sessions[1].answers[2], 20
        )  # 34 of 35 by a person's score, the totals aside
    before = [await stored(world, one) for one in sessions]
    old_results = [dict(row) for one in sessions for row in await world.results(one)]
    ai.asked.clear()
    arguments = ("--interview", await interview_of(world, sessions[0]), "--prompts", str(tmp_path))
    async with consuming(world, ai):
        done = await regrade(
            world, "start", *arguments, "--model", "other-model", "--model", "short_answer=third-model"
        )
    assert done.returncode == 0, done.stderr
    assert "9 of 9 answers graded" in done.stderr
    regrade_id = done.stdout.splitlines()[0]

    # by the recipe, whatever the settings of command and consumers
    code, short, text = (
        [asked for asked in ai.asked if len(asked.criteria) == count and ("<task-" in asked.user) == is_code]
        for count, is_code in ((2, True), (2, False), (0, False))
    )
    assert [len(code), len(short), len(text)] == [2, 2, 3]
    assert {asked.model for asked in code + text} == {"other-model"}
    assert {asked.model for asked in short} == {"third-model"}
    assert all(asked.system.startswith("You are strict.") for asked in code)
    assert not any(asked.system.startswith("You are strict.") for asked in short + text)
    async with world.pool.acquire() as conn:
        provenances = [
            row["provenance"]
            for row in await conn.fetch(
                "SELECT provenance FROM results WHERE grading_version = 2 AND graded_by = 'ai'"
            )
        ]
        shown = await regrade(world, "show", regrade_id, "--json")
    whole = json.loads(shown.stdout)
    assert {each["recipe_sha256"] for each in provenances} == {whole["recipe_sha256"]}
    assert {each["requested_model"] for each in provenances} == {"other-model", "third-model"}
    assert whole["prompts"]["code"] == hashlib.sha256(STRICT.encode()).hexdigest()
    assert whole["prompts"]["summary"] == hashlib.sha256(packaged().summary.encode()).hexdigest()

    # in the shadow: nothing that counts, and nobody was told
    assert [await stored(world, one) for one in sessions] == before
    assert (whole["session_count"], whole["promoted_count"], whole["begun_by"]) == (3, 0, None)
    rows = {one["session_id"]: one for one in whole["sessions"]}
    first, second, third = (rows[str(one.session_id)] for one in sessions)
    assert (first["old_score"], first["new_score"]) == (30.0, 24.0)
    assert (second["old_score"], second["new_score"]) == (34.0, 34.0)
    assert (third["old_score"], third["new_score"]) == (5.0, 5.0)
    assert [row["old_rank"] for row in (first, second, third)] == [2, 1, 3]
    assert [row["new_rank"] for row in (first, second, third)] == [2, 1, 3]
    assert {(row["old_recommendation"], row["new_recommendation"]) for row in rows.values()} == {
        ("hire", "no_hire")
    }
    assert "30 → 24 (-6)" in done.stdout
    assert "hire → no_hire" in done.stdout
    assert "(a person's score)" in done.stdout

    promoted = await regrade(world, "promote", regrade_id)
    assert promoted.returncode == 0, promoted.stderr
    assert promoted.stdout == "3 sessions count by this grading now\n"
    assert [(await world.row(one))["final_score"] for one in sessions] == [24.0, 34.0, 5.0]
    assert [(await world.row(one))["recommendation"] for one in sessions] == ["no_hire"] * 3
    assert (await world.answer(sessions[1].answers[2]))["graded_by"] == "person"
    results = [dict(row) for one in sessions for row in await world.results(one)]
    assert [row for row in results if row["grading_version"] == 1] == old_results
    again = await regrade(world, "promote", regrade_id)
    assert (again.returncode, again.stdout) == (0, "0 sessions count by this grading now\n")


async def test_only_one_session_and_not_waiting_for_it(world: World, sessions: list[Answered]) -> None:
    begun = await regrade(world, "start", "--session", str(sessions[0].session_id), "--no-wait")
    assert (begun.returncode, begun.stderr) == (0, "")
    regrade_id = begun.stdout.strip()
    assert await world.pool.fetchval("SELECT count(*) FROM jobs WHERE grading_version = 2") == 3
    promoted = await regrade(world, "promote", regrade_id)
    assert promoted.returncode == 1
    assert f"session {sessions[0].session_id} waits for question 1, 2, 3" in promoted.stderr
    assert "1 of its sessions cannot yet" in promoted.stderr
    assert (await world.row(sessions[0]))["grading_version"] == 1
    shown = await regrade(world, "show", regrade_id)
    assert "0 of 3 answers graded, 0 of 1 sessions promoted" in shown.stdout
    assert "code=model-of-the-command" in shown.stdout  # as its settings have it, and kept for whoever grades


async def test_the_difference_comes_in_pages(world: World, sessions: list[Answered]) -> None:
    begun = await regrade(world, "start", "--interview", await interview_of(world, sessions[0]), "--no-wait")
    seen: list[UUID] = []
    after: UUID | None = None
    async with world.pool.acquire() as conn:
        for _ in sessions:
            query = RegradeQuery(limit=1, after=after)
            page = await difference.read(conn, UUID(begun.stdout.strip()), recruiter_id=None, query=query)
            seen += [one.session_id for one in page.sessions]
            after = page.next_after
    assert after is None
    assert seen == sorted(one.session_id for one in sessions)


async def test_what_cannot_be_done_is_said_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    running = await world.session(await world.interview(MCQ, MCQ), ["B-tree"], status="in_progress")
    session = ("--session", str(running.session_id))
    (tmp_path / "code.md").write_text("No delimiters, and $money.", "utf-8")
    (tmp_path / "prompt.md").write_text(STRICT, "utf-8")
    for arguments, reason in (
        (session, "no session that was completed or terminated"),
        ((*session, "--prompts", str(tmp_path)), "must name the delimiters with $nonce"),
        (
            (*session, "--prompts", str(tmp_path / "prompt.md")),
            "has no prompt: name the files short_answer.md",
        ),
        ((*session, "--model", "code="), "the model for code"),
    ):
        done = await regrade(world, "start", *arguments)
        assert (done.returncode, done.stdout) == (1, ""), arguments
        assert reason in done.stderr
        assert len(done.stderr.splitlines()) == 1
    unusable: list[list[str]] = [
        [],
        [*session, "--interview", str(uuid4())],
        [*session, "--prompts", str(tmp_path / "none")],
    ]
    for wrong in unusable:
        assert (await regrade(world, "start", *wrong)).returncode == 2
    for verb in ("wait", "show", "promote"):
        done = await regrade(world, verb, str(uuid4()))
        assert (done.returncode, done.stdout) == (1, "")
        assert "there is no regrade" in done.stderr
    assert await world.pool.fetchval("SELECT count(*) FROM regrades") == 0
