"""A recruiter and a candidate in one session: what one does, the other sees; and what becomes of the answers."""

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e.boards import begin, board, interview, row
from tests.e2e.conftest import NewPerson
from tests.e2e.product import Api

NAME = "Mary Jackson"


async def details(page: Page) -> Locator:
    """The details of the candidate's session, opened from the board."""
    await row(page, NAME).click()
    detail = page.get_by_role("region", name=NAME)
    await expect(detail).to_contain_text("Timeline")
    return detail


async def act(page: Page, button: str, **fields: str) -> None:
    """Do something to the session that is open, and say what has to be said about it."""
    await page.get_by_role("region", name=NAME).get_by_role("button", name=button, exact=True).first.click()
    dialog = page.get_by_role("dialog", name=button)
    await expect(dialog).to_contain_text(NAME if button != "Change score" else "Question")
    for label, value in fields.items():
        await dialog.get_by_label(re.compile(label)).fill(value)
    await dialog.get_by_role("button", name=button).click()
    await expect(dialog).to_have_count(0)


def seconds(text: str) -> int:
    minutes, _, rest = text.partition(":")
    return 60 * int(minutes) + int(rest)


async def test_what_a_recruiter_does_is_seen_by_the_candidate_at_once(person: NewPerson, api: Api) -> None:
    of = await interview(api)
    candidates = await begin(await person(), await of.invite(NAME))
    page = await board(await person(), of)
    detail = await details(page)

    await act(page, "Send a message", Message="You are doing fine")
    await expect(candidates.get_by_text("You are doing fine")).to_be_visible()

    timer = candidates.get_by_role("timer")
    before = seconds(await timer.inner_text())
    await act(page, "Give more time", Seconds="600", Reason="The fire drill")
    await expect(timer).to_have_text(re.compile(r"^(1[5-9]|2\d):\d\d$"))
    assert seconds(await timer.inner_text()) > before

    await act(page, "Pause", Reason="A phone call")
    await expect(candidates.get_by_text("A phone call")).to_be_visible()
    await expect(row(page, NAME)).to_contain_text("Paused")
    await act(page, "Resume")
    await expect(timer).to_be_visible()
    await expect(row(page, NAME)).to_contain_text("In progress")

    await act(page, "Terminate", Reason="We have seen enough")
    await expect(candidates.get_by_text("We have seen enough")).to_be_visible()
    await detail.get_by_role("button", name="What people did").click()
    for reason in ("The fire drill", "A phone call", "We have seen enough", "You are doing fine"):
        await expect(detail.get_by_role("list").filter(has_text=reason)).to_be_visible()


async def test_an_answer_is_read_scored_signed_and_released(person: NewPerson, api: Api) -> None:
    of = await interview(api)
    candidates = await begin(await person(), await of.invite(NAME))
    page = await board(await person(), of)
    detail = await details(page)
    await candidates.get_by_role("radio", name="404").check()
    await candidates.get_by_role("button", name="Submit Answer").click()
    first = detail.get_by_role("article", name="Question 1")
    await expect(first).to_contain_text("Correct!")  # it came by itself
    await first.get_by_text("How it was graded").click()
    await expect(first).to_contain_text("mcq, version 1")
    await candidates.get_by_label("Your answer").fill("It makes writes slower")
    await expect(candidates.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()
    await candidates.get_by_label("Your answer").fill("It makes writes slower and takes space")
    await candidates.get_by_role("button", name="Submit Answer").click()
    await expect(candidates.get_by_role("heading", name="Interview complete")).to_be_visible()

    second = detail.get_by_role("article", name="Question 2")
    await expect(second).to_contain_text("Needs review")
    await expect(second).to_contain_text("Keywords: 2 of 2 found")
    drafts = second.get_by_text(re.compile(r"^\d+ drafts?$"))
    await drafts.click()
    slider = second.get_by_role("slider")
    await slider.press("Home")
    await expect(second.locator(".draft")).to_have_text("It makes writes slower")

    await second.get_by_role("button", name="Change score").click()
    dialog = page.get_by_role("dialog", name="Change score")
    await dialog.get_by_label(re.compile("Score")).fill("21")
    await dialog.get_by_label("Reason").fill("Better than asked for")
    await dialog.get_by_role("button", name="Change score").click()
    await expect(dialog).to_be_visible()  # 20 is all there is
    await dialog.get_by_label(re.compile("Score")).fill("18.5")
    await dialog.get_by_role("button", name="Change score").click()
    await expect(second).to_contain_text("18.5 of 20")
    await expect(second).to_contain_text("Score by Ron Recruiter: Better than asked for")
    await expect(row(page, NAME)).to_contain_text("Complete")
    await expect(row(page, NAME)).to_contain_text("28.5 / 30")

    await act(page, "Sign recommendation")
    await expect(detail).to_contain_text("signed by Ron Recruiter")
    await act(page, "Release result")
    await expect(detail.get_by_role("button", name="Release result")).to_have_count(0)

    await act(page, "Grade again")
    await detail.get_by_text("Grading 2", exact=False).first.click()
    await expect(detail).to_contain_text("2 of 2 answers graded")
    table = detail.get_by_role("table")
    await expect(table.get_by_role("row", name=re.compile("Question 1"))).to_contain_text("the same")
    await expect(table.get_by_role("row", name=re.compile("Question 2"))).to_contain_text("given by a person")
    await expect(detail).to_contain_text(re.compile(r"Rank\s*1"))
    await expect(detail).to_contain_text("100 % the same, 0 % of the points apart on average")
    await detail.get_by_role("button", name="Let this grading count").click()
    await (
        page.get_by_role("dialog", name="Let this grading count")
        .get_by_role("button", name="Let this grading count")
        .click()
    )
    await expect(second).to_contain_text("18.5 of 20")
    await expect(detail.get_by_text("Another grading counts")).to_be_visible()


async def test_the_statistics_show_what_has_happened(person: NewPerson, api: Api) -> None:
    of = await interview(api)
    candidates = await begin(await person(), await of.invite(NAME))
    page = await board(await person(), of, path="/recruiter?view=statistics")
    funnel = page.get_by_role("region", name="How far people came")
    await expect(funnel).to_contain_text(re.compile("Started\\s*1"))
    await expect(page.get_by_text("No result is settled yet")).to_be_visible()
    await candidates.get_by_role("radio", name="404").check()
    await candidates.get_by_role("button", name="Submit Answer").click()
    await expect(candidates.get_by_label("Your answer")).to_be_visible()
    session_id = (await of.sessions())[0]["id"]
    await of.act(session_id, "terminate", reason="Enough")
    await of.until(lambda sessions: sessions[0]["percentage"] is not None)
    await page.reload()
    line = page.get_by_role("row", name=re.compile("Question 1"))
    await expect(line).to_contain_text("100 %")
    scores = page.get_by_role("region", name="Scores")
    await expect(scores).to_contain_text("1 result")
    await expect(scores.locator("canvas")).to_have_count(1)
