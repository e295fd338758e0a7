"""The board under a thousand sessions: what it may cost in memory and in frames, however long it is open."""

from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, expect

from tests.e2e.boards import board, database, interview
from tests.e2e.conftest import NewPerson
from tests.e2e.crowd import gather, stir
from tests.e2e.product import Api, Product

CROWD = 1_000
AT_ONCE = 250  # sessions in which something happens between two looks
EVENTS = 4  # in each of them
ROWS_ON_PAGE = 60  # a tall screen and what is kept ready above and below it
WARM_UP = 2
# What happens is shown and forgotten: many rounds later there is no more of it.
GROWTH_BYTES = 768 * 1024
# Of the frames that a quiet board shows while it is scrolled on this machine, so many have to come in the storm.
FRAMES_KEPT = 0.5

FRAMES = """(ms) => new Promise((done) => {
    let frames = 0;
    const until = performance.now() + ms;
    const next = (now) => {
        frames += 1;
        window.scrollBy(0, frames % 120 < 60 ? 40 : -40);
        if (now < until) requestAnimationFrame(next); else done(frames);
    };
    requestAnimationFrame(next);
})"""
LOOK_MS = 1_500


async def heap(cdp: CDPSession) -> int:
    """Bytes of JavaScript that are in use once everything unneeded is gone."""
    await cdp.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = await cdp.send("Runtime.getHeapUsage")
    return int(used["usedSize"])


async def frames(page: Page) -> int:
    """How many frames come while the list is scrolled for a moment."""
    seen: int = await page.evaluate(FRAMES, LOOK_MS)
    return seen


@pytest.mark.parametrize("product", ["one-node"], indirect=True)
async def test_a_thousand_sessions_scroll_and_leave_nothing_behind(
    person: NewPerson, api: Api, product: Product, long: bool
) -> None:
    rounds = 60 if long else 6
    of = await interview(api)
    async with database(product) as conn:
        crowd = await gather(conn, of.id, running=CROWD)
        page = await board(await person(), of)
        table = page.get_by_role("table", name="Sessions")
        await expect(table).to_have_attribute("aria-rowcount", str(CROWD + 1))
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        cdp = await page.context.new_cdp_session(page)
        quiet = await frames(page)

        kept: list[int] = []
        warm = first = 0
        for number in range(rounds):
            first = number * AT_ONCE % CROWD
            await stir(conn, crowd.running[first : first + AT_ONCE], times=EVENTS)
            kept.append(await frames(page))
            assert await page.locator(".sessions tbody tr").count() <= ROWS_ON_PAGE
            if number == WARM_UP - 1:
                warm = await heap(cdp)
        grown = await heap(cdp) - warm
        print(f"frames quiet {quiet}, in the storm {kept}; {grown / 1024:.0f} KiB more after {rounds} rounds")  # noqa: T201
        assert grown < GROWTH_BYTES
        assert sum(kept) / len(kept) >= FRAMES_KEPT * quiet

        # and it has listened: what the last events said is on the page
        await page.evaluate("window.scrollTo(0, 0)")
        last = crowd.running[first]
        name = await conn.fetchval("SELECT candidate_name FROM interview_sessions WHERE id = $1", last)
        await page.get_by_label("Search").fill(name)
        await expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
