"""The recruiter's list with 100,000 sessions in the table: each order's first and deep pages, filters and searches, over HTTP."""

import asyncio
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import aiohttp
import orjson

from db.pool import connect
from tests.bench.figures import Bar, Figure, percentile
from tests.bench.options import Options
from tests.bench.place import Place
from tests.bench.seats import MCQ, SQL, Hall, furnish

log = logging.getLogger("bench")

SESSIONS, SESSIONS_QUICK = 100_000, 300
PAGE = 50
DEEP = 40  # pages that a deep one comes after
LOOKS, LOOKS_QUICK = 200, 5
PACE_SECONDS = 0.01  # from one request to the next at least: a person's limit is 200 a second
SEEDING = timedelta(minutes=5)
BOARD = (SQL / "board.sql").read_text("utf-8")
MILLI = 1e3


@dataclass(frozen=True, slots=True)
class Look:
    """One way to ask for the list; `deep` asks for the page after `DEEP` others."""

    name: str
    query: dict[str, str]
    deep: bool = False


async def measure(place: Place, options: Options) -> list[Figure]:
    """Measure every look by itself, one request at a time, as seen by a client on the same machine."""
    number, looks = (SESSIONS_QUICK, LOOKS_QUICK) if options.quick else (SESSIONS, LOOKS)
    database_url = await place.database()
    hall = await furnish(database_url, number, questions=(MCQ, MCQ))
    rare = await _age(database_url, hall)
    node = await place.serve(database_url)
    figures: list[Figure] = []
    headers = {"Authorization": f"Bearer {hall.recruiter_token}"}
    try:
        async with aiohttp.ClientSession(node.url, headers=headers) as client:
            for look in _looks(rare):
                took = await _took(client, look, looks=looks, deep=2 if options.quick else DEEP)
                log.info("board: %s: p50 %.1f ms, p99 %.1f ms", look.name, took[len(took) // 2], took[-1])
                figures += _told(look, took, number)
    finally:
        place.end(node)
    return figures


def _looks(rare: UUID) -> Iterator[Look]:
    for sort in ("-activity", "started_at", "-percentage", "candidate_name"):
        yield Look(f"{sort}, first page", {"sort": sort})
        yield Look(f"{sort}, deep page", {"sort": sort}, deep=True)
        yield Look(f"{sort}, of one interview in fifty", {"sort": sort, "interview_id": str(rare)})
        yield Look(f"{sort}, one in progress in a hundred", {"sort": sort, "status": "in_progress"})
    yield Look("search that finds many", {"q": "Lovelace"})
    yield Look("search that finds one", {"q": "Lovelace 99998"})
    yield Look("search that finds none", {"q": "nobody of this name"})


async def _age(database_url: str, hall: Hall) -> UUID:
    """Make the sessions as old as a busy recruiter's; answers the interview that has one in fifty of them."""
    rare = uuid4()
    conn = await connect(database_url)
    try:
        await conn.execute(
            "INSERT INTO interviews SELECT (json_populate_record(i, json_build_object('id', $2::uuid))).* "
            "FROM interviews i WHERE i.id = $1",
            hall.interview_id,
            rare,
        )
        await conn.execute(BOARD, hall.interview_id, rare, timeout=SEEDING.total_seconds())
        await conn.execute("VACUUM ANALYZE interview_sessions, answers", timeout=SEEDING.total_seconds())
    finally:
        await conn.close()
    return rare


async def _took(client: aiohttp.ClientSession, look: Look, *, looks: int, deep: int) -> list[float]:
    """How long each of many requests for the same page took, in ms, sorted."""
    query = look.query | {"limit": str(PAGE)}
    for _ in range(deep if look.deep else 0):
        query["cursor"] = orjson.loads((await _page(client, query))[1])["next_cursor"]
    return sorted([(await _page(client, query))[0] for _ in range(looks)])


async def _page(client: aiohttp.ClientSession, query: dict[str, str]) -> tuple[float, bytes]:
    """Ask for a page; answers how long it took in ms, and its body. Not faster after one another than a person may."""
    began = time.perf_counter()
    async with client.get("/api/recruiter/sessions", params=query) as response:
        response.raise_for_status()
        body = await response.read()
    ended = time.perf_counter()
    await asyncio.sleep(max(0.0, began + PACE_SECONDS - ended))
    return (ended - began) * MILLI, body


def _told(look: Look, took: list[float], number: int) -> Iterator[Figure]:
    name = f"list of {number:,} sessions, {look.name}"
    yield Figure(f"{name}: p50", "ms", percentile(took, 0.5))
    yield Figure(f"{name}: p99", "ms", percentile(took, 0.99), bar=Bar("<=", 50))
