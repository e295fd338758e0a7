"""The main job in real browsers: a candidate takes an interview, and a recruiter watches it happen."""

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import NewPerson
from tests.e2e.product import Api
from tests.e2e.sides import Sides

TRIES = 5  # to come to another node; the proxy knows connections, not people


async def sign_in(page: Page, name: str) -> None:
    """Sign in as a demo user, by their button."""
    await page.goto("/")
    await page.get_by_role("button", name=re.compile(name)).click()


def timer(page: Page) -> Locator:
    """The countdown."""
    return page.get_by_role("timer")


async def submit(page: Page) -> None:
    """Hand the answer in."""
    await page.get_by_role("button", name="Submit Answer").click()


async def answer_in_words(page: Page, text: str) -> None:
    """Type an answer, into a field or into the editor."""
    field = page.get_by_label("Your answer")
    await field.click()
    await page.keyboard.press("ControlOrMeta+a")
    await field.press_sequentially(text) if len(text) < 20 else await page.keyboard.insert_text(text)


async def come_back(page: Page, where: str) -> None:
    """Reload the page in the middle of an interview, and go on with question `where`."""
    await page.reload()
    dialog = page.get_by_role("dialog", name="Welcome Back!")
    await expect(dialog).to_contain_text(where)
    await dialog.get_by_role("button", name="Resume Interview").click()
    await expect(timer(page)).to_be_visible()


async def come_to_another_node(page: Page, where: str, sides: Sides) -> None:
    """Come back until the recruiter is on another node."""
    for _ in range(TRIES):
        if await sides.are_two():
            return
        await come_back(page, where)
    raise AssertionError(f"{TRIES} times the recruiter's node was given to the candidate")


async def test_a_whole_interview_with_a_refresh_in_the_middle_and_a_recruiter_watching(
    person: NewPerson, api: Api, sides: Sides
) -> None:
    recruiters = await (await person()).new_page()
    await sign_in(recruiters, "Rita")
    await expect(recruiters).to_have_url(re.compile("/recruiter"))
    sessions = recruiters.get_by_role("table", name="Sessions")
    await expect(sessions).to_be_visible()
    reloaded = await recruiters.evaluate("() => { window.untouched = true; }")
    assert reloaded is None
    await sides.recruiter_came()

    candidates = await (await person()).new_page()
    await sign_in(candidates, "Ada")
    await expect(candidates).to_have_url(re.compile("/interview"))
    await candidates.get_by_role("button", name="Start Interview").click()
    await expect(timer(candidates)).to_have_text(re.compile(r"^\d+:\d\d$"), timeout=2_000)
    await expect(timer(candidates)).to_have_count(1)

    row = sessions.get_by_role("row", name=re.compile("Ada Lovelace"))
    await expect(row).to_contain_text("In progress")
    await come_to_another_node(candidates, "Question 1 of 6", sides)

    token = await api.token("ada@demo.test")
    given: list[str] = []
    for number in range(6):
        await expect(candidates.get_by_text(re.compile(f"Question {number + 1} of 6")).first).to_be_visible()
        question = (await api.active(token))["questions"][number]
        if question["type"] == "mcq":
            await expect(candidates.get_by_role("radio")).to_have_count(len(question["options"]))
            given.append(question["options"][1])
            await candidates.get_by_role("radio", name=question["options"][1], exact=True).check()
        else:
            given.append(f"An answer to question {number}: indexes cost space and make writes slower.")
            await answer_in_words(candidates, given[-1])
        if number == 2:  # a refresh in the middle of a question
            await expect(candidates.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()
            await come_back(candidates, "Question 3 of 6")
            await come_to_another_node(candidates, "Question 3 of 6", sides)
            await expect(candidates.get_by_label("Your answer")).to_have_value(given[-1])
        if number == 5:
            await sides.stayed_two()
        await submit(candidates)
    await expect(candidates.get_by_role("heading", name="Interview complete")).to_be_visible()

    stored = (await api.history(token))[0]
    assert [answer["answer"] for answer in stored["answers"]] == given
    assert {answer["how"] for answer in stored["answers"]} == {"submitted"}
    first = stored["answers"][0]["receipt"]
    await expect(candidates.get_by_text(first["sha256"][:8]).first).to_be_visible()

    # without an AI the short answers and the code wait for a person
    await expect(row).to_contain_text("Needs review")
    await row.click()
    detail = recruiters.get_by_role("region", name=re.compile("Ada Lovelace"))
    await expect(detail).to_contain_text("Correct")
    await expect(detail).to_contain_text(given[2])
    assert await recruiters.evaluate("() => window.untouched") is True
