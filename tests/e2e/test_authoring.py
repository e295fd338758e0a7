"""A recruiter writes an interview, finds earlier questions again, invites people by a table; and a candidate takes it."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.boards import MCQ, RON, ask, interview
from tests.e2e.conftest import NewPerson
from tests.e2e.looks import look
from tests.e2e.product import Api

# What is written is the same however many nodes there are.
pytestmark = pytest.mark.parametrize("product", ["one-node"], indirect=True)


async def ron(person: NewPerson, path: str) -> Page:
    """Ron, before one of his pages."""
    page = await (await person()).new_page()
    await page.goto("/")
    await page.get_by_role("button", name="Ron").click()
    await expect(page.get_by_role("table", name="Sessions")).to_be_visible()
    await page.goto(path)
    return page


def outline(page: Page) -> Locator:
    """The questions in their order."""
    return page.get_by_role("list", name="Questions").get_by_role("listitem")


async def save(page: Page, version: int) -> None:
    """Save, and see that it was."""
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text(f"Saved as version {version}.")).to_be_visible()


async def test_an_interview_is_written_and_taken(person: NewPerson, api: Api, tmp_path: Path) -> None:
    title = f"Written {uuid4().hex[:6]}"
    page = await ron(person, "/recruiter?view=interviews")
    await page.get_by_role("link", name="New interview").click()
    await expect(page.get_by_text("things to put right")).to_be_visible()
    await expect(page.locator(".field[data-faulty]").first).to_contain_text("must not be empty")
    await look(page, "authoring-empty")
    await page.get_by_label("Title").fill(title)
    await page.get_by_label("Question text").fill("Which status says that nothing was found?")
    for number, text in enumerate(("200", "404"), start=1):
        await page.get_by_label(f"Option {number}", exact=True).fill(text)
    await page.get_by_label("Option 2 is right").check()
    await page.get_by_role("button", name="+ Code").click()
    await page.get_by_label("Question text").fill("Write double(n).")
    await page.get_by_label("Sample solution").fill("def double(n):\n    return 2 * n")
    await page.get_by_label("Evaluation criteria").fill("It doubles\nIt is short")
    await page.get_by_role("button", name="+ Short answer").click()
    await page.get_by_label("Question text").fill("What does an index cost?")
    await page.get_by_label("Expected keywords").fill("writes\nspace")
    await page.get_by_label("Time limit (seconds)").fill("1")
    await expect(page.get_by_text("must be at least 5")).to_be_visible()
    await page.get_by_label("Time limit (seconds)").fill("120")
    await expect(page.get_by_text("Ready to be saved")).to_be_visible()
    await expect(page.get_by_text("must be at least 5")).to_have_count(0)

    up = page.get_by_role("button", name="Move up: 3")
    await up.focus()
    await page.keyboard.press("Enter")
    await expect(outline(page)).to_contain_text(["nothing was found", "index cost", "double(n)"])
    await outline(page).nth(0).scroll_into_view_if_needed()  # or the page moves under what is being dragged
    await outline(page).nth(2).drag_to(outline(page).nth(0))
    await expect(outline(page)).to_contain_text(["double(n)", "nothing was found", "index cost"])
    await outline(page).nth(0).drag_to(outline(page).nth(2))
    await expect(outline(page)).to_contain_text(["nothing was found", "index cost", "double(n)"])

    await outline(page).nth(0).get_by_role("button").first.click()
    await page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    await expect(preview.get_by_role("radio")).to_have_count(2)
    await look(page, "authoring-preview")
    await page.get_by_role("button", name="Write", exact=True).click()

    await page.reload()  # nothing is lost
    await expect(page.get_by_label("Title")).to_have_value(title)
    await save(page, 1)
    await expect(page).to_have_url(re.compile(r"id=[0-9a-f-]{36}"))
    await look(page, "authoring")

    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Export YAML").click()
    file = tmp_path / "interview.yaml"
    await (await downloading.value).save_as(file)
    assert "correct_answer: " in file.read_text("utf-8")
    await page.goto("/recruiter?view=interviews")
    await page.get_by_label("Load from a file").set_input_files(file)
    await expect(page.get_by_role("heading", name=title)).to_have_count(2)
    file.write_text(file.read_text("utf-8").replace("time_limit: 120", "time_limit: never"), "utf-8")
    await page.get_by_label("Load from a file").set_input_files(file)
    await expect(page.get_by_text(re.compile(r"line \d+: .*must be a whole number"))).to_be_visible()

    card = page.get_by_role("article", name=title).first
    await card.get_by_role("button", name="Invite many").click()
    dialog = page.get_by_role("dialog", name=f"Invite many to {title}")
    email = f"{uuid4().hex}@people.test"
    table = f"email,name\n{email},Mary Jackson\nnobody,No Address\n{RON},Ron"
    await dialog.get_by_label("People, as CSV").fill(table)
    await dialog.get_by_role("button", name="Invite them").click()
    await expect(dialog.get_by_role("status")).to_have_text("1 of 3 people was invited now.")
    await expect(dialog.get_by_role("listitem").nth(1)).to_contain_text("must be an email address")
    await expect(dialog.get_by_role("listitem").nth(2)).to_contain_text("recruiter's")
    await look(page, "invite-table")
    async with page.expect_download() as downloading:
        await dialog.get_by_role("button", name="Save the report with links").click()
    report = tmp_path / "report.csv"
    await (await downloading.value).save_as(report)
    link = re.search(r'"(http[^"]+)"', report.read_text("utf-8"))
    assert link is not None
    await dialog.get_by_role("button", name="Close").click()
    await card.get_by_role("button", name="Invitations").click()
    await card.get_by_role("button", name="Change").click()
    terms = page.get_by_role("dialog", name="Change the invitation of Mary Jackson")
    await terms.get_by_label("Attempts").fill("0")
    await terms.get_by_role("button", name="Change").click()
    await expect(terms.get_by_role("alert")).to_contain_text("max_attempts must be at least 1")
    await terms.get_by_label("Attempts").fill("2")
    await terms.get_by_label("Extra time").fill("50")
    await terms.get_by_role("button", name="Change").click()
    await expect(card.get_by_text("0 of 2 attempts used")).to_be_visible()
    candidate = await (await person()).new_page()
    await candidate.goto(link[1])
    await candidate.get_by_role("button", name="Start Interview").click()
    await expect(candidate.get_by_role("radio", name="404")).to_be_visible()
    await expect(candidate.get_by_text("Time limit 2:15")).to_be_visible()  # half as long again


async def test_an_earlier_version_comes_back_and_a_question_is_used_again(
    person: NewPerson, api: Api
) -> None:
    text = f"Reused {uuid4().hex[:6]}?"
    await interview(api, MCQ | {"question_text": text})
    of = await interview(api, MCQ)
    page = await ron(person, f"/recruiter?view=edit&id={of.id}")
    first = await page.get_by_label("Title").input_value()
    await page.get_by_label("Title").fill("Another title")
    await page.get_by_role("button", name="From the bank").click()
    bank = page.get_by_role("dialog", name="Your questions")
    await bank.get_by_label("Search in the text").fill(text[:12])
    await expect(bank.get_by_role("listitem")).to_have_count(1)
    await look(page, "bank")
    await bank.get_by_role("button", name="Add a copy").click()
    await bank.get_by_role("button", name="Close").click()
    await expect(outline(page)).to_have_count(2)
    await save(page, 2)
    stored = (await ask(api, "GET", f"/api/recruiter/interviews/{of.id}"))["interview"]
    assert [question["question_text"] for question in stored["questions"]] == [MCQ["question_text"], text]

    await page.get_by_role("button", name="Versions").click()
    versions = page.get_by_role("dialog", name="Versions")
    await versions.get_by_role("listitem").nth(1).get_by_role("button", name="Load into the editor").click()
    await expect(page.get_by_label("Title")).to_have_value(first)
    await save(page, 3)
    assert (await ask(api, "GET", f"/api/recruiter/interviews/{of.id}"))["version"] == 3


async def test_who_was_slower_loses_nothing(person: NewPerson, api: Api) -> None:
    of = await interview(api, MCQ)
    page = await ron(person, f"/recruiter?view=edit&id={of.id}")
    await page.get_by_label("Title").fill("Mine")
    theirs = {"title": "Theirs", "questions": [MCQ]}
    await ask(api, "PUT", f"/api/recruiter/interviews/{of.id}", {"version": 1, "interview": theirs})
    await page.get_by_role("button", name="Save", exact=True).click()
    stale = page.get_by_role("dialog", name="Changed in the meantime")
    await expect(stale).to_contain_text("version 2")
    await look(page, "stale")
    await stale.get_by_role("button", name="Save mine over it").click()
    await expect(page.get_by_text("Saved as version 3.")).to_be_visible()
    stored = await ask(api, "GET", f"/api/recruiter/interviews/{of.id}")
    assert (stored["version"], stored["interview"]["title"]) == (3, "Mine")
