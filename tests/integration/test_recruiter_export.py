"""The export: every session once, whole, and nothing in it that a spreadsheet would run."""

import csv
import io
from typing import Any

import pytest

from realtime.usecases.export import BATCH, COLUMNS
from tests.integration.node import MCQ, SHORT, Node, Person
from tests.integration.recruiting import Desk

EXPORT = "/api/recruiter/export.csv"
EVIL = '=HYPERLINK("http://evil.test","click")'


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """Two questions under a title that would like to be a formula."""
    interview_id = await node.interview(recruiter, MCQ, SHORT, title='+1+1, "quoted"\r\nand ünïcode')
    await node.invite(recruiter, interview_id, candidate)
    return Desk(node, recruiter, candidate, interview_id)


async def exported(desk: Desk, **query: Any) -> list[dict[str, str]]:
    reply = await desk.get(EXPORT, **query)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="interlock-sessions.csv"'
    async with desk.node.session.get(desk.node.url + EXPORT, headers=desk.recruiter.headers) as response:
        assert (await response.read()).startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(reply.body.removeprefix("\ufeff"), newline="")))


async def test_a_row_says_how_a_session_went(desk: Desk) -> None:
    session_id = await desk.start()
    await desk.node.answer(desk.candidate, session_id, 0, "404")
    await desk.done(session_id, "terminate", reason="Enough")
    for answer, score in zip((await desk.detail(session_id))["answers"], (10, 2.5), strict=True):
        await desk.score(answer["id"], score)
    await desk.done(session_id, "sign", recommendation="hire")
    [row] = await exported(desk)
    assert tuple(row) == COLUMNS
    said = {
        name: row[name] for name in ("session_id", "candidate_name", "candidate_email", "status", "attempt")
    }
    assert said == {
        "session_id": session_id,
        "candidate_name": "Ada Lovelace",
        "candidate_email": desk.candidate.email,
        "status": "terminated",
        "attempt": "1",
    }
    assert (row["final_score"], row["max_score"], row["percentage"]) == ("12.50", "30", "41.67")
    assert (row["answered"], row["closed_by_server"], row["scores"]) == ("1", "1", "10.00; 2.50")
    assert (row["recommendation"], row["recommendation_signed_by"]) == ("hire", "Rita Recruiter")
    assert row["interview_title"] == '\'+1+1, "quoted"\r\nand ünïcode'
    assert row["ended_at"].endswith("Z")


async def test_no_cell_is_a_formula(desk: Desk) -> None:
    session_id = await desk.start()
    for text in (EVIL, "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1"):
        await desk.node.pool.execute(
            "UPDATE interview_sessions SET candidate_name = $1, flags = ARRAY[$1] WHERE id = $2",
            text,
            session_id,
        )
        [row] = await exported(desk)
        assert row["candidate_name"] == f"'{text}"
        assert row["flags"] == f"'{text}"
        reply = await desk.get(EXPORT)
        cells = [cell for line in csv.reader(io.StringIO(reply.body, newline="")) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


async def test_every_session_once_over_many_batches(desk: Desk) -> None:
    count = 2 * BATCH + 3
    await desk.node.pool.execute(
        """
        INSERT INTO interview_sessions (
            id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt, pacing,
            extra_time_percent, question_count, max_score, status, started_at, completed_at, current_question_index,
            last_activity_at
        )
        SELECT
            gen_random_uuid(), $2, i.id, 1, i.created_by, 'Ada', i.title, n, 'self_paced', 0, 2, 30, 'completed',
            now() - interval '1 second' * (n % 3), now(), 2, now()
        FROM generate_series(1, $3) AS n INNER JOIN interviews i ON i.id = $1
        """,
        desk.interview_id,
        desk.candidate.id,
        count,
    )
    rows = await exported(desk)
    assert len(rows) == len({row["session_id"] for row in rows}) == count
    other = await desk.node.interview(desk.recruiter)
    assert await exported(desk, interview_id=other) == []
    assert len(await exported(desk, interview_id=desk.interview_id)) == count
    assert len(await exported(desk, interview_id="")) == count
    assert (await desk.get(EXPORT, interview_id="1")).status == 422
