"""Whatever happens to a candidate's page, it says so in the right words and offers a way on."""

import os
import re
import signal

import pytest
from playwright.async_api import Page, expect

from tests.e2e.boards import MCQ
from tests.e2e.conftest import NewPerson
from tests.e2e.product import READY_SECONDS, Api, Product
from tests.e2e.test_interview import answer_in_words, sign_in, submit, timer
from tests.e2e.test_looks import CODE
from tests.e2e.test_trouble import GRACE_SECONDS, LAST, QUICK, QUICK_SECONDS, SHORT, begin, token_of

FIRST_LOAD_BYTES = 150 * 1024
# What moves by itself, without a person having done anything; below a thousandth nobody sees it.
SHIFTS = """window.shifts = [];
    const unasked = (entry) => !entry.hadRecentInput && entry.value > 0.001;
    new PerformanceObserver((list) => list.getEntries().filter(unasked).forEach((entry) =>
        window.shifts.push([entry.value, ...entry.sources.map((each) => each.node?.outerHTML?.slice(0, 80))])))
        .observe({ type: "layout-shift", buffered: true });"""


async def saved(page: Page) -> None:
    """Wait until what was typed is on the server."""
    await expect(page.locator(".saved")).to_have_text("Saved")


async def keys(page: Page, *names: str) -> None:
    """Press keys, one after the other."""
    for name in names:
        await page.keyboard.press(name)


async def tab_to(page: Page, name: str) -> None:
    """Go from control to control with Tab until one of this name has the focus; raises AssertionError after many."""
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("() => document.activeElement.textContent") == name:
            return
    raise AssertionError(f"Tab does not come to {name}")


async def freeze(page: Page, state: str) -> None:
    """Have Chromium freeze the page as it does with a tab that sleeps, or wake it."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setWebLifecycleState", {"state": state})


async def test_a_second_link_in_the_same_tab_signs_in(person: NewPerson, api: Api) -> None:
    page = await (await person()).new_page()
    link = await api.invite(SHORT)
    await page.goto(link.split("#")[0] + "#nothing")
    await expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    await page.goto(link)
    await expect(page.get_by_role("button", name="Start Interview")).to_be_visible()


async def test_an_address_that_does_not_exist_is_a_page_with_a_way_home(person: NewPerson, api: Api) -> None:
    page = await (await person()).new_page()
    answer = await page.goto("/no/such/page")
    assert answer is not None
    assert answer.status == 404
    await page.get_by_role("link", name="Go to the sign-in page").click()
    await expect(page.get_by_role("button", name=re.compile("Ada"))).to_be_visible()
    for headers in ({"accept": "application/json"}, {"accept": "*/*"}):
        reply = await page.context.request.get("/no/such/page", headers=headers)
        assert (reply.status, (await reply.json())["code"]) == (404, "not_found")


async def test_back_and_forward_lose_nothing(person: NewPerson, api: Api) -> None:
    context = await person()
    page = await context.new_page()
    await page.goto("/")
    await page.goto(await api.invite(SHORT, LAST))
    await page.get_by_role("button", name="Start Interview").click()
    await answer_in_words(page, "It costs space")
    await saved(page)
    await page.go_back()
    await expect(timer(page)).to_have_count(0)
    await page.go_forward()
    await page.get_by_role("button", name="Resume Interview").click()
    await expect(page.get_by_label("Your answer")).to_have_value("It costs space")


async def test_a_sign_in_that_has_run_out_asks_for_the_link_and_goes_on(person: NewPerson, api: Api) -> None:
    link = await api.invite(SHORT, LAST)
    page = await begin(await person(), link)
    await answer_in_words(page, "It costs space")
    await saved(page)
    await page.evaluate(
        """() => { for (const kept of [localStorage, sessionStorage]) for (const key of Object.keys(kept))
            if (key.startsWith("interlock.identity"))
                kept.setItem(key, kept.getItem(key).replace(/"token":"[^"]*"/, '"token":"run.out.token"')); }"""
    )
    await page.reload()
    await expect(page.get_by_text("Your sign-in has run out")).to_be_visible()
    await page.goto(link)
    await page.get_by_role("button", name="Resume Interview").click()
    await expect(page.get_by_label("Your answer")).to_have_value("It costs space")


async def test_another_device_takes_over_and_the_first_one_says_so(person: NewPerson, api: Api) -> None:
    link = await api.invite(SHORT, LAST)
    laptop = await begin(await person(), link)
    await answer_in_words(laptop, "It costs space")
    await saved(laptop)
    phone = await (await person()).new_page()
    await phone.goto(link)
    await phone.get_by_role("button", name="Resume Interview").click()
    await phone.get_by_role("button", name="Use This Device").click()
    await expect(phone.get_by_label("Your answer")).to_have_value("It costs space")
    await expect(laptop.get_by_role("heading", name="Your interview goes on elsewhere")).to_be_visible()
    await laptop.get_by_role("button", name="Go on here instead").click()
    await laptop.get_by_role("button", name="Resume Interview").click()
    await laptop.get_by_role("button", name="Use This Device").click()
    await expect(laptop.get_by_label("Your answer")).to_have_value("It costs space")
    await expect(phone.get_by_role("heading", name="Your interview goes on elsewhere")).to_be_visible()


async def test_time_that_is_up_hands_in_what_is_there(person: NewPerson, api: Api) -> None:
    page = await begin(await person(), await api.invite(QUICK, LAST))
    await answer_in_words(page, "Waiting")
    await expect(page.get_by_text("What does a cache cost?")).to_be_visible(
        timeout=(QUICK_SECONDS + GRACE_SECONDS + 5) * 1000
    )
    session = await api.active(await token_of(page))
    assert [(each["answer"], each["how"]) for each in session["answers"]] == [("Waiting", "auto")]


async def test_a_page_that_slept_over_a_deadline_wakes_at_the_next_question(
    person: NewPerson, api: Api
) -> None:
    context = await person()
    page = await begin(context, await api.invite(QUICK, LAST))
    await answer_in_words(page, "Sleeping")
    await saved(page)
    await freeze(page, "frozen")
    watcher = await context.new_page()
    await watcher.wait_for_timeout((QUICK_SECONDS + GRACE_SECONDS + 1) * 1000)
    await freeze(page, "active")
    await expect(page.get_by_text("What does a cache cost?")).to_be_visible(timeout=20_000)
    session = await api.active(await token_of(page))
    assert [each["answer"] for each in session["answers"]] == ["Sleeping"]


@pytest.mark.parametrize("product", ["one-node"], indirect=True)
async def test_a_node_that_is_restarted_is_waited_for(person: NewPerson, api: Api, product: Product) -> None:
    page = await begin(await person(), await api.invite(SHORT, LAST))
    await answer_in_words(page, "It costs space")
    await saved(page)
    os.kill(product.report["pids"]["realtime"][0], signal.SIGKILL)
    await expect(page.locator('.status-line[data-connection="reconnecting"]')).to_be_visible()
    await expect(page.get_by_label("Your answer")).to_have_value("It costs space")
    await expect(page.get_by_text("Connected")).to_be_visible(timeout=READY_SECONDS * 1000)
    await submit(page)
    await expect(page.get_by_text("What does a cache cost?")).to_be_visible()


async def test_a_whole_interview_without_a_mouse(person: NewPerson, api: Api) -> None:
    page = await (await person()).new_page()
    await page.goto(await api.invite(MCQ, SHORT, CODE))
    await expect(page.get_by_role("button", name="Start Interview")).to_be_visible()
    await tab_to(page, "Start Interview")
    await keys(page, "Enter")
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_be_focused()
    await page.get_by_role("radio").first.focus()
    await keys(page, "ArrowDown", "ArrowDown")
    await expect(page.get_by_role("radio", name="404")).to_be_checked()
    await tab_to(page, "Submit Answer")
    await keys(page, "Enter")
    await expect(heading).to_have_text("Question 2 of 3")
    await expect(heading).to_be_focused()
    await keys(page, "Tab")
    await expect(page.get_by_label("Your answer")).to_be_focused()
    await page.keyboard.type("It costs space")
    await tab_to(page, "Submit Answer")
    await keys(page, "Enter")
    await expect(heading).to_have_text("Question 3 of 3")
    editor = page.get_by_role("textbox", name="Your answer")
    await expect(editor).to_be_visible()
    await keys(page, "Tab", "Tab")  # an example in the question can be scrolled, so it has the focus first
    await expect(editor).to_be_focused()
    await keys(page, "ControlOrMeta+a")
    await page.keyboard.type("function double(n) {\nreturn 2 * n;")
    await keys(page, "Escape")  # from here Tab leaves the editor
    await tab_to(page, "Submit Answer")
    await keys(page, "Enter")
    await expect(page.get_by_role("heading", name="Interview complete")).to_be_focused()


async def test_what_was_undone_can_be_undone_after_a_refresh(person: NewPerson, api: Api) -> None:
    page = await begin(await person(), await api.invite(CODE))
    editor = page.get_by_role("textbox", name="Your answer")
    await editor.click()
    await keys(page, "ControlOrMeta+End")
    await page.keyboard.type("// first")
    await saved(page)
    await page.reload()
    await page.get_by_role("button", name="Resume Interview").click()
    await expect(editor).to_contain_text("// first")
    await editor.click()
    await keys(page, "ControlOrMeta+z")
    await expect(editor).not_to_contain_text("// first")
    await expect(editor).to_contain_text("// your code")


async def test_a_dialog_gives_the_focus_back(person: NewPerson, api: Api) -> None:
    page = await begin(await person(), await api.invite(SHORT))
    await page.reload()
    over = page.get_by_role("button", name="Start Over")
    await over.focus()
    await keys(page, "Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("attempt")
    assert await page.evaluate("() => document.activeElement.closest('[role=dialog]') !== null")
    await keys(page, "Escape")
    await expect(page.get_by_role("dialog", name="Welcome Back!")).to_be_visible()
    assert await page.evaluate("() => document.activeElement.closest('[role=dialog]') !== null")


@pytest.mark.parametrize("product", ["one-node"], indirect=True)
async def test_nothing_jumps_while_a_recruiters_pages_load(person: NewPerson, api: Api) -> None:
    page = await (await person()).new_page()
    await page.add_init_script(SHIFTS)
    await sign_in(page, "Rita")
    await expect(page.get_by_role("table", name="Sessions")).to_be_visible()
    for view in (
        "/recruiter",
        "/recruiter?view=interviews",
        "/recruiter?view=edit&id=new",
        "/recruiter?view=statistics",
    ):
        await page.goto(view)
        await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        await page.wait_for_load_state("networkidle")
        assert await page.evaluate("() => window.shifts") == [], view


async def test_the_first_load_is_small_and_brings_no_editor(person: NewPerson, api: Api) -> None:
    context = await person()
    page = await context.new_page()
    await page.add_init_script(SHIFTS)
    await page.goto(await api.invite(MCQ, SHORT))
    await page.get_by_role("button", name="Start Interview").click()
    await expect(timer(page)).to_be_visible()
    await page.wait_for_load_state("networkidle")
    fetched = await _fetched(page)
    assert all(size < raw for size, raw in fetched.values() if raw > 1_000), fetched  # compressed
    assert sum(size for size, _ in fetched.values()) <= FIRST_LOAD_BYTES, fetched
    assert not any("code" in name for name in fetched), fetched
    assert await page.evaluate("() => window.shifts") == []


async def _fetched(page: Page) -> dict[str, tuple[int, int]]:
    """The scripts and styles that were fetched: their size on the wire, and unpacked."""
    entries: list[tuple[str, int, int]] = await page.evaluate(
        """() => performance.getEntriesByType("resource").filter((each) => each.name.includes("/assets/"))
            .map((each) => [each.name.split("/").at(-1), each.encodedBodySize, each.decodedBodySize])"""
    )
    return {name: (size, raw) for name, size, raw in entries}
