"""What happens to nervous people: a second tab, a closed laptop, a network that goes away while handing in."""

import re

from playwright.async_api import BrowserContext, Page, expect

from tests.e2e.conftest import NewPerson
from tests.e2e.product import Api
from tests.e2e.test_interview import answer_in_words, submit, timer

SHORT = {
    "type": "short_answer",
    "question_text": "What does an index cost?",
    "time_limit": 120,
    "points": 20,
    "expected_keywords": ["writes", "space"],
}
QUICK_SECONDS, GRACE_SECONDS = 6, 2
QUICK = SHORT | {"question_text": "What does a lock cost?", "time_limit": QUICK_SECONDS}
LAST = SHORT | {"question_text": "What does a cache cost?"}


async def begin(context: BrowserContext, link: str) -> Page:
    """Open an invitation and start."""
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Start Interview").click()
    await expect(timer(page)).to_be_visible()
    return page


async def token_of(page: Page) -> str:
    """The token that the page uses, from the request that it sends."""
    async with page.expect_request(re.compile("/api/interviews/active")) as waiting:
        await page.reload()
    request = await waiting.value
    return (await request.header_value("authorization") or "").removeprefix("Bearer ")


async def test_a_second_tab_is_refused_and_may_take_over(person: NewPerson, api: Api) -> None:
    context = await person()
    first = await begin(context, await api.invite(SHORT, LAST))
    await answer_in_words(first, "It costs space")
    await expect(first.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()

    second = await context.new_page()
    await second.goto("/interview")
    await (
        second.get_by_role("dialog", name="Welcome Back!")
        .get_by_role("button", name="Resume Interview")
        .click()
    )
    dialog = second.get_by_role("dialog", name="Interview open elsewhere")
    await expect(dialog).to_be_visible()
    await expect(timer(first)).to_be_visible()
    await dialog.get_by_role("button", name="Use This Device").click()
    await expect(second.get_by_label("Your answer")).to_have_value("It costs space")
    await expect(timer(first)).to_have_count(0)
    await submit(second)
    await expect(second.get_by_text("What does a cache cost?")).to_be_visible()


async def test_a_laptop_closed_over_a_deadline_finds_the_draft_handed_in(person: NewPerson, api: Api) -> None:
    context = await person()
    page = await begin(context, await api.invite(QUICK, LAST))
    await answer_in_words(page, "Waiting")
    await expect(page.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()
    await context.set_offline(True)
    await expect(page.get_by_text(re.compile("offline", re.IGNORECASE)).first).to_be_visible()
    watcher = await (await person()).new_page()  # anybody's clock but the laptop's
    await watcher.goto("/")
    await watcher.wait_for_timeout((QUICK_SECONDS + GRACE_SECONDS + 1) * 1000)
    await context.set_offline(False)
    await expect(page.get_by_text("What does a cache cost?")).to_be_visible(timeout=20_000)
    await expect(page.get_by_text(re.compile("time", re.IGNORECASE)).first).to_be_visible()


async def test_a_network_cut_while_handing_in_loses_nothing(person: NewPerson, api: Api) -> None:
    context = await person()
    page = await begin(context, await api.invite(SHORT, LAST))
    await answer_in_words(page, "Writes get slower, and it takes space.")
    await context.set_offline(True)
    await submit(page)
    await expect(page.get_by_text(re.compile("offline", re.IGNORECASE)).first).to_be_visible()
    await expect(page.get_by_text("What does an index cost?")).to_be_visible()
    await context.set_offline(False)
    await expect(page.get_by_text("What does a cache cost?")).to_be_visible(timeout=20_000)
    session = await api.active(await token_of(page))
    assert [(a["answer"], a["how"]) for a in session["answers"]] == [
        ("Writes get slower, and it takes space.", "submitted")
    ]


async def test_a_pause_and_a_message_reach_the_candidate(person: NewPerson, api: Api) -> None:
    page = await begin(await person(), await api.invite(SHORT, LAST))
    session = await api.active(await token_of(page))
    await page.get_by_role("button", name="Resume Interview").click()
    await expect(timer(page)).to_be_visible()
    await api.supervise(session["id"], "message", text="The building is on fire, stay calm")
    await expect(page.get_by_text("The building is on fire, stay calm").first).to_be_visible()
    await api.supervise(session["id"], "pause", reason="Fire drill")
    await expect(page.get_by_text(re.compile("paused", re.IGNORECASE)).first).to_be_visible()
    await expect(page.get_by_role("button", name="Submit Answer")).to_have_count(0)
    await api.supervise(session["id"], "resume")
    await answer_in_words(page, "It costs space")
    await submit(page)
    await expect(page.get_by_text("What does a cache cost?")).to_be_visible()
