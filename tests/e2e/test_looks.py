"""Every page and state in both themes, from a phone to a desk: usable by everybody, and kept as pictures."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.boards import MCQ, ask, begin, board, interview, row
from tests.e2e.conftest import NewPerson
from tests.e2e.looks import look
from tests.e2e.product import Api
from tests.e2e.test_interview import answer_in_words, submit
from tests.e2e.test_trouble import SHORT, token_of

# What a page looks like does not depend on how many nodes there are.
pytestmark = pytest.mark.parametrize("product", ["one-node"], indirect=True)

CODE: dict[str, Any] = {
    "type": "code",
    "question_text": "Write double(n): twice n.\n\n    double(2)  // 4",
    "time_limit": 900,
    "points": 10,
    "language": "javascript",
    "starter_code": "function double(n) {\n  // your code\n}\n",
    "sample_solution": "function double(n) { return 2 * n; }",
    "evaluation_criteria": ["It doubles"],
}


async def resume(page: Page) -> None:
    """Go on after the page was loaded anew."""
    await page.get_by_role("button", name="Resume Interview").click()
    await expect(page.get_by_role("timer")).to_be_visible()


async def test_before_an_interview(person: NewPerson, api: Api) -> None:
    page = await (await person()).new_page()
    await page.goto("/")
    await expect(page.get_by_role("button", name=re.compile("Grace"))).to_be_visible()
    await look(page, "sign-in")
    await page.goto("/sign-in#nothing")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await look(page, "bad-link")
    await page.goto("/no/such/page")
    await expect(page.get_by_role("link")).not_to_have_count(0)
    await look(page, "missing")
    await page.goto("/")
    await page.get_by_role("button", name=re.compile("Grace")).click()
    await expect(page.get_by_role("button", name="Start Interview")).to_be_visible()
    await expect(page.get_by_text("to the server and back")).to_be_visible()
    await look(page, "before")
    await page.goto("/recruiter")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await look(page, "wrong-person")


async def test_an_interview(person: NewPerson, api: Api) -> None:
    context = await person()
    page = await begin(context, await api.invite(MCQ, SHORT, CODE, description="Three questions."))
    await look(page, "mcq")
    await page.get_by_role("radio", name="404").check()
    await look(page, "mcq-chosen")
    session = await api.active(await token_of(page))
    await expect(page.get_by_role("dialog", name="Welcome Back!")).to_be_visible()
    await look(page, "welcome-back")
    await page.get_by_role("button", name="Start Over").click()
    await expect(page.get_by_role("dialog")).to_contain_text("attempt")
    await look(page, "start-over")
    await page.get_by_role("dialog").get_by_role("button").first.click()
    await resume(page)

    second = await context.new_page()
    await second.goto("/interview")
    await second.get_by_role("button", name="Resume Interview").click()
    await expect(second.get_by_role("dialog", name="Interview open elsewhere")).to_be_visible()
    await look(second, "elsewhere")
    await second.get_by_role("button", name="Use This Device").click()
    await expect(second.get_by_role("timer")).to_be_visible()
    await expect(page.get_by_role("timer")).to_have_count(0)
    await look(page, "superseded")
    await page.close()
    page = second

    await api.supervise(session["id"], "message", text="The lift is out of order; take the stairs.")
    await expect(page.get_by_text("take the stairs").first).to_be_visible()
    await look(page, "message")
    await api.supervise(session["id"], "pause", reason="Fire drill")
    await expect(page.get_by_text("Fire drill").first).to_be_visible()
    await look(page, "paused")
    await api.supervise(session["id"], "resume")
    await expect(page.get_by_role("timer")).to_be_visible()

    await page.get_by_role("radio", name="404").check()
    await submit(page)
    await expect(page.get_by_label("Your answer")).to_be_visible()
    await submit(page)
    await expect(page.get_by_role("alert").first).to_be_visible()
    await look(page, "empty-answer")
    await answer_in_words(page, "It costs space, and writes become slower.")
    await context.set_offline(True)
    await expect(page.get_by_text("You are offline").first).to_be_visible()
    await look(page, "offline")
    await context.set_offline(False)
    await expect(page.get_by_text("Connected")).to_be_visible(timeout=20_000)
    await submit(page)
    await expect(page.locator(".cm-content")).to_be_visible()
    await look(page, "code")
    await answer_in_words(page, "function double(n) {\n  return 2 * n;\n}")
    await submit(page)
    await expect(page.get_by_role("heading", name="Interview complete")).to_be_visible()
    await expect(page.get_by_text("Answer 3").or_(page.get_by_text("Question 3")).first).to_be_visible()
    await look(page, "complete")
    await page.goto("/interview")
    await page.get_by_text("receipts").first.click()
    await look(page, "history")


async def test_what_is_not_asked_yet(person: NewPerson, api: Api) -> None:
    page = await begin(await person(), await api.invite(MCQ | {"time_limit": 120}, SHORT, pacing="scheduled"))
    await page.get_by_role("radio", name="404").check()
    await look(page, "soon-over")
    await submit(page)
    await expect(page.get_by_role("radio")).to_have_count(0)
    await look(page, "waiting")


async def test_a_recruiter(person: NewPerson, api: Api) -> None:
    of = await interview(api, MCQ, SHORT | {"time_limit": 600}, CODE)
    candidates = await begin(await person(), await of.invite("Dorothy Vaughan"))
    page = await board(await person(), of)
    await expect(row(page, "Dorothy Vaughan")).to_be_visible()
    await look(page, "sessions")
    await candidates.get_by_role("radio", name="404").check()
    await submit(candidates)
    await answer_in_words(candidates, "It makes writes slower and takes space")
    await submit(candidates)
    await row(page, "Dorothy Vaughan").click()
    detail = page.get_by_role("region", name="Dorothy Vaughan")
    await expect(detail.get_by_role("article", name="Question 2")).to_contain_text("Needs review")
    await look(page, "detail")
    await detail.get_by_role("button", name="Pause", exact=True).first.click()
    await expect(page.get_by_role("dialog", name="Pause")).to_be_visible()
    await look(page, "act")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    for tab in await page.get_by_role("navigation").get_by_role("link").all():
        name = await tab.inner_text()
        await tab.click()
        await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        await look(page, f"recruiter-{re.sub(r'[^a-z]+', '-', name.lower())}")


async def test_ends_and_empty_places(person: NewPerson, api: Api) -> None:
    page = await begin(await person(), await api.invite(SHORT, CODE))
    session = await api.active(await token_of(page))
    await page.get_by_role("button", name="Resume Interview").click()
    await expect(page.get_by_role("timer")).to_be_visible()
    await api.supervise(session["id"], "terminate", reason="The building is closed for the day")
    await expect(page.get_by_text("The building is closed for the day")).to_be_visible()
    await look(page, "terminated")
    await page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
    await page.goto("/interview")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await look(page, "signed-out")


async def test_a_recruiters_dialogs_and_a_second_grading(person: NewPerson, api: Api) -> None:
    of = await interview(api, MCQ)
    candidates = await begin(await person(), await of.invite("Annie Easley"))
    await candidates.get_by_role("radio", name="404").check()
    await submit(candidates)
    await expect(candidates.get_by_role("heading", name="Interview complete")).to_be_visible()
    page = await board(await person(), of)
    await expect(row(page, "Annie Easley")).to_contain_text("Complete")
    [session] = await of.sessions()
    await of.act(session["id"], "regrade")
    await row(page, "Annie Easley").click()
    detail = page.get_by_role("region", name="Annie Easley")
    await expect(
        detail.get_by_text(re.compile("Grading 2|grading 2|second", re.IGNORECASE)).first
    ).to_be_visible()
    await look(page, "gradings")
    await page.goto("/recruiter?view=interviews")
    card = page.get_by_role("article").first
    await card.get_by_role("button", name="Invitations").click()
    await expect(card.get_by_role("list")).to_be_visible()
    await look(page, "invitations")
    await card.get_by_role("button", name="Invite", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look(page, "invite")


async def test_a_board_with_much_on_it(person: NewPerson, api: Api) -> None:
    of = await interview(api, MCQ, SHORT)
    candidates = await begin(await person(), await of.invite("Melba Roy"))
    await begin(await person(), await of.invite("Gladys West"))
    await candidates.get_by_role("radio", name="404").check()
    await submit(candidates)
    page = await board(await person(), of)
    await expect(row(page, "Melba Roy")).to_be_visible()
    await page.get_by_label("Search").fill("nobody at all")
    await expect(page.get_by_role("button", name="Clear filters").first).to_be_visible()
    await look(page, "nothing-found")
    await page.get_by_label("Search").fill("")
    await page.get_by_label("Select all").check()
    bar = page.get_by_role("group", name="Selected sessions")
    await expect(bar).to_be_visible()
    await look(page, "selection")
    await bar.get_by_role("button", name="Give more time").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look(page, "act-on-many")
    await page.keyboard.press("Escape")
    await page.get_by_role("switch", name="Blind review").check()
    await expect(row(page, "Melba Roy")).to_have_count(0)
    await look(page, "blind")
    await page.get_by_role("switch", name="Blind review").uncheck()
    await row(page, "Melba Roy").click()
    detail = page.get_by_role("region", name="Melba Roy")
    await detail.get_by_role("button", name="What people did").click()
    await detail.get_by_text("How it was graded").first.click()
    await detail.get_by_role("button", name="Change score").first.click()
    await expect(page.get_by_role("dialog", name="Change score")).to_be_visible()
    await look(page, "change-score")
    await page.keyboard.press("Escape")
    await look(page, "detail-opened")


async def test_a_candidate_with_two_interviews_and_one_with_none(person: NewPerson, api: Api) -> None:
    context = await person()
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_role("button", name=re.compile("Linus")).click()
    await expect(page.get_by_role("button", name="Start Interview")).to_be_visible()
    second = await interview(api, MCQ)
    invitations = f"/api/recruiter/interviews/{second.id}/invitations"
    invited = await ask(api, "POST", invitations, {"email": "linus@demo.test", "name": "Linus"})
    await page.reload()
    await expect(page.get_by_role("button", name="Instructions and start")).to_have_count(2)
    await look(page, "two-interviews")
    await ask(api, "DELETE", f"{invitations}/{invited['id']}")
    await page.goto(await api.invite(MCQ))
    await expect(page.get_by_role("button", name="Start Interview")).to_be_visible()
    await context.set_offline(True)
    await page.get_by_role("button", name="Start Interview").click()
    await expect(page.get_by_role("alert").first).to_be_visible()
    await look(page, "start-offline")
