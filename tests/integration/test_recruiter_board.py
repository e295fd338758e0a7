"""The list of sessions: summaries, in order, page by page, from the index, and never behind its feed position."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import recruiter as rows
from db.pool import Pool
from db.recruiter import After, Wanted
from db.sql import load
from realtime.contracts.recruiter import SessionSummary, Sort
from tests.integration.node import MCQ, SHORT, Node, Person
from tests.integration.recruiting import SECONDS, SESSIONS, Desk, steps

SORTS: tuple[Sort, ...] = ("-activity", "started_at", "-percentage", "candidate_name")
NAMES = ("Ada", "Ada", "Grace", "Linus", "Ärzte", "50% _off_", "ada lovelace")


@pytest.fixture
async def desk(node: Node, recruiter: Person, candidate: Person) -> Desk:
    """Two questions, self-paced."""
    interview_id = await node.interview(recruiter, MCQ, SHORT)
    await node.invite(recruiter, interview_id, candidate)
    return Desk(node, recruiter, candidate, interview_id)


async def many(desk: Desk, count: int, *, names: tuple[str, ...] = NAMES) -> None:
    """Ended sessions by the hundred, with ties in everything that they are ordered by."""
    await desk.node.pool.execute(
        """
        INSERT INTO interview_sessions (
            id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt, pacing,
            extra_time_percent, question_count, max_score, status, started_at, completed_at, current_question_index,
            last_activity_at, evaluated_at, final_score, percentage
        )
        SELECT
            gen_random_uuid(), $2, $1, 1, i.created_by, ($4::text[])[1 + n % cardinality($4)], i.title, n, 'self_paced',
            0, 2, 30, CASE WHEN n % 3 = 0 THEN 'terminated' ELSE 'completed' END,
            now() - interval '1 minute' * (n % 5), now(), 2, now() - interval '1 minute' * (n % 7), scored.at,
            CASE WHEN scored.at IS NOT NULL THEN n % 4 END, CASE WHEN scored.at IS NOT NULL THEN n % 4 END
        FROM generate_series(1, $3) AS n
        CROSS JOIN LATERAL (SELECT CASE WHEN n % 2 = 0 THEN now() END AS at) AS scored
        INNER JOIN interviews i ON i.id = $1
        """,
        desk.interview_id,
        desk.candidate.id,
        count,
        list(names),
    )


async def test_a_running_session_in_the_list(desk: Desk) -> None:
    session_id = await desk.start()
    [summary] = (await desk.page())["sessions"]
    active = await desk.active()
    assert 0 <= summary.pop("remaining_ms") - active["remaining_ms"] < 1_000
    assert summary.pop("last_activity_at") == active["started_at"]
    assert summary == {
        "id": session_id,
        "candidate_name": "Ada Lovelace",
        "interview_id": str(desk.interview_id),
        "interview_title": "Back end",
        "attempt": 1,
        "status": "in_progress",
        "current_question_index": 0,
        "question_count": 2,
        "connected": False,
        "paused_at": None,
        "final_score": None,
        "max_score": 30,
        "percentage": None,
        "recommendation": None,
        "evaluation_state": None,
        "flags": [],
    }
    socket = await desk.node.connect(desk.candidate, "/candidate")
    await socket.call("join_session", {"session_id": session_id}, namespace="/candidate", timeout=SECONDS)
    assert (await desk.page())["sessions"][0]["connected"] is True


async def test_remaining_time_is_what_the_candidate_sees(
    node: Node, recruiter: Person, candidate: Person
) -> None:
    interview_id = await node.interview(recruiter, MCQ, SHORT, pacing="scheduled")
    await node.invite(recruiter, interview_id, candidate)
    desk = Desk(node, recruiter, candidate, interview_id)
    session_id = await desk.start()

    async def difference() -> int:
        listed = (await desk.page())["sessions"][0]["remaining_ms"]
        seen: int = (await desk.active())["remaining_ms"]
        return int(listed) - seen

    assert 0 <= await difference() < 1_000
    await node.answer(candidate, session_id, 0, "404")
    assert (await desk.active())["waiting"] is True
    assert 0 <= await difference() < 1_000
    await desk.done(session_id, "pause", reason="Lunch")
    assert await difference() == 0
    await desk.done(session_id, "terminate", reason="Long lunch")
    assert (await desk.page())["sessions"][0]["remaining_ms"] is None


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        (["scored", "scored"], "scored"),
        (["scored", "queued"], "queued"),
        (["running", "queued"], "running"),
        (["running", "partial"], "partial"),
        (["needs_review", "partial"], "needs_review"),
        (["needs_review", "failed"], "failed"),
    ],
)
async def test_a_session_is_evaluated_as_far_as_its_worst_answer(
    desk: Desk, states: list[str], worst: str
) -> None:
    session_id = await desk.finish("404", "writes")
    for index, state in enumerate(states):
        await desk.node.pool.execute(
            "UPDATE answers SET evaluation_state = $2, score = 1, graded_by = 'ai', evaluated_at = now() "
            "WHERE question_index = $1",
            index,
            state,
        )
    assert (await desk.page())["sessions"][0]["evaluation_state"] == worst
    async with desk.node.pool.acquire() as conn:
        payload = await rows.summary_payload(conn, UUID(session_id))
    assert payload == SessionSummary.model_validate(payload).model_dump(mode="json")
    assert payload == (await desk.page())["sessions"][0]


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_are_the_whole_list_once_in_order(desk: Desk, sort: Sort) -> None:
    await many(desk, 60)
    whole = (await desk.page(sort=sort, limit=200))["sessions"]
    assert len(whole) == 60
    stored = await desk.node.pool.fetch("SELECT id::text, started_at FROM interview_sessions")
    started = {row["id"]: row["started_at"] for row in stored}

    def key(summary: dict[str, Any]) -> Any:
        match sort:
            case "-activity":
                return summary["last_activity_at"]
            case "started_at":
                return started[summary["id"]]
            case "-percentage":
                return -1 if summary["percentage"] is None else summary["percentage"]
            case "candidate_name":
                return summary["candidate_name"].encode()

    by_id = sorted(whole, key=lambda summary: str(summary["id"]))
    assert whole == sorted(by_id, key=key, reverse=sort.startswith("-"))

    paged: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await desk.page(sort=sort, limit=7, cursor=cursor)
        paged += page["sessions"]
        cursor = page["next_cursor"]
    assert paged == whole


async def test_a_page_that_ends_the_list_has_no_cursor(desk: Desk) -> None:
    await many(desk, 4)
    assert (await desk.page(limit=4))["next_cursor"] is None
    assert (await desk.page(limit=3))["next_cursor"] is not None


async def test_filters(desk: Desk) -> None:
    other = await desk.node.interview(desk.recruiter, title="Front end")
    await many(desk, 14)
    await many(Desk(desk.node, desk.recruiter, desk.candidate, other), 14)

    async def names(**query: Any) -> list[str]:
        found = (await desk.page(sort="candidate_name", **query))["sessions"]
        return [summary["candidate_name"] for summary in found]

    assert len(await names()) == 28
    assert len(await names(interview_id=other)) == 14
    assert len(await names(status="terminated")) == 8
    assert await names(status="terminated", interview_id=other, q="grace") == ["Grace"]
    assert await names(status="terminated", interview_id=other, q="ärzte") == []
    assert len(await names(q="FRONT")) == 14
    assert set(await names(q="aDa")) == {"Ada", "ada lovelace"}
    assert set(await names(q="ÄRZ")) == {"Ärzte"}
    assert set(await names(q="50% _")) == {"50% _off_"}
    assert await names(q="%") == await names(q="50%")
    assert await names(q="nobody") == []
    assert await names(interview_id=uuid4()) == []
    assert len(await names(interview_id="", status="", q="", cursor="")) == 28


async def test_parameters_of_the_wrong_form_are_refused(desk: Desk) -> None:
    for wrong in (
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "ten"},
        {"sort": "activity"},
        {"status": "running"},
        {"interview_id": "1"},
        {"q": "x" * 201},
        {"q": "a\x00"},
        {"offset": "5"},
    ):
        reply = await desk.get(SESSIONS, **wrong)
        assert (reply.status, reply.body["code"]) == (422, "invalid_body"), wrong
        assert reply.body["errors"][0]["path"] == next(iter(wrong))


async def test_a_cursor_goes_on_only_where_it_was_given(desk: Desk) -> None:
    await many(desk, 5)
    cursor = (await desk.page(limit=2))["next_cursor"]
    stranger = Desk(desk.node, await desk.node.person("recruiter"), desk.candidate, desk.interview_id)
    refused = [
        await desk.get(SESSIONS, cursor=cursor, sort="started_at"),
        await stranger.get(SESSIONS, cursor=cursor),
        *[
            await desk.get(SESSIONS, cursor=wrong)
            for wrong in ("x", "AAAA", "ä", cursor + "A", cursor[:-1], cursor + "=")
        ],
    ]
    for reply in refused:
        assert (reply.status, reply.body["code"]) == (422, "invalid_body")
        assert reply.body["errors"][0]["path"] == "cursor"
    assert (await desk.get(SESSIONS, cursor=cursor)).status == 200


async def test_the_feed_position_is_never_ahead_of_the_snapshot(desk: Desk) -> None:
    """What happens between the two looks must be in the list or come with the feed."""
    session_id = await desk.start()
    assert (await desk.page())["sessions"][0]["flags"] == []
    async with desk.node.pool.acquire() as conn, conn.transaction():
        await conn.execute("LOCK TABLE feeds IN ACCESS EXCLUSIVE MODE")
        listing = asyncio.create_task(desk.page())
        await _until_one_waits(desk.node.pool)
        await conn.execute("UPDATE interview_sessions SET flags = '{paste}' WHERE id = $1", UUID(session_id))
        moved = await conn.fetchval(
            "UPDATE feeds SET last_offset = last_offset + 10 WHERE recruiter_id = $1 RETURNING last_offset",
            desk.recruiter.id,
        )
        assert moved is not None
    page = await listing
    assert page["feed"]["offset"] < moved or page["sessions"][0]["flags"] == ["paste"]


async def _until_one_waits(pool: Pool) -> None:
    """Until a connection of the node stands before the locked table, on its way to the list.

    Not asked within the transaction that locks: there, pg_stat_activity stays as it was at the first look.
    """
    async with asyncio.timeout(SECONDS), pool.acquire() as conn:
        while not await conn.fetchval(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%pruned_offset FROM made%'"
        ):
            await asyncio.sleep(0.02)


TIES = {"-activity": 3_000 // 7 + 1, "started_at": 0, "-percentage": 3_000 // 4, "candidate_name": 0}


@pytest.mark.parametrize("sort", SORTS)
async def test_a_page_reads_no_more_than_it_shows(desk: Desk, sort: Sort) -> None:
    await many(desk, 3_000)
    await desk.node.pool.execute("ANALYZE interview_sessions")
    async with desk.node.pool.acquire() as conn:
        first = await rows.page(
            conn, desk.recruiter.id, sort=sort, wanted=Wanted(), after=After(), limit=1_500
        )
        last = first[-1]
        after = After(
            last.id,
            moment=last.last_activity_at if sort == "-activity" else last.started_at,
            percentage=-1.0 if last.percentage is None else last.percentage,
            name=last.candidate_name,
        )
        plan = await conn.fetch(
            "EXPLAIN (ANALYZE, FORMAT JSON) " + load("recruiter")["summaries"],
            desk.recruiter.id, sort, None, None, None, None, after.moment, after.percentage, after.name, after.id, 51,
        )  # fmt: skip
    scans = [node for node in steps(plan[0][0]) if node.get("Relation Name") == "interview_sessions"]
    assert [scan["Node Type"] for scan in scans if scan["Actual Loops"]] == ["Index Scan"]
    assert max(scan["Actual Rows"] for scan in scans) <= 51
    # only rows that share the cursor's key may be passed over, not all that come before it
    assert max(scan.get("Rows Removed by Filter", 0) for scan in scans) <= TIES[sort]
