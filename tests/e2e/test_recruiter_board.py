"""A recruiter before the live board, with candidates in browsers of their own."""

import asyncio
import json
import re
from typing import Any

from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.boards import begin, board, database, interview, names, row
from tests.e2e.conftest import NewPerson
from tests.e2e.crowd import gather
from tests.e2e.product import Api, Product

AWAY_MS = 15_000  # nobody is called away who only just came or reloads the page
NARROW = ({"width": 320, "height": 640}, {"width": 720, "height": 450})  # a phone; 1440 px at 200 % zoom


def only(page: Page, name: str) -> Locator:
    """One of the figures above the table, which are filters."""
    return page.get_by_role("group", name="At a glance").get_by_role("button", name=name)


async def saved(page: Page, button: Locator) -> str:
    """The file that a button hands over."""
    async with page.expect_download() as waiting:
        await button.click()
    path = await (await waiting.value).path()
    return await asyncio.to_thread(path.read_text, "utf-8-sig")


async def test_who_starts_appears_and_who_goes_away_comes_first(person: NewPerson, api: Api) -> None:
    of = await interview(api)
    page = await board(await person(), of)
    await expect(page.get_by_role("button", name="Clear filters")).to_be_visible()

    ida, hedy = await person(), await person()
    await begin(hedy, await of.invite("Hedy Lamarr"))
    await expect(row(page, "Hedy Lamarr")).to_contain_text("In progress")
    await begin(ida, await of.invite("Ida Rhodes"))
    await expect(row(page, "Ida Rhodes")).to_contain_text("Connected")
    name = page.get_by_role("row", name=re.compile(r"^Ida Rhodes In progress"))
    await expect(name).to_have_count(1)

    await page.mouse.move(5, 5)  # nobody reads the list
    await ida.close()
    await expect(row(page, "Ida Rhodes")).to_contain_text("Away")
    await expect(only(page, "Away")).to_contain_text("1", timeout=AWAY_MS)
    await expect(page.get_by_role("row").nth(1)).to_contain_text("Ida Rhodes")
    await only(page, "Need attention").click()
    await expect(row(page, "Hedy Lamarr")).to_have_count(0)
    await expect(page).to_have_url(re.compile("only=attention"))
    await page.reload()
    await expect(row(page, "Ida Rhodes")).to_be_visible()
    await expect(row(page, "Hedy Lamarr")).to_have_count(0)


async def test_who_goes_away_while_their_session_is_read_is_away(
    person: NewPerson, api: Api, product: Product
) -> None:
    of = await interview(api)
    async with database(product) as conn:
        crowd = await gather(conn, of.id, running=1)
    page = await board(await person(), of)
    await expect(page.get_by_text("1 session")).to_be_visible()
    came, was_read, left = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        await came.wait()
        answer = await route.fetch()
        was_read.set()
        await left.wait()
        await route.fulfill(response=answer)

    await page.route("**/api/recruiter/sessions/*", late, times=1)
    candidates = await person()
    await begin(candidates, await of.invite("Ida Rhodes"))
    await of.until(lambda sessions: connected(sessions)["Ida Rhodes"] is True)
    came.set()
    await was_read.wait()
    await candidates.close()
    await of.until(lambda sessions: connected(sessions)["Ida Rhodes"] is False)
    await of.act(str(crowd.running[0]), "pause", reason="Said after it")
    await expect(page.get_by_role("row", name="Paused")).to_be_visible()
    left.set()
    await expect(row(page, "Ida Rhodes")).to_contain_text("Away")


def connected(sessions: list[dict[str, Any]]) -> dict[str, bool]:
    """Who of them is connected, by name."""
    return {session["candidate_name"]: session["connected"] for session in sessions}


async def test_what_is_being_read_is_not_moved(person: NewPerson, api: Api, product: Product) -> None:
    of = await interview(api)
    async with database(product) as conn:
        await gather(conn, of.id, running=12)
    page = await board(await person(), of)
    await expect(page.get_by_text("12 sessions")).to_be_visible()
    before = await names(page)

    read = row(page, before[5])
    await read.hover()
    await page.mouse.move(*(await middle(read)), steps=3)
    candidates = await person()
    await begin(candidates, await of.invite("Aaron First"))  # who is away comes before everybody
    await candidates.close()
    await expect(row(page, "Aaron First")).to_contain_text("Away")
    offer = page.get_by_role("button", name=re.compile("put in order|Update the order"))
    await expect(offer).to_be_visible(timeout=AWAY_MS)
    assert await names(page) == [*before, "Aaron First"]

    await offer.click()
    await expect(offer).to_have_count(0)
    reordered = await names(page)
    assert reordered[-1] != "Aaron First"
    assert sorted(reordered) == sorted([*before, "Aaron First"])


async def middle(of: Locator) -> tuple[float, float]:
    box = await of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2 + 7, box["y"] + box["height"] / 2


async def test_filters_search_and_order_are_in_the_address(
    person: NewPerson, api: Api, product: Product
) -> None:
    of = await interview(api)
    async with database(product) as conn:
        await gather(conn, of.id, running=6, ended=40)
    page = await board(await person(), of)
    await expect(page.get_by_text("46 sessions")).to_be_visible()
    await page.get_by_label("Status").select_option("Complete")
    await page.get_by_label("Order").select_option("Score")
    await page.get_by_label("Search").fill("baker")
    await expect(page).to_have_url(re.compile("q=baker"))
    await expect(page.get_by_text("46 sessions")).to_have_count(0)
    found = await names(page)
    assert found
    assert all("Baker" in name for name in found)
    query = page.url.partition("?")[2]
    assert all(part in query for part in ("status=completed", "sort=-percentage", str(of.id)))
    await page.reload()
    await expect(page.get_by_label("Search")).to_have_value("baker")
    await expect(row(page, found[0])).to_be_visible()
    assert await names(page) == found
    await page.get_by_label("Search").fill("nobody at all")
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page.get_by_label("Search")).to_have_value("")


async def test_several_sessions_at_once_and_what_became_of_each(
    person: NewPerson, api: Api, product: Product
) -> None:
    of = await interview(api)
    async with database(product) as conn:
        await gather(conn, of.id, running=4)
    page = await board(await person(), of)
    await expect(page.get_by_text("4 sessions")).to_be_visible()
    everybody = await names(page)
    await page.get_by_label("Select all").check()
    bar = page.get_by_role("group", name="Selected sessions")
    await expect(bar).to_contain_text("4 selected")
    await bar.get_by_role("button", name="Give more time").click()
    dialog = page.get_by_role("dialog", name="Give 4 sessions more time")
    await expect(dialog).to_contain_text(everybody[0])
    gone = next(one for one in await of.sessions() if one["candidate_name"] == everybody[0])
    left = {one["id"]: one["remaining_ms"] for one in await of.sessions()}
    await of.act(gone["id"], "terminate", reason="Over")  # while the dialog is open

    await dialog.get_by_label("Seconds").fill("300")
    await dialog.get_by_label("Reason").fill("The fire drill")
    await dialog.get_by_role("button", name="Give 4 sessions more time").click()
    said = dialog.get_by_role("status")
    await expect(said).to_contain_text("Done for 3 sessions")
    await expect(said).to_contain_text(everybody[0])
    await dialog.get_by_role("button", name="Cancel").click()
    now = {one["id"]: one["remaining_ms"] for one in await of.sessions()}
    assert {one for one in left if now[one] is not None and now[one] > left[one]} == set(left) - {gone["id"]}
    await expect(bar.get_by_role("button", name="Give more time")).to_be_focused()
    await bar.get_by_role("button", name="Clear selection").click()
    await expect(bar).to_have_count(0)


async def test_a_blind_review_shows_no_name_anywhere(person: NewPerson, api: Api) -> None:
    of = await interview(api)
    candidates = await begin(await person(), await of.invite("Zuzana Quist"))
    await candidates.get_by_role("radio", name="404").check()
    await candidates.get_by_role("button", name="Submit Answer").click()
    await candidates.get_by_label("Your answer").fill("Zuzana Quist says: writes, and space")
    await candidates.get_by_role("button", name="Submit Answer").click()
    await expect(candidates.get_by_role("heading", name="Interview complete")).to_be_visible()

    page = await board(await person(), of)
    await expect(row(page, "Zuzana Quist")).to_contain_text("Needs review")
    await page.get_by_role("switch", name="Blind review").check()
    await page.reload()
    await page.get_by_role("button", name=re.compile("^Candidate ")).click()
    detail = page.get_by_role("region", name=re.compile("^Candidate "))
    await expect(detail).to_contain_text("writes, and space")
    await expect(page).to_have_title(re.compile("^Candidate "))
    await detail.get_by_role("button", name="Grade again").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Candidate ")
    await no_name(await page.content())
    await page.keyboard.press("Escape")
    files = [
        await saved(page, page.get_by_role("button", name="Export CSV")),
        await saved(page, page.get_by_role("button", name="Export JSON").first),
        await saved(page, detail.get_by_role("button", name="Export JSON")),
    ]
    for file in files:
        await no_name(file)
    assert json.loads(files[2])["answers"][1]["answer_text"].endswith("says: writes, and space")
    await page.get_by_role("switch", name="Blind review").uncheck()
    await expect(page.get_by_role("region", name="Zuzana Quist")).to_be_visible()


async def no_name(text: str) -> None:
    assert "writes" in text or "Candidate" in text
    for part in ("Zuzana", "Quist"):
        assert part not in text, text[max(0, text.find(part) - 60) :][:200]


async def test_focus_goes_back_to_where_it_came_from(person: NewPerson, api: Api, product: Product) -> None:
    of = await interview(api)
    async with database(product) as conn:
        await gather(conn, of.id, running=3)
    page = await board(await person(), of)
    await expect(page.get_by_text("3 sessions")).to_be_visible()
    above, name, *_ = await names(page)
    opener = page.get_by_role("button", name=name, exact=True)
    await page.get_by_role("button", name=above, exact=True).focus()
    await page.keyboard.press("ArrowDown")
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    detail = page.get_by_role("region", name=name)
    await expect(detail.get_by_role("heading", name=name)).to_be_focused()
    pause = detail.get_by_role("button", name="Pause")
    await pause.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Pause")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(pause).to_be_focused()  # the details are still there: that Escape was the dialog's
    await page.keyboard.press("Escape")
    await expect(detail).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_nothing_is_cut_off_on_a_narrow_screen_or_at_twice_the_size(
    person: NewPerson, api: Api, product: Product
) -> None:
    of = await interview(api)
    async with database(product) as conn:
        await gather(conn, of.id, running=2, ended=6)
    page = await board(await person(), of)
    await expect(page.get_by_text("8 sessions")).to_be_visible()
    name = (await names(page))[0]
    for size in NARROW:
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in (f"/recruiter?interview={of.id}", f"/recruiter?view=statistics&interview={of.id}"):
            await page.goto(path)
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await page.wait_for_load_state("networkidle")
            assert await overflow(page) == 0, (size, path)
        await page.goto(f"/recruiter?interview={of.id}")
        await page.get_by_role("button", name=name, exact=True).click()
        await expect(page.get_by_role("region", name=name)).to_contain_text("Timeline")
        assert await overflow(page) == 0, (size, "details")
        await page.keyboard.press("Escape")


async def overflow(page: Page) -> int:
    """How much wider than the screen the page or its details are."""
    wider: Any = await page.evaluate(
        """() => Math.max(...[document.documentElement, ...document.querySelectorAll(".detail")]
            .map((one) => one.scrollWidth - one.clientWidth))"""
    )
    return int(wider)
